// Statements that are missing: a return, an update of a loop's variable, an addition to a collection, a copy of one that stands elsewhere,
// and guards: leave early, skip, or do it only if.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, guardDraft, isSound, type Operator, type Routine, simpleStatements, type Site } from "../draft.ts";
import type { Name, Unit } from "../unit.ts";
import { atomsAt } from "./conditions.ts";
import { after, before } from "./statements.ts";

/** At functions: what may be missing at their beginning or end. */
export const completeFunction: Operator = function* (site) {
  const { shape, unit, routine } = site;
  if (shape.is !== "function" || !unit.dialect.isBody(shape.body)) return;
  const statements = shape.body.children.filter((child) => unit.dialect.isStatement(child));
  const [first, last] = [statements[0], statements.at(-1)];
  if (!first || !last) return;
  const returns = routine.nodes.filter((node) => unit.dialect.shape(node).is === "return");
  const names = unit.visibleAt(last.start).filter((name) => name.role !== "import" && name.role !== "class");
  if (unit.dialect.shape(last).is !== "return") {
    const base = returns.length === 0 ? 1 : 0.5;
    const offers = [...names.filter((name) => name.role === "local"), ...names.filter((name) => name.role === "parameter")].map(
      (name) => name.name,
    );
    for (const [rank, value] of [...offers.slice(0, 8), ...unit.dialect.emptyValues("unknown")].entries())
      yield draft("insertion", last, base * 0.9 ** rank, after(site, last, unit.dialect.statement(`return ${value}`)));
  }
  const values = returnedValues(site, returns);
  const start = first.type === "expression_statement" && first.children[0]?.type === "string" ? (statements[1] ?? first) : first;
  for (const name of names.filter((one) => one.role === "parameter").slice(0, 5)) {
    for (const [condition, weight] of emptiness(site, name)) {
      for (const [rank, value] of [...values, name.name].entries()) {
        yield guardDraft(
          start,
          0.5 * weight * 0.88 ** rank,
          before(site, start, unit.dialect.guard(condition, `return ${value}`, unit.indent)),
          condition,
          "when true",
        );
      }
    }
  }
};

function emptiness(site: Site, { name, kind }: Name): readonly (readonly [string, number])[] {
  const { dialect } = site.unit;
  const equal = dialect.family === "python" ? "==" : "===";
  if (kind === "number")
    return [
      [`${name} ${equal} 0`, 1],
      [`${name} <= 0`, 0.7],
      [`${name} ${equal} 1`, 0.5],
      [`${name} <= 1`, 0.5],
      [`${name} < 0`, 0.4],
    ];
  if (kind === "list" || kind === "string")
    return [
      [dialect.isEmpty(name, kind), 1],
      [`${dialect.lengthOf(name)} <= 1`, 0.4],
      [dialect.isNothing(name), 0.3],
    ];
  return [
    [dialect.isEmpty(name, "unknown"), 1],
    [dialect.isNothing(name), 0.8],
    [dialect.isEmpty(name, "list"), 0.4],
  ];
}

/** What the routine returns elsewhere, then empty values of every kind. */
function returnedValues(site: Site, returns: readonly Syntax[]): readonly string[] {
  const { dialect } = site.unit;
  const said = new Set<string>();
  let kind = "unknown" as ReturnType<Site["kind"]>;
  for (const node of returns) {
    const shape = dialect.shape(node);
    if (shape.is !== "return" || !shape.value) continue;
    if (/^(?:[\w.'"-]+|\[\]|\{\})$/.test(shape.value.text) && !/^[a-z_]\w*$/.test(shape.value.text)) said.add(shape.value.text);
    if (kind === "unknown") kind = site.kind(shape.value);
    if (shape.value.text.length <= 12 && dialect.truth.yes !== shape.value.text) said.add(shape.value.text);
  }
  return [...new Set([...said, ...dialect.emptyValues(kind), ...dialect.emptyValues("unknown"), ...dialect.nothing.slice(0, 1)])].slice(
    0,
    9,
  );
}

/** At loops: an update that is missing, a way out or on. */
export const completeLoop: Operator = function* (site) {
  const { shape, unit } = site;
  if ((shape.is !== "while" && shape.is !== "each") || !unit.dialect.isBody(shape.body)) return;
  const statements = shape.body.children.filter((child) => unit.dialect.isStatement(child));
  const [first, last] = [statements[0], statements.at(-1)];
  if (!first || !last) return;
  if (shape.is === "while") {
    for (const name of unit
      .visibleAt(last.start)
      .filter((one) => new RegExp(`(?<![\\w$])${escape(one.name)}(?![\\w$])`).test(shape.condition.text))
      .slice(0, 4)) {
      for (const text of [`${name.name} += 1`, `${name.name} -= 1`])
        yield draft("insertion", last, 0.6, after(site, last, unit.dialect.statement(text)));
    }
  }
  const here = { ...site, node: first, names: () => unit.visibleAt(first.start) };
  for (const [rank, atom] of atomsAt(here).slice(0, 20).entries()) {
    for (const [word, weight] of [
      ["continue", 0.35],
      ["break", 0.25],
    ] as const)
      yield guardDraft(
        first,
        weight * atom.weight * 0.95 ** rank,
        before(site, first, unit.dialect.guard(atom.text, word, unit.indent)),
        atom.text,
        "when true",
      );
  }
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** At simple statements: something missing right before or after, or a condition around. */
export const completeStatement: Operator = function* (site) {
  const { node, routine, unit } = site;
  if (!routine.simple.includes(node) || /^(?:import|export)/.test(node.type)) return;
  const isEnd = /^(?:return|break|continue|throw|raise)/.test(node.type);
  yield* additions(site, isEnd);
  yield* copies(site, isEnd);
  const siblings = node.parent?.children.filter((child) => unit.dialect.isStatement(child)) ?? [];
  if (!isEnd && siblings.at(-1) === node && isInLoop(site))
    for (const word of ["break", "continue"])
      yield draft("insertion", node, word === "break" ? 0.4 : 0.25, after(site, node, unit.dialect.statement(word)));
  if (/declaration|declarator|return/.test(node.type)) return;
  for (const [rank, atom] of atomsAt(site).slice(0, 24).entries()) {
    const text = unit.dialect.guard(atom.text, node.text.replace(/;$/, ""), unit.indent);
    if (!node.text.includes("\n"))
      yield guardDraft(
        node,
        0.35 * atom.weight * 0.95 ** rank,
        { ...before(site, node, text), end: node.end, text: before(site, node, text).text.trimEnd() },
        atom.text,
        "when false",
      );
  }
};

function isInLoop({ node, unit }: Site): boolean {
  for (let at = node.parent; at; at = at.parent) {
    const { is } = unit.dialect.shape(at);
    if (is === "while" || is === "each") return true;
    if (is === "function") return false;
  }
  return false;
}

/** A collection that should have been told: `seen.add(x)`, `result.append(x)`. */
function* additions(site: Site, isEnd: boolean): Generator<Draft> {
  const { node, unit } = site;
  const names = site.names().filter((name) => name.role === "local" || name.role === "parameter");
  const collections = names.filter((name) => name.kind === "set" || name.kind === "list" || name.kind === "record").slice(0, 5);
  const values = names.filter((name) => name.kind !== "function").slice(0, 6);
  for (const collection of collections) {
    for (const [rank, value] of values.filter((one) => one !== collection).entries()) {
      const weight = 0.35 * 0.8 ** rank * (collection.kind === "set" ? 1.5 : 1);
      for (const text of unit.dialect.adds(collection.name, collection.kind, value.name)) {
        yield draft("insertion", node, weight, before(site, node, unit.dialect.statement(text)));
        if (!isEnd) yield draft("insertion", node, weight, after(site, node, unit.dialect.statement(text)));
      }
    }
  }
}

/** A statement of the same routine or file, once more, here; and a variable set back to what it began with. */
function* copies(site: Site, isEnd: boolean): Generator<Draft> {
  const { node, routine, unit } = site;
  const visible = new Set(site.names().map((name) => name.name));
  for (const { text, line, isOwn, last } of copyable(unit, routine)) {
    if (text === node.text || !isSound(text, visible, unit)) continue;
    const near = (isOwn ? 1 : 0.6) / (1 + Math.abs(line - node.line) / 8);
    yield draft("insertion", node, 0.25 * near, before(site, node, text));
    if (!isEnd && !last) yield draft("insertion", node, 0.25 * near, after(site, node, text));
  }
  for (const { text, name } of resets(routine)) {
    const mentions = new RegExp(`(?<![\\w$])${escape(name)}(?![\\w$])`).test(node.text);
    if (!visible.has(name) || !isInLoop(site) || !mentions) continue;
    yield draft("insertion", node, 0.5, before(site, node, text));
    if (!isEnd) yield draft("insertion", node, 0.7, after(site, node, text));
  }
}

interface Copyable {
  readonly text: string;
  readonly line: number;
  readonly isOwn: boolean;
  /** Nothing after it would run. */
  readonly last: boolean;
}

/** Short statements of the routine, then of the rest of the file, each text once. */
function copyable(unit: Unit, routine: Routine): readonly Copyable[] {
  const all = [
    ...routine.simple.map((node) => ({ node, isOwn: true })),
    ...simpleStatements(unit)
      .filter((node) => !routine.simple.includes(node))
      .map((node) => ({ node, isOwn: false })),
  ];
  const found = new Map<string, Copyable>();
  for (const { node, isOwn } of all) {
    if (
      !/^(?:expression|return|break|continue)/.test(node.type) ||
      node.text.includes("\n") ||
      node.text.length > 70 ||
      found.has(node.text) ||
      /^["']/.test(node.text)
    )
      continue;
    if (!isOwn && !node.type.startsWith("expression")) continue;
    found.set(node.text, { text: node.text, line: node.line, isOwn, last: /^(?:return|break|continue)/.test(node.type) });
  }
  return [...found.values()].slice(0, 40);
}

/** `x = start` for variables that begin with a plain value. */
function resets(routine: Routine): readonly { readonly text: string; readonly name: string }[] {
  const { dialect } = routine.unit;
  return routine.nodes.flatMap((node) => {
    const shape = dialect.shape(node);
    if (shape.is !== "assign" || !/^[\w$]+$/.test(shape.target.text) || (dialect.family === "javascript" && !shape.declares)) return [];
    const isPlain = /^(?:-?[\d.]+|""|''|\[\]|\{\}|None|null|undefined|true|false|True|False|set\(\)|new (?:Set|Map)\(\))$/.test(
      shape.value.text,
    );
    const isVariable = dialect.family === "python" || node.parent?.children[0]?.type === "let" || node.parent?.children[0]?.type === "var";
    return isPlain && isVariable
      ? [{ name: shape.target.text, text: dialect.statement(`${shape.target.text} = ${shape.value.text}`) }]
      : [];
  });
}
