// Off by one: in an index, a slice, a range, a comparison's bound, a count that is assigned, passed on or returned.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, isRead, operand, replace, type Operator, type Site } from "../draft.ts";

export const shiftByOne: Operator = function* (site) {
  yield* sliceEnds(site);
  if (!isRead(site)) return;
  const { node, unit } = site;
  const weight = exposure(site);
  if (weight === 0) return;
  const [infix] = unit.dialect.infixes(node);
  if (infix && /^[-+]$/.test(infix.operator.text) && infix.right.text === "1") {
    yield draft("off by one", node, weight, replace(site, node, infix.left.text));
    yield draft("off by one", node, weight * 0.3, replace(site, node, `${infix.left.text} ${infix.operator.text} 2`));
    return;
  }
  const kind = site.kind(node);
  if (kind !== "number" && kind !== "unknown") return;
  if (site.shape.is === "number" || (site.shape.is === "sign" && unit.dialect.shape(site.shape.operand).is === "number")) return;
  const doubt = kind === "number" ? 1 : 0.4;
  for (const by of ["- 1", "+ 1"]) yield draft("off by one", node, weight * doubt, replace(site, node, `${operand(site, node)} ${by}`));
};

/** How much a value at this place is prone to being one off. */
function exposure(site: Site): number {
  const { node, unit } = site;
  const parent = node.parent;
  if (!parent) return 0;
  if (parent.type === "slice") return 1;
  const shape = unit.dialect.shape(parent);
  if (shape.is === "index" && shape.index === node) return 1;
  if (shape.is === "return" || shape.is === "yield") return 0.5;
  if (shape.is === "assign" && shape.value === node) return 0.5;
  if (shape.is === "update" && shape.value === node) return 0.4;
  if (shape.is === "choice" && shape.condition !== node) return 0.4;
  if (unit.dialect.infixes(parent).length > 0) {
    const { family, operator } = unit.dialect.infixes(parent).find((one) => one.left === node || one.right === node) ?? {
      family: "logical",
      operator: node,
    };
    if (family === "comparison") return /^[<>]/.test(operator.text) ? 0.8 : 0.6;
    return family === "arithmetic" && unit.dialect.infixes(node).length === 0 ? 0.3 : 0;
  }
  const call = unit.dialect.shape(parent.parent ?? parent);
  if (call.is !== "call" || call.list !== parent) return 0;
  return /(?:range|slice|substring|substr|charAt|charCodeAt|splice|at|islice|fill|randint|repeat|Array)$/.test(call.callee.text) ? 1 : 0.5;
}

/** Slices with an end too many or too few: `xs[a:]`, `xs[:b]`. */
function* sliceEnds(site: Site): Generator<Draft> {
  const { shape, node } = site;
  if (shape.is === "slice") {
    const { from, to, slice } = shape;
    const write = (text: string, weight: number): Draft => draft("off by one", node, weight, { start: slice.start, end: slice.end, text });
    if (from && to) {
      yield write(`${from.text}:`, 0.5);
      yield write(`:${to.text}`, 0.5);
    } else if (from) {
      yield write(`:${from.text}`, 0.6);
      yield write(`${from.text}:-1`, 0.3);
    } else if (to) {
      yield write(`${to.text}:`, 0.6);
      yield write(`1:${to.text}`, 0.3);
    }
    yield draft("off by one", node, 0.3, replace(site, node, shape.object.text));
  }
  if (shape.is === "call" && /^(?:range|xrange)$/.test(shape.callee.text)) yield* rangeEnds(site, shape.args, shape.list);
  if (shape.is === "index") yield* otherEnd(site, shape.object, shape.index);
}

function* rangeEnds(site: Site, args: readonly Syntax[], list: Syntax): Generator<Draft> {
  const write = (text: string, weight: number): Draft =>
    draft("off by one", site.node, weight, { start: list.start + 1, end: list.end - 1, text });
  const [first, second] = args;
  if (first && !second) {
    yield write(`1, ${first.text}`, 0.8);
    yield write(`1, ${first.text} + 1`, 0.8);
  }
  if (first && second && args.length === 2) {
    yield write(second.text, 0.4);
    yield write(`${first.text} + 1, ${second.text} + 1`, 0.5);
    yield write(`${second.text}, ${first.text}, -1`, 0.15);
  }
}

function* otherEnd(site: Site, object: Syntax, index: Syntax): Generator<Draft> {
  const write = (text: string, weight: number): Draft =>
    draft("off by one", site.node, weight, { start: index.start, end: index.end, text });
  const isPython = site.unit.dialect.family === "python";
  const last = isPython ? "-1" : `${object.text}.length - 1`;
  if (index.text === "0") yield write(last, 0.6);
  else if (index.text === last) yield write("0", 0.6);
  else {
    yield write("0", 0.15);
    yield write(last, 0.15);
  }
}
