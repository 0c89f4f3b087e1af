// Statements that are superfluous, missing, doubled, or in the wrong place.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, type Edit, type Operator, type Site } from "../draft.ts";
import { indentAt } from "../unit.ts";

export const changeStatement: Operator = function* (site) {
  const { node, unit } = site;
  if (!unit.dialect.isStatement(node) || !node.parent || !unit.dialect.isBody(node.parent)) return;
  const siblings = node.parent.children.filter((child) => unit.dialect.isStatement(child));
  const next = siblings[siblings.indexOf(node) + 1];
  const isSimple = site.routine.simple.includes(node);
  if (!/^(?:import|export|function|class|decorated)/.test(node.type)) {
    yield draft("deletion", node, isSimple ? 0.6 : 0.3, remove(site, node, siblings.length));
    if (next && !/^(?:import|function|class)/.test(next.type))
      yield draft(
        "order",
        node,
        isSimple ? 0.6 : 0.35,
        { start: node.start, end: node.end, text: next.text },
        { start: next.start, end: next.end, text: node.text },
      );
  }
  if (isSimple) {
    yield* move(site, siblings);
    yield* returnIt(site);
  }
};

/** Removes a whole statement with its line; the last of a Python block leaves a `pass`. */
function remove(site: Site, node: Syntax, siblings: number): Edit {
  const { text, dialect } = site.unit;
  if (siblings === 1 && dialect.family === "python") return { start: node.start, end: node.end, text: "pass" };
  const lineStart = text.lastIndexOf("\n", node.start - 1) + 1;
  const ownLine = text.slice(lineStart, node.start).trim() === "" && /^[ \t;]*(?:\r?\n|$)/.test(text.slice(node.end));
  if (!ownLine) return { start: node.start, end: node.end, text: "" };
  const rest = /^[ \t;]*\r?\n?/.exec(text.slice(node.end))?.[0].length ?? 0;
  return { start: lineStart, end: node.end + rest, text: "" };
}

export function before(site: Site, node: Syntax, statement: string): Edit {
  return { start: node.start, end: node.start, text: `${inLines(site, node, statement)}\n${indentAt(site.unit, node.start)}` };
}

export function after(site: Site, node: Syntax, statement: string): Edit {
  return { start: node.end, end: node.end, text: `\n${indentAt(site.unit, node.start)}${inLines(site, node, statement)}` };
}

const inLines = (site: Site, node: Syntax, statement: string): string => statement.replaceAll("\n", `\n${indentAt(site.unit, node.start)}`);

/** Out of the block it stands in, or into the block beside it. */
function* move(site: Site, siblings: readonly Syntax[]): Generator<Draft> {
  const { node } = site;
  const outer = enclosing(site, node);
  if (outer && siblings.length > 1) {
    if (siblings.at(-1) === node) yield draft("order", node, 0.5, ...outAfter(site, outer, siblings.length));
    if (siblings[0] === node) yield draft("order", node, 0.3, before(site, outer, node.text), remove(site, node, siblings.length));
  }
  const place = siblings.indexOf(node);
  const previous = siblings[place - 1];
  const inside = previous ? lastInside(site, previous) : undefined;
  if (inside) yield draft("order", node, 0.5, after(site, inside, node.text), remove(site, node, siblings.length));
  const next = siblings[place + 1];
  const first = next ? firstInside(site, next) : undefined;
  if (first) yield draft("order", node, 0.3, remove(site, node, siblings.length), before(site, first, node.text));
}

/** The node behind the statement it ends. Where both end together, as in Python, it only changes its indentation. */
function outAfter(site: Site, outer: Syntax, siblings: number): readonly Edit[] {
  const { node, unit } = site;
  if (outer.end > node.end) return [remove(site, node, siblings), after(site, outer, node.text)];
  const lineStart = unit.text.lastIndexOf("\n", node.start - 1) + 1;
  return [{ start: lineStart, end: node.end, text: `${indentAt(unit, outer.start)}${node.text}` }];
}

/** The compound statement whose block holds the node; never a function. */
function enclosing(site: Site, node: Syntax): Syntax | undefined {
  const { dialect } = site.unit;
  for (let at = node.parent?.parent; at; at = at.parent) {
    if (dialect.shape(at).is === "function" || at.type === "class_definition" || at.type === "class_body") return undefined;
    if (dialect.isStatement(at) && at.parent && dialect.isBody(at.parent)) return at;
  }
  return undefined;
}

const bodyOf = (site: Site, node: Syntax): Syntax | undefined => {
  const shape = site.unit.dialect.shape(node);
  if (shape.is !== "while" && shape.is !== "each" && shape.is !== "if") return undefined;
  const body = shape.is === "if" ? shape.then : shape.body;
  return site.unit.dialect.isBody(body) ? body : undefined;
};

const lastInside = (site: Site, node: Syntax): Syntax | undefined =>
  bodyOf(site, node)
    ?.children.filter((child) => site.unit.dialect.isStatement(child))
    .at(-1);
const firstInside = (site: Site, node: Syntax): Syntax | undefined =>
  bodyOf(site, node)?.children.find((child) => site.unit.dialect.isStatement(child));

/** Left where it should have gone on, or the other way round. */
export const changeLeaving: Operator = function* ({ node, shape }) {
  if (shape.is !== "leave") return;
  yield draft("operator", node, 0.8, {
    start: node.start,
    end: node.start + shape.word.length,
    text: shape.word === "break" ? "continue" : "break",
  });
};

/** A result that is thrown away: return it, or keep it. */
function* returnIt(site: Site): Generator<Draft> {
  const { node, unit } = site;
  const { dialect } = unit;
  if (node.type === "return_statement") {
    const shape = dialect.shape(node);
    if (shape.is === "return" && shape.value) {
      yield draft("unwrapping", node, 0.15, { start: node.start, end: shape.value.start, text: "" });
      yield draft("expression", node, 0.15, { start: node.start, end: node.start + 6, text: "yield" });
    }
    return;
  }
  const [inner] = node.children;
  if (node.type !== "expression_statement" || !inner) return;
  const shape = dialect.shape(inner);
  if (shape.is === "yield" && shape.value)
    yield draft("expression", node, 0.4, { start: inner.start, end: shape.value.start, text: "return " });
  if (shape.is !== "call" && shape.is !== "wait" && dialect.infixes(inner).length === 0) return;
  yield draft("insertion", node, 0.8, { start: node.start, end: node.start, text: "return " });
  const callee = shape.is === "call" ? dialect.shape(shape.callee) : undefined;
  const owner = callee?.is === "member" ? callee.object : undefined;
  if (owner && /^[\w$.]+$/.test(owner.text))
    yield draft("insertion", node, 0.7, { start: node.start, end: node.start, text: `${owner.text} = ` });
  for (const name of site
    .names()
    .filter((one) => one.role === "local")
    .slice(0, 6)) {
    if (name.name !== owner?.text) yield draft("insertion", node, 0.2, { start: node.start, end: node.start, text: `${name.name} = ` });
  }
}
