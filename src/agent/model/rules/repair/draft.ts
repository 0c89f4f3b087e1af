// What an operator proposes and what it is given to look at. A Draft is one small change of one file, with how likely it is beside the
// other drafts of the same kind at the same site.

import { descendants, type Syntax } from "../syntax.ts";
import type { TextEdit } from "../text.ts";
import { kindOf } from "./kind.ts";
import type { Kind, Shape } from "./shape.ts";
import { type Name, routineAround, type Unit } from "./unit.ts";

/** Offsets are into the text that was parsed. */
export type Edit = TextEdit;

/** What was done, in the words a person would use for it. */
export type Change =
  | "operator"
  | "operand"
  | "grouping"
  | "number"
  | "literal"
  | "off by one"
  | "argument order"
  | "argument"
  | "method"
  | "variable"
  | "attribute"
  | "negation"
  | "condition"
  | "deletion"
  | "order"
  | "insertion"
  | "guard"
  | "default"
  | "wrapping"
  | "unwrapping"
  | "expression"
  | "from the error";

export interface Draft {
  readonly change: Change;
  readonly edits: readonly Edit[];
  readonly at: Syntax;
  /** Relative to the other drafts of this kind here; 1 = as likely as such a change gets. */
  readonly weight: number;
  /** For a guard: the condition put in before `at`. Says when the code then does something else than before. */
  readonly when?: { readonly condition: string; readonly changes: "when true" | "when false" };
}

/** Proposes changes at one node. Pure; called for every node of the code under suspicion. */
export type Operator = (site: Site) => Iterable<Draft>;

/** One node and all that is known around it. */
export interface Site {
  readonly unit: Unit;
  readonly node: Syntax;
  readonly shape: Shape;
  readonly routine: Routine;
  /** Names readable here, nearest first, without the node's own. */
  names(): readonly Name[];
  kind(node: Syntax): Kind;
}

/** The code that an operator takes its ingredients from: an outermost function, or a file's top level. */
export interface Routine {
  readonly unit: Unit;
  readonly root: Syntax;
  readonly nodes: readonly Syntax[];
  /** Value expressions, each text once, with its kind. */
  readonly expressions: readonly { readonly text: string; readonly kind: Kind; readonly node: Syntax }[];
  /** Boolean expressions, each text once. */
  readonly conditions: readonly string[];
  /** Statements that hold no others, as they stand in a body. */
  readonly simple: readonly Syntax[];
}

/** Functions the file calls with one argument, its own and others. */
export function unaryCalls(unit: Unit): readonly string[] {
  const own = unit.functions.flatMap(({ name, arity }) => (name !== undefined && arity.least <= 1 && arity.most >= 1 ? [name] : []));
  const seen = [...descendants(unit.tree.root)].flatMap((node) => {
    const shape = unit.dialect.shape(node);
    return shape.is === "call" &&
      shape.args.length === 1 &&
      !shape.creates &&
      /^[\w$]+(?:\.[\w$]+)?$/.test(shape.callee.text) &&
      !/^(?:require|import|super|print|console\.\w+)$/.test(shape.callee.text)
      ? [shape.callee.text]
      : [];
  });
  const isMethod = (name: string): boolean =>
    unit.functions.some((one) => one.name === name && /method|class/.test(`${one.node.type} ${one.node.parent?.parent?.type}`));
  return [
    ...new Set([
      ...own.filter((name) => !isMethod(name)),
      ...seen.filter((name) => !name.includes(".") || /^[A-Z]|^(?:math|os|json|re|np)\./.test(name)),
    ]),
  ];
}

export function createRoutine(unit: Unit, root: Syntax): Routine {
  const { dialect } = unit;
  const isFile = root === unit.tree.root;
  const nodes = [...descendants(root)].filter((node) => !isFile || routineAround(unit, node) === undefined);
  const known = kindsAt(unit);
  const expressions = new Map<string, { text: string; kind: Kind; node: Syntax }>();
  const conditions = new Set<string>();
  for (const node of nodes) {
    if (!dialect.isExpression(node) || dialect.isBinding(node) || node.text.length > 60 || node.text.includes("\n")) continue;
    const kind = kindOf(node, dialect, (name) => known(name, node.start));
    if (!expressions.has(node.text)) expressions.set(node.text, { text: node.text, kind, node });
    if (kind === "boolean" && dialect.shape(node).is !== "boolean") conditions.add(node.text);
    const shape = dialect.shape(node.parent ?? node);
    if ((shape.is === "if" || shape.is === "while" || shape.is === "choice") && shape.condition === node) conditions.add(node.text);
  }
  const simple = simpleStatements(unit).filter((node) => nodes.includes(node));
  return { unit, root, nodes, expressions: [...expressions.values()], conditions: [...conditions], simple };
}

const holdsBody = (node: Syntax, unit: Unit): boolean => [...descendants(node)].some((inner) => unit.dialect.isBody(inner));

export function createSite(routine: Routine, node: Syntax): Site {
  const { unit } = routine;
  const known = kindsAt(unit);
  let names: readonly Name[] | undefined;
  return {
    unit,
    node,
    routine,
    shape: unit.dialect.shape(node),
    names: () => {
      names ??= unit.visibleAt(node.start);
      return names;
    },
    kind: (of) => kindOf(of, unit.dialect, (name) => known(name, of.start)),
  };
}

const kindsAt =
  (unit: Unit) =>
  (name: string, offset: number): Kind | undefined =>
    unit.visibleAt(offset).find((one) => one.name === name)?.kind;

/** Replaces a node by an expression, in brackets where its surroundings would tear it apart. */
export function replace(site: Site, node: Syntax, text: string): Edit {
  return { start: node.start, end: node.end, text: needsBrackets(site, node, text) ? `(${text})` : text };
}

/** A node's text as an operand of something else. */
export const operand = (site: Site, node: Syntax): string => (isCompound(site, node) ? `(${node.text})` : node.text);

const isCompound = (site: Site, node: Syntax): boolean =>
  site.unit.dialect.infixes(node).length > 0 ||
  ["choice", "not", "function", "assign", "update", "sign", "wait", "yield"].includes(site.unit.dialect.shape(node).is);

function needsBrackets(site: Site, node: Syntax, text: string): boolean {
  if (isAtomic(text) || !node.parent) return false;
  const { dialect } = site.unit;
  const around = dialect.infixes(node.parent)[0];
  if (around)
    return (
      (around.family !== "comparison" && around.family !== "logical") ||
      /(?:^|\s)(?:and|or|not|if|in|is|lambda)\s|&&|\|\||\?|[<>=|&^]/.test(flatten(text).replaceAll("<>", ""))
    );
  const shape = dialect.shape(node.parent);
  if (shape.is === "member" || shape.is === "index" || shape.is === "slice") return shape.object === node;
  if (shape.is === "call") return shape.callee === node;
  return shape.is === "not" || shape.is === "sign" || shape.is === "wait";
}

/** One word, literal, call or access: nothing an operator beside it could break up. */
export function isAtomic(text: string): boolean {
  if (/^[\w$.]+$/.test(text)) return true;
  const flat = flatten(text);
  return /^(?:[\w$.]|\?\.)*(?:<>[\w$.]*)*$/.test(flat) && flat !== "";
}

/** The text with every bracketed or quoted part as "<>". */
function flatten(text: string): string {
  let depth = 0;
  let out = "";
  let quote = "";
  for (const char of text) {
    if (quote) {
      if (char === quote) quote = "";
      continue;
    }
    if (char === '"' || char === "'" || char === "`") {
      quote = char;
      if (depth === 0) out += "<>";
    } else if ("([{".includes(char)) {
      if (depth === 0) out += "<>";
      depth++;
    } else if (")]}".includes(char)) depth--;
    else if (depth === 0) out += char;
  }
  return out;
}

export const draft = (change: Change, at: Syntax, weight: number, ...edits: readonly Edit[]): Draft => ({ change, at, weight, edits });

/** A guard: `condition` is asked right before `at`. */
export const guardDraft = (at: Syntax, weight: number, edit: Edit, condition: string, changes: "when true" | "when false"): Draft => ({
  change: "guard",
  at,
  weight,
  edits: [edit],
  when: { condition, changes },
});

/** Whether the value of this very node is used: an expression that is not itself a target, name, statement or module's name. */
export function isRead(site: Site): boolean {
  const { dialect } = site.unit;
  if (!dialect.isExpression(site.node) || dialect.isBinding(site.node) || site.node.text === dialect.self) return false;
  if (site.node.type !== "string") return true;
  const call = dialect.shape(site.node.parent?.parent ?? site.node);
  return site.node.parent?.type !== "expression_statement" && !(call.is === "call" && /^(?:require|import)$/.test(call.callee.text));
}

/** The condition this node is, if a statement or choice decides by it. */
export function decides(site: Site): boolean {
  const shape = site.unit.dialect.shape(site.node.parent ?? site.node);
  if (shape.is === "if" || shape.is === "while" || shape.is === "choice") return shape.condition === site.node;
  const outer = site.unit.dialect.shape(site.node.parent?.parent ?? site.node);
  return (outer.is === "if" || outer.is === "while") && outer.condition === site.node;
}

/** Every free name of the text can be read by code that sees these names. */
export function isSound(text: string, visible: ReadonlySet<string>, { dialect }: Unit): boolean {
  const bare = text.replace(/(["'`]).*?\1/g, "");
  return [...bare.matchAll(/(?<![\w$.])[A-Za-z_$][\w$]*/g)].every(
    ([word]) => visible.has(word) || dialect.isBuiltin(word) || word === dialect.self || keywords.has(word),
  );
}

const keywords = new Set(
  "and or not in is None True False null undefined true false typeof instanceof new await if else for lambda return break continue pass raise throw yield from del".split(
    " ",
  ),
);

/** Statements of the file that hold no others and do something: not docstrings and directives. */
export const simpleStatements = (unit: Unit): readonly Syntax[] =>
  [...descendants(unit.tree.root)].filter(
    (node) =>
      unit.dialect.isStatement(node) &&
      node.parent &&
      unit.dialect.isBody(node.parent) &&
      !(node.type === "expression_statement" && node.children[0]?.type === "string") &&
      !node.children.some((child) => holdsBody(child, unit)),
  );
