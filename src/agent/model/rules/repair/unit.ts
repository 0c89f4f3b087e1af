// One file under repair: its tree, its functions, and which names are visible where. Block scopes are honoured where the language has
// them; hoisting and shadowing are approximated, since a wrong guess only costs a trial.

import { ancestors, descendants, type Syntax, type Tree } from "../syntax.ts";
import { javascript } from "./javascript.ts";
import { guessKinds, kindByName } from "./kind.ts";
import { python } from "./python.ts";
import type { Dialect, Kind } from "./shape.ts";

export interface Unit {
  readonly path: string;
  readonly text: string;
  readonly tree: Tree;
  readonly dialect: Dialect;
  readonly functions: readonly Callable[];
  readonly names: readonly Name[];
  /** Names that can be read at that offset, nearest scope first; each once. */
  visibleAt(offset: number): readonly Name[];
  /** One level of indentation, as the file writes it. */
  readonly indent: string;
  /** `object.property` pairs the file mentions. */
  readonly members: readonly { readonly object: string; readonly property: string; readonly called: boolean }[];
}

export interface Callable {
  readonly node: Syntax;
  readonly name: string | undefined;
  readonly body: Syntax;
  readonly arity: { readonly least: number; readonly most: number };
}

export interface Name {
  readonly name: string;
  readonly role: "parameter" | "local" | "function" | "import" | "class";
  /** Where it is first bound. */
  readonly at: number;
  /** The part of the file that sees it. */
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
}

export function createUnit(path: string, tree: Tree): Unit {
  const dialect = tree.language === "python" ? python : javascript;
  const functions = [...descendants(tree.root)].flatMap((node): Callable[] => {
    const shape = dialect.shape(node);
    if (shape.is !== "function") return [];
    const given = shape.parameters.filter((parameter) => parameter.name !== dialect.self || dialect.family !== "python");
    return [
      { node, name: shape.name, body: shape.body, arity: { least: given.filter((one) => !one.optional).length, most: given.length } },
    ];
  });
  const names = collectNames(tree, dialect);
  return {
    path,
    text: tree.text,
    tree,
    dialect,
    functions,
    names,
    visibleAt: visibility(names),
    indent: indentOf(tree.text),
    members: collectMembers(tree, dialect),
  };
}

function visibility(names: readonly Name[]): Unit["visibleAt"] {
  const answers = new Map<number, readonly Name[]>();
  const byReach = [...names].sort((a, b) => a.to - a.from - (b.to - b.from) || a.at - b.at);
  return (offset) => {
    let answer = answers.get(offset);
    if (!answer) {
      const seen = new Set<string>();
      answer = byReach.filter((name) => name.from <= offset && offset <= name.to && !seen.has(name.name) && seen.add(name.name));
      answers.set(offset, answer);
    }
    return answer;
  };
}

/** The outermost function around the node: what a person would call "the function". */
export const routineAround = (unit: Unit, node: Syntax): Syntax | undefined => outermost(node, unit.dialect);

/** White space before the first character of the node's line. */
export function indentAt(unit: Unit, offset: number): string {
  const start = unit.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(unit.text.slice(start, offset))?.[0] ?? "";
}

function indentOf(text: string): string {
  const indents = [...text.matchAll(/^([ \t]+)\S/gm)].map((match) => match[1] ?? "");
  if (indents.some((indent) => indent.startsWith("\t"))) return "\t";
  const widths = indents.map((indent) => indent.length).filter((width) => width > 1);
  return " ".repeat(widths.length === 0 ? 4 : Math.min(...widths, 8));
}

function collectNames(tree: Tree, dialect: Dialect): Name[] {
  const guesses = new Map<Syntax, ReadonlyMap<string, Kind>>();
  const kindIn = (scope: Syntax, name: string): Kind => {
    const routine = outermost(scope, dialect) ?? tree.root;
    const kinds = guesses.get(routine) ?? guessKinds(routine, dialect);
    guesses.set(routine, kinds);
    return kinds.get(name) ?? kindByName(name);
  };
  const found: Name[] = [];
  const add = (name: string, role: Name["role"], node: Syntax, scope: Syntax): void => {
    const kind = role === "function" || role === "class" ? "function" : kindIn(scope, name);
    found.push({ name, role, at: node.start, from: scope.start, to: scope.end, kind });
  };
  for (const node of descendants(tree.root)) {
    const shape = dialect.shape(node);
    if (shape.is === "function") {
      for (const parameter of shape.parameters) add(parameter.name, "parameter", node, node);
      const named = node.children.find((child) => child.field === "name");
      if (named && /definition|declaration/.test(node.type) && node.type !== "method_definition")
        add(named.text, "function", node, scopeOf(node, dialect, "function"));
    } else if (shape.is === "assign") {
      if (shape.declares || dialect.family === "python") bind(shape.target, node, shape.declares ? "block" : "function");
    } else if (shape.is === "each") {
      bind(shape.target, node, dialect.family === "python" ? "function" : "self");
    } else if (node.type === "for_in_clause") {
      const target = node.children.find((child) => child.field === "left");
      if (target && node.parent) for (const name of dialect.boundNames(target)) add(name, "local", node, node.parent);
    } else if (/^(?:class_declaration|class_definition)$/.test(node.type)) {
      const named = node.children.find((child) => child.field === "name");
      if (named) add(named.text, "class", node, scopeOf(node, dialect, "function"));
    } else if (/^import_(?:statement|from_statement)$/.test(node.type)) {
      for (const name of importedNames(node)) add(name, "import", node, tree.root);
    } else if (node.type === "catch_clause" || node.type === "as_pattern_target") {
      const target = node.type === "catch_clause" ? node.children.find((child) => child.field === "parameter") : node;
      if (target) for (const name of dialect.boundNames(target)) add(name, "local", node, scopeOf(node, dialect, "function"));
    }
  }
  function bind(target: Syntax, node: Syntax, reach: "block" | "function" | "self"): void {
    const scope = reach === "self" ? node : scopeOf(node, dialect, reach);
    for (const name of dialect.boundNames(target)) add(name, "local", node, scope);
  }
  return found;
}

/** The outermost function that holds or is the node. */
function outermost(node: Syntax, dialect: Dialect): Syntax | undefined {
  let found: Syntax | undefined = dialect.shape(node).is === "function" ? node : undefined;
  for (const outer of ancestors(node)) if (dialect.shape(outer).is === "function") found = outer;
  return found;
}

/** The nearest body (for block scopes) or function around a binding; the file where there is none. */
function scopeOf(node: Syntax, dialect: Dialect, reach: "block" | "function"): Syntax {
  let last = node;
  for (const outer of ancestors(node)) {
    last = outer;
    const is = dialect.shape(outer).is;
    if (is === "function") return outer;
    if (reach === "block" && (dialect.isBody(outer) || is === "while" || is === "each")) return outer;
  }
  return last;
}

function importedNames(node: Syntax): string[] {
  const skipped = node.children.find((child) => child.field === "module_name" || child.field === "source");
  return [...descendants(node)]
    .filter((part) => part.type === "identifier" && !(skipped && part.start >= skipped.start && part.end <= skipped.end))
    .filter((part) => !(part.parent?.type === "dotted_name" && part.parent.children[0] !== part))
    .map((part) => part.text);
}

function collectMembers(tree: Tree, dialect: Dialect): Unit["members"] {
  return [...descendants(tree.root)].flatMap((node) => {
    const shape = dialect.shape(node);
    if (shape.is !== "member") return [];
    const called = node.parent !== undefined && node.field === "function";
    return [{ object: shape.object.text, property: shape.property.text, called }];
  });
}
