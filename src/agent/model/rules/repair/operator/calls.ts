// Wrong calls: arguments in the wrong order, one too many or too few, the wrong method of a family, a call that is missing or too much.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, isRead, operand, replace, type Operator, type Site } from "../draft.ts";
import { fit } from "../kind.ts";
import type { Shape } from "../shape.ts";

type Call = Extract<Shape, { is: "call" }>;

export const changeCall: Operator = function* (site) {
  const { shape } = site;
  if (shape.is === "call") {
    yield* swapArguments(site, shape);
    yield* dropArgument(site, shape);
    yield* addArgument(site, shape);
    yield* otherFunction(site, shape);
    if (shape.args.length === 0 && isRead(site)) yield draft("unwrapping", site.node, 0.3, replace(site, site.node, shape.callee.text));
  }
  yield* otherMethod(site);
};

function* swapArguments(site: Site, { args }: Call): Generator<Draft> {
  for (const [i, a] of args.entries()) {
    for (const b of args.slice(i + 1, i + 4)) {
      if (a.text === b.text) continue;
      const near = args.indexOf(b) === i + 1 ? 1 : 0.4;
      const alike = fit(site.kind(a), site.kind(b));
      yield draft(
        "argument order",
        site.node,
        near * (0.3 + 0.7 * alike),
        { start: a.start, end: a.end, text: b.text },
        { start: b.start, end: b.end, text: a.text },
      );
    }
  }
  const [a, b, c] = args;
  if (!a || !b || !c || args.length !== 3) return;
  for (const [x, y, z] of [
    [b, c, a],
    [c, a, b],
  ] as const) {
    yield draft("argument order", site.node, 0.25, { start: a.start, end: c.end, text: `${x.text}, ${y.text}, ${z.text}` });
  }
}

/** The arity the callee has where it is a function of this very file. */
const knownArity = (site: Site, callee: Syntax): { least: number; most: number } | undefined =>
  site.unit.functions.find((one) => one.name === callee.text.split(".").at(-1))?.arity;

function* dropArgument(site: Site, { args, callee }: Call): Generator<Draft> {
  const arity = knownArity(site, callee);
  for (const [i, argument] of args.entries()) {
    const next = args[i + 1];
    const before = args[i - 1];
    const edit = next
      ? { start: argument.start, end: next.start, text: "" }
      : { start: before?.end ?? argument.start, end: argument.end, text: "" };
    yield draft("argument", site.node, arity && args.length > arity.most ? 1 : arity && args.length - 1 < arity.least ? 0.03 : 0.3, edit);
  }
}

function* addArgument(site: Site, { args, callee, list }: Call): Generator<Draft> {
  const arity = knownArity(site, callee);
  const lacking = arity !== undefined && args.length < arity.least;
  if (arity && args.length >= arity.most) return;
  const base = lacking ? 1 : arity ? 0.5 : 0.15;
  const { dialect } = site.unit;
  const offers = [
    ...site
      .names()
      .filter((name) => name.role !== "import" && name.role !== "class")
      .slice(0, 12)
      .map((name) => name.name),
    "0",
    "1",
    dialect.truth.yes,
    dialect.truth.no,
  ];
  const places = args.length === 0 ? [list.start + 1] : [...args.map((argument) => argument.start), args.at(-1)?.end ?? list.end - 1];
  for (const [rank, offer] of offers.entries()) {
    for (const [i, at] of places.entries()) {
      const isLast = i === places.length - 1;
      const text = args.length === 0 ? offer : isLast ? `, ${offer}` : `${offer}, `;
      yield draft("argument", site.node, base * (isLast ? 1 : 0.5) * 0.93 ** rank, { start: at, end: at, text });
    }
  }
  if (/(?:^|\.)sort$/.test(callee.text) && args.length === 0 && dialect.family === "javascript") {
    for (const text of ["(a, b) => a - b", "(a, b) => b - a"])
      yield draft("argument", site.node, 1, { start: list.start + 1, end: list.end - 1, text });
  }
  if (/(?:^|\.)(?:sort|sorted)$/.test(callee.text) && dialect.family === "python") {
    yield draft("argument", site.node, 0.8, {
      start: list.end - 1,
      end: list.end - 1,
      text: args.length === 0 ? "reverse=True" : ", reverse=True",
    });
  }
  if (/(?:^|\.)parseInt$/.test(callee.text) && args.length === 1)
    yield draft("argument", site.node, 0.6, { start: list.end - 1, end: list.end - 1, text: ", 10" });
}

/** Another function of the file, or one in scope, that takes as many arguments. */
function* otherFunction(site: Site, { callee, args }: Call): Generator<Draft> {
  const calleeShape = site.unit.dialect.shape(callee);
  const own = calleeShape.is === "member" ? calleeShape.property : callee;
  for (const { name, arity, node } of site.unit.functions) {
    if (name === undefined || name === own.text || node === callee) continue;
    const isMethod = node.type === "method_definition" || node.parent?.parent?.type === "class_definition";
    if ((calleeShape.is === "member") !== isMethod) continue;
    const takes = args.length >= arity.least && args.length <= arity.most;
    yield draft("method", site.node, takes ? 0.5 : 0.1, { start: own.start, end: own.end, text: name });
  }
}

function* otherMethod(site: Site): Generator<Draft> {
  const { shape, node, unit } = site;
  const called = shape.is === "call" ? shape.callee : undefined;
  const calledShape = called ? unit.dialect.shape(called) : undefined;
  const own =
    calledShape?.is === "member"
      ? calledShape.property
      : calledShape?.is === "name"
        ? called
        : shape.is === "member" && node.field !== "function"
          ? shape.property
          : undefined;
  if (!own) return;
  const said = new Set([own.text]);
  for (const family of unit.dialect.families) {
    if (!family.includes(own.text)) continue;
    for (const other of family) {
      if (said.has(other)) continue;
      said.add(other);
      yield draft("method", node, 0.8, { start: own.start, end: own.end, text: other });
    }
  }
  if (calledShape?.is !== "member") return;
  // A method some other call of this file uses on the same object.
  for (const { object, property, called: isCalled } of unit.members) {
    if (!isCalled || object !== calledShape.object.text || said.has(property)) continue;
    said.add(property);
    yield draft("method", node, 0.4, { start: own.start, end: own.end, text: property });
  }
}

/** A value that should have been called, awaited, or the other way round. */
export const callOrNot: Operator = function* (site) {
  const { shape, node, unit } = site;
  if (shape.is === "wait") yield draft("unwrapping", node, 0.3, replace(site, node, shape.operand.text));
  if (!isRead(site)) return;
  const parent = unit.dialect.shape(node.parent ?? node);
  const isCallee = parent.is === "call" && parent.callee === node;
  if (shape.is === "member" && !isCallee) {
    const elsewhere = unit.members.some((one) => one.called && one.property === shape.property.text);
    yield draft("wrapping", node, elsewhere ? 0.8 : 0.15, replace(site, node, `${node.text}()`));
  }
  if (shape.is === "call" && parent.is !== "wait" && isInAsync(site))
    yield draft("wrapping", node, 0.7, replace(site, node, `await ${operand(site, node)}`));
};

function isInAsync(site: Site): boolean {
  for (let at = site.node.parent; at; at = at.parent)
    if (site.unit.dialect.shape(at).is === "function") return at.children.some((child) => child.type === "async");
  return false;
}
