// Values that should have been wrapped or unwrapped, terms that are missing or too many, and defaults for values that may be missing.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, isAtomic, isRead, operand, replace, type Operator, type Site, unaryCalls } from "../draft.ts";

export const wrapValue: Operator = function* (site) {
  if (
    !isRead(site) ||
    site.node.text.length > 60 ||
    site.node.field === "function" ||
    site.shape.is === "function" ||
    site.shape.is === "group"
  )
    return;
  const { node, unit, shape } = site;
  const { dialect } = unit;
  if (isWrittenTo(site)) return;
  const kind = site.kind(node);
  const inner = operand(site, node);
  const slot = isSlot(site) ? 1 : 0.35;
  const isLiteral =
    shape.is === "number" || shape.is === "string" || shape.is === "boolean" || shape.is === "nothing" || shape.is === "list";
  const likely = (isLiteral ? 0.15 : 1) * slot;
  for (const [rank, text] of dialect.wraps(inner, kind).entries())
    yield draft(
      "wrapping",
      node,
      likely * (text === `${dialect.not(inner)}` || text === `-${inner}` ? 0.2 : 0.7) * 0.95 ** rank,
      replace(site, node, text),
    );
  const around = dialect.shape(node.parent?.parent ?? node);
  for (const name of unaryCalls(unit)) {
    if (around.is === "call" && around.callee.text === name) continue;
    yield draft("wrapping", node, likely * 0.6, replace(site, node, `${name}(${node.text})`));
  }
  yield* moreTerms(site, kind, inner, slot);
  yield* defaults(site, kind, inner, slot);
};

/** Where a value is used as a whole: an argument, a right-hand side, a result, a source, an item. */
function isSlot({ node, unit }: Site): boolean {
  const parent = node.parent;
  if (!parent) return false;
  const shape = unit.dialect.shape(parent);
  return (
    ["return", "yield", "assign", "update", "each", "list", "spread", "index"].includes(shape.is) ||
    /argument|for_in_clause|pair$|expression_list/.test(parent.type)
  );
}

const isWrittenTo = ({ node, unit }: Site): boolean => {
  const shape = unit.dialect.shape(node.parent ?? node);
  return (
    ((shape.is === "assign" || shape.is === "update") && shape.target === node) ||
    (node.parent?.type === "expression_statement" && unit.dialect.shape(node).is !== "yield")
  );
};

function* moreTerms(site: Site, kind: ReturnType<Site["kind"]>, inner: string, slot: number): Generator<Draft> {
  const { node, unit } = site;
  if (slot < 1 || !["number", "list", "string", "unknown"].includes(kind)) return;
  const names = site
    .names()
    .filter((name) => (name.role === "local" || name.role === "parameter") && name.name !== node.text)
    .slice(0, 7);
  const isPython = unit.dialect.family === "python";
  for (const [rank, { name, kind: other }] of names.entries()) {
    const write = (text: string, weight: number): Draft => draft("wrapping", node, weight * 0.9 ** rank, replace(site, node, text));
    if (kind === "number" && other === "number") {
      for (const word of ["+", "-", "*"]) yield write(`${inner} ${word} ${name}`, word === "*" ? 0.2 : 0.4);
      for (const word of isPython ? ["min", "max"] : ["Math.min", "Math.max"]) yield write(`${word}(${node.text}, ${name})`, 0.3);
      if (isPython) yield write(`${inner} % ${name}`, 0.15);
    } else if (kind === "list") {
      if (isPython) {
        yield write(`${inner} + ${other === "list" ? name : `[${name}]`}`, 0.35);
        yield write(`${other === "list" ? name : `[${name}]`} + ${inner}`, 0.25);
      } else {
        yield write(`[...${inner}, ${other === "list" ? `...${name}` : name}]`, 0.3);
        yield write(`[${other === "list" ? `...${name}` : name}, ...${inner}]`, 0.2);
        if (other === "list") yield write(`${inner}.concat(${name})`, 0.25);
      }
    } else if (kind === "string" && other === "string") yield write(`${inner} + ${name}`, 0.3);
    else if (kind === "unknown") for (const word of ["+", "-"]) yield write(`${inner} ${word} ${name}`, other === "number" ? 0.15 : 0.08);
  }
}

function* defaults(site: Site, kind: ReturnType<Site["kind"]>, inner: string, slot: number): Generator<Draft> {
  const { node, shape, unit } = site;
  const isPython = unit.dialect.family === "python";
  const missing = ["name", "member", "index", "call"].includes(shape.is) ? 1 : 0;
  if (missing === 0) return;
  const empties = unit.dialect.emptyValues(kind).slice(0, 4);
  for (const value of empties)
    yield draft("default", node, 0.18 * slot, replace(site, node, isPython ? `(${inner} or ${value})` : `(${inner} ?? ${value})`));
  if (!isPython) yield draft("default", node, 0.1 * slot, replace(site, node, `(${inner} || ${empties[0] ?? "0"})`));
  // A container that should have been made on the way: the place is written, not only read.
  if (!isPython && (shape.is === "index" || shape.is === "member") && isOwner(site))
    for (const value of ["[]", "{}", "0"]) yield draft("default", node, 0.5, replace(site, node, `(${inner} ??= ${value})`));
  if (isPython && shape.is === "index" && isOwner(site))
    for (const value of ["[]", "{}", "set()"])
      yield draft("default", node, 0.5, replace(site, node, `${shape.object.text}.setdefault(${shape.index.text}, ${value})`));
  if (shape.is === "member" && !isPython && !shape.property.text.startsWith("#"))
    yield draft("default", node, 0.35, { start: shape.object.end, end: shape.property.start, text: "?." });
  if (shape.is === "index" && isPython) {
    yield draft("default", node, 0.35, replace(site, node, `${shape.object.text}.get(${shape.index.text})`));
    for (const value of ["0", "[]", "''"])
      yield draft("default", node, 0.25, replace(site, node, `${shape.object.text}.get(${shape.index.text}, ${value})`));
  }
  if (shape.is === "call" && isPython && shape.callee.text.endsWith(".get") && shape.args.length === 1) {
    for (const value of ["0", "[]", "''", "{}"])
      yield draft("default", node, 0.6, { start: shape.list.end - 1, end: shape.list.end - 1, text: `, ${value}` });
  }
}

/** The value is asked for something of its own: `here.push(x)`, `here[i]`. */
function isOwner({ node, unit }: Site): boolean {
  const shape = unit.dialect.shape(node.parent ?? node);
  return (shape.is === "member" || shape.is === "index") && shape.object === node;
}

export const unwrapValue: Operator = function* (site) {
  const { node, shape } = site;
  const to = (part: Syntax, weight: number): Draft => draft("unwrapping", node, weight, replace(site, node, part.text));
  if (!isRead(site)) return;
  switch (shape.is) {
    case "call": {
      const [only] = shape.args;
      if (only && shape.args.length <= 2) yield to(only, 0.6);
      const callee = site.unit.dialect.shape(shape.callee);
      if (callee.is === "member") yield to(callee.object, 0.5);
      return;
    }
    case "choice":
      yield to(shape.yes, 0.3);
      yield to(shape.no, 0.3);
      yield draft(
        "negation",
        node,
        0.5,
        { start: shape.yes.start, end: shape.yes.end, text: shape.no.text },
        { start: shape.no.start, end: shape.no.end, text: shape.yes.text },
      );
      return;
    case "index":
      yield to(shape.object, 0.35);
      yield to(shape.index, 0.15);
      if (isAtomic(shape.index.text)) yield draft("operand", node, 0.2, replace(site, node, `${shape.index.text}[${shape.object.text}]`));
      return;
    case "list": {
      const [only] = shape.items;
      if (only && shape.items.length === 1) yield to(only, 0.5);
      for (const item of shape.items.length > 1 && shape.items.length < 6
        ? shape.items.slice(1).map((second, i) => [shape.items[i], second] as const)
        : []) {
        const [a, b] = item;
        if (a && a.text !== b.text)
          yield draft(
            "argument order",
            node,
            0.5,
            { start: a.start, end: a.end, text: b.text },
            { start: b.start, end: b.end, text: a.text },
          );
      }
      return;
    }
    default:
      return;
  }
};

/** `yield x` for `yield from x`, and both for plain calls. */
export const changeYield: Operator = function* ({ shape, node, unit }) {
  if (shape.is !== "yield" || !shape.value) return;
  const [many, one] = unit.dialect.family === "python" ? ["yield from ", "yield "] : ["yield* ", "yield "];
  yield draft("expression", node, 0.7, { start: node.start, end: shape.value.start, text: shape.many ? one : many });
};

/** Patterns that match once instead of everywhere, or care for case. */
export const changePattern: Operator = function* ({ node }) {
  if (node.type !== "regex") return;
  const flags = node.children.find((child) => child.type === "regex_flags");
  const at = flags?.start ?? node.end;
  for (const flag of ["g", "i", "m"]) {
    const has = flags?.text.includes(flag) ?? false;
    yield draft(
      "literal",
      node,
      flag === "g" ? 0.7 : 0.4,
      has && flags ? { start: flags.start, end: flags.end, text: flags.text.replace(flag, "") } : { start: at, end: at, text: flag },
    );
  }
  const body = node.children.find((child) => child.type === "regex_pattern");
  if (!body) return;
  for (const { index, 0: mark } of body.text.matchAll(/(?<!\\)[+*?]/g)) {
    for (const other of ["+", "*", ""])
      if (other !== mark) yield draft("literal", node, 0.25, { start: body.start + index, end: body.start + index + 1, text: other });
  }
  if (!body.text.startsWith("^")) yield draft("literal", node, 0.35, { start: body.start, end: body.start, text: "^" });
  else yield draft("literal", node, 0.2, { start: body.start, end: body.start + 1, text: "" });
  if (!body.text.endsWith("$")) yield draft("literal", node, 0.35, { start: body.end, end: body.end, text: "$" });
};
