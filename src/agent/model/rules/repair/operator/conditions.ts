// Wrong conditions: negated, too weak, too strong, constant, decided once instead of again and again.

import { type Draft, decides, draft, isRead, isSound, operand, replace, type Operator, type Site } from "../draft.ts";
import type { Name } from "../unit.ts";

export const changeCondition: Operator = function* (site) {
  if (!isRead(site) || site.shape.is === "group") return;
  const { node, unit } = site;
  const { dialect } = unit;
  if (decides(site)) {
    const write = (change: Draft["change"], text: string, weight: number): Draft =>
      draft(change, node, weight, { start: node.start, end: node.end, text });
    if (site.shape.is !== "not") yield write("negation", dialect.not(operand(site, node)), 0.7);
    yield write("condition", dialect.truth.yes, 0.3);
    yield write("condition", dialect.truth.no, 0.25);
    for (const [rank, atom] of atomsAt(site).entries()) {
      if (atom.text === node.text) continue;
      const weight = 0.5 * atom.weight * 0.97 ** rank;
      const [own, other] = [joinable(site), atom.text];
      yield write("condition", `${own} ${dialect.and} ${other}`, weight);
      yield write("condition", `${own} ${dialect.or} ${other}`, weight);
      yield write("condition", `${other} ${dialect.and} ${own}`, weight * 0.5);
      yield write("condition", `${other} ${dialect.or} ${own}`, weight * 0.3);
      yield write("condition", other, weight * 0.5);
      if (/^[\w.]+(?:\([^()]*\))?$/.test(other)) yield write("condition", `${own} ${dialect.and} ${dialect.not(other)}`, weight * 0.6);
    }
    return;
  }
  // A part of a condition, or a boolean that is returned, assigned or passed on.
  if (site.kind(node) !== "boolean" || site.shape.is === "not" || site.shape.is === "boolean") return;
  yield draft("negation", node, 0.45, replace(site, node, dialect.not(`(${node.text})`)));
  const returned = dialect.shape(node.parent ?? node).is === "return";
  if (!returned) return;
  for (const [rank, atom] of atomsAt(site).slice(0, 24).entries()) {
    if (atom.text === node.text) continue;
    for (const word of [dialect.and, dialect.or])
      yield draft("condition", node, 0.4 * atom.weight * 0.97 ** rank, {
        start: node.start,
        end: node.end,
        text: `${joinable(site)} ${word} ${atom.text}`,
      });
  }
};

/** The node as an operand of "and" and "or". */
function joinable(site: Site): string {
  const [infix] = site.unit.dialect.infixes(site.node);
  return infix?.family === "logical" || site.shape.is === "choice" ? `(${site.node.text})` : site.node.text;
}

export interface Atom {
  readonly text: string;
  readonly weight: number;
}

/** Small conditions that make sense here: those the routine already asks, then simple ones about the names in sight. */
export function atomsAt(site: Site): readonly Atom[] {
  const { routine, unit } = site;
  const atoms = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    if (!atoms.has(text)) atoms.set(text, weight);
  };
  const names = site
    .names()
    .filter((name) => name.role === "parameter" || name.role === "local")
    .slice(0, 8);
  const visible = new Set(site.names().map((name) => name.name));
  for (const text of routine.conditions) if (text.length <= 48 && isSound(text, visible, unit)) add(text, 0.9);
  for (const name of names) for (const [text, weight] of aboutOne(site, name)) add(text, weight);
  for (const a of names) for (const b of names) if (a !== b) for (const [text, weight] of aboutTwo(site, a, b)) add(text, weight);
  return [...atoms]
    .map(([text, weight]) => ({ text, weight }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 48);
}

function aboutOne(site: Site, { name, kind }: Name): readonly (readonly [string, number])[] {
  const { dialect } = site.unit;
  const equal = dialect.family === "python" ? "==" : "===";
  if (kind === "number")
    return [
      [`${name} > 0`, 0.4],
      [`${name} ${equal} 0`, 0.4],
      [`${name} < 0`, 0.25],
      [`${name} > 1`, 0.2],
    ];
  if (kind === "boolean")
    return [
      [name, 0.7],
      [dialect.not(name), 0.5],
    ];
  const more = kind === "list" || kind === "string" ? [[`${dialect.lengthOf(name)} > 1`, 0.2] as const] : [];
  return [[name, 0.6], [dialect.not(name), 0.4], [dialect.isNothing(name), 0.3], ...more];
}

function aboutTwo(site: Site, a: Name, b: Name): readonly (readonly [string, number])[] {
  const { dialect } = site.unit;
  const isPython = dialect.family === "python";
  const equal = isPython ? "==" : "===";
  if (b.kind === "set" || b.kind === "record" || b.kind === "list") {
    const has = isPython
      ? `${a.name} in ${b.name}`
      : b.kind === "set"
        ? `${b.name}.has(${a.name})`
        : b.kind === "list"
          ? `${b.name}.includes(${a.name})`
          : `${a.name} in ${b.name}`;
    const member = a.kind === "list" || a.kind === "record" || a.kind === "set" ? 0.1 : 0.45;
    const bound = a.kind === "number" && b.kind === "list" ? [[`${a.name} < ${dialect.lengthOf(b.name)}`, 0.4] as const] : [];
    return [[has, member], [isPython ? `${a.name} not in ${b.name}` : `!(${has})`, member], ...bound];
  }
  if (a.kind === "number" && b.kind === "number")
    return [[`${a.name} < ${b.name}`, 0.35], ...(a.name < b.name ? [[`${a.name} ${equal} ${b.name}`, 0.3] as const] : [])];
  if (a.kind === b.kind && a.name < b.name && (a.kind === "unknown" || a.kind === "string"))
    return [[`${a.name} ${equal} ${b.name}`, 0.25]];
  return [];
}

/** `if` where it should be `while`, `elif` where it should be `if`, and the other way round. */
export const changeBranch: Operator = function* ({ node, shape, unit }) {
  if (shape.is !== "if" && shape.is !== "while") return;
  const keyword = node.children[0];
  if (!keyword || !/^(?:if|while|elif)$/.test(keyword.type)) return;
  const write = (text: string, weight: number): Draft => draft("condition", node, weight, { start: keyword.start, end: keyword.end, text });
  if (shape.is === "if" && shape.otherwise === undefined && keyword.type === "if") yield write("while", 0.35);
  if (shape.is === "while" && keyword.type === "while") yield write("if", 0.2);
  if (keyword.type === "elif") yield write("if", 0.4);
  if (keyword.type !== "if" || !node.parent) return;
  const before = node.parent.children[node.parent.children.indexOf(node) - 1];
  const previous = before ? unit.dialect.shape(before) : undefined;
  if (previous?.is === "if" && previous.otherwise === undefined) yield write(unit.dialect.family === "python" ? "elif" : "else if", 0.4);
  if (node.parent.type === "else_clause") yield draft("condition", node, 0.3, { start: node.parent.start, end: keyword.start, text: "" });
};
