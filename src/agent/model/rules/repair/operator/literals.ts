// Wrong literals: numbers, strings, booleans, nothing, empty collections.

import { descendants } from "../../syntax.ts";
import { type Draft, draft, isRead, type Operator, type Site } from "../draft.ts";
import type { Unit } from "../unit.ts";

export const replaceLiteral: Operator = function* (site): Generator<Draft, void, undefined> {
  if (!isRead(site) && !isKeyValue(site)) return;
  const { shape, node, unit } = site;
  const to = (change: Draft["change"], text: string, weight: number): Draft =>
    draft(change, node, weight, { start: node.start, end: node.end, text });
  switch (shape.is) {
    case "number":
      yield* numbers(site, shape.value, (text, weight) => to("number", text, weight));
      return;
    case "boolean":
      yield to("literal", shape.value ? unit.dialect.truth.no : unit.dialect.truth.yes, 1);
      return;
    case "nothing":
      for (const value of [...unit.dialect.emptyValues("unknown").slice(0, 5), ...unit.dialect.nothing])
        if (value !== node.text) yield to("literal", value, 0.35);
      return;
    case "string":
      yield* strings(site, shape.inner, (text, weight) => to("literal", text, weight));
      return;
    case "list":
      if (shape.items.length === 0 && node.text === "[]") {
        for (const { name, role } of site.names()) if (role === "parameter") yield to("literal", `[${name}]`, 0.35);
        for (const value of ["[[]]", ...unit.dialect.nothing.slice(0, 1), "{}"]) yield to("literal", value, 0.35);
      } else yield to("literal", "[]", 0.25);
      return;
    case "record":
      if (node.text.length > 2) yield to("literal", "{}", 0.1);
      return;
    default:
      return;
  }
};

const isKeyValue = (site: Site): boolean => site.node.type === "string" && site.node.parent?.type === "pair" && site.node.field === "key";

function* numbers(site: Site, value: number, to: (text: string, weight: number) => Draft): Generator<Draft> {
  const isWhole = Number.isInteger(value);
  const near = isWhole ? [value + 1, value - 1] : [value * 10, value / 10, 1 - value];
  const said = new Set([value]);
  const say = function* (values: readonly number[], weight: number): Generator<Draft> {
    for (const one of values) {
      if (said.has(one) || !Number.isFinite(one)) continue;
      said.add(one);
      yield to(String(Number(one.toPrecision(12))), weight);
    }
  };
  yield* say(near, 1);
  yield* say([0, 1], 0.6);
  yield* say([-value, -1, 2], 0.3);
  yield* say([...numbersOf(site.unit)], 0.2);
  yield* say(value > 1 ? [value * 10, value / 10, value * 2, value / 2, value * 100, value / 100] : [10, 100, 0.5], 0.15);
  if (value === 0 || value === 1) for (const text of site.unit.dialect.infinity) yield to(text, isInitial(site) ? 0.45 : 0.1);
}

const isInitial = (site: Site): boolean => {
  const shape = site.unit.dialect.shape(site.node.parent ?? site.node);
  return shape.is === "assign" && shape.value === site.node;
};

function* strings(site: Site, inner: string, to: (text: string, weight: number) => Draft): Generator<Draft> {
  const { node, unit } = site;
  const quote = node.text.slice(0, node.text.indexOf(inner) || 1);
  const close = node.text.slice(quote.length + inner.length);
  if (quote.length > 2 || node.text.includes("\n")) return;
  const said = new Set([inner]);
  const say = function* (texts: Iterable<string>, weight: number): Generator<Draft> {
    for (const text of texts) {
      if (said.has(text) || text.includes(close) || text.length > 40) continue;
      said.add(text);
      yield to(`${quote}${text}${close}`, weight);
    }
  };
  if (inner.length <= 2) yield* say(["", " ", ",", ", ", "-", "_", ".", "/", "\\n", ":", "0"], 0.35);
  else {
    yield* say([`${inner} `, ` ${inner}`, inner.trim()], 0.2);
    yield* say([inner.toLowerCase(), inner.toUpperCase(), inner.charAt(0).toUpperCase() + inner.slice(1)], 0.2);
  }
  yield* say(wordsOf(unit, inner), 0.3);
  yield* say([""], 0.2);
}

const numbersOf = (unit: Unit): ReadonlySet<number> =>
  new Set(
    [...descendants(unit.tree.root)]
      .flatMap((node) => {
        const shape = unit.dialect.shape(node);
        return shape.is === "number" ? [shape.value] : [];
      })
      .slice(0, 12),
  );

/** Other strings of the file, those most like this one first. */
function wordsOf(unit: Unit, like: string): string[] {
  const words = new Set(
    [...descendants(unit.tree.root)].flatMap((node) => {
      const shape = unit.dialect.shape(node);
      return shape.is === "string" && shape.inner.length <= 30 && !shape.inner.includes("\n") ? [shape.inner] : [];
    }),
  );
  return [...words].sort((a, b) => Math.abs(a.length - like.length) - Math.abs(b.length - like.length)).slice(0, 10);
}
