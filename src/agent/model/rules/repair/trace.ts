// Looks into one run of the tests without any coverage tool: probes are written into a private copy of the code and of its tests. They tell
// which statements each test runs, and what watched alternatives would have been worth. Works the same for every runner that lets a
// process write to its standard error. What they print is read in spectrum.ts.

import { ancestors, childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
import type { Alternative } from "./alternatives.ts";
import type { Edit } from "./draft.ts";
import { javascriptPrelude, pythonPrelude } from "./trace-prelude.ts";
import type { Unit } from "./unit.ts";

/** What is put in at one place; what closes comes before what opens there, the innermost first. */
interface Mark extends Edit {
  readonly closes?: true;
}

/** Where the probes of one run stand. */
export interface Probes {
  /** Statement probes by number: path and the lines the statement takes. */
  readonly statements: readonly { readonly path: string; readonly from: number; readonly to: number }[];
  /** Test probes by number. */
  readonly tests: readonly TestPlace[];
  /** Watched places by number, each with its alternatives in order; none where the place could not be watched. */
  readonly watches: readonly (readonly Alternative[])[];
  /** The edits that put them into each file. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
}

export interface TestPlace {
  readonly path: string;
  /** Suites and title, or class and function, outermost first; what is not a plain string is left out. */
  readonly titles: readonly string[];
  readonly line: number;
}

/** Probes for the statements of `code`, its watched places, and the tests of `tests`. */
export function placeProbes(code: readonly Unit[], tests: readonly Unit[], alternatives: readonly Alternative[]): Probes {
  const statements: { path: string; from: number; to: number }[] = [];
  const places: TestPlace[] = [];
  const watches = groupByPlace(alternatives);
  const placed = new Set<number>();
  const edits = new Map<string, Mark[]>();
  for (const unit of code) {
    const own: Mark[] = [preludeOf(unit)];
    const watched = new Map<number, { readonly id: number; readonly group: readonly Alternative[] }[]>();
    for (const [id, group] of watches.entries())
      if (group[0]?.path === unit.path) watched.set(group[0].start, [...(watched.get(group[0].start) ?? []), { id, group }]);
    for (const node of descendants(unit.tree.root)) {
      if (isProbed(unit, node)) {
        own.push(...probe(unit, node, statements.length));
        statements.push({ path: unit.path, from: node.line, to: node.endLine });
      }
      for (const { id, group } of watched.get(node.start) ?? []) {
        const marks = placed.has(id) ? [] : watch(unit, node, id, group);
        if (marks.length > 0) placed.add(id);
        own.push(...marks);
      }
    }
    edits.set(unit.path, own);
  }
  for (const unit of tests) {
    const own: Mark[] = [preludeOf(unit)];
    for (const { titles, node, wrap } of testsOf(unit)) {
      own.push(...wrap(places.length));
      places.push({ path: unit.path, titles, line: node.line });
    }
    if (own.length > 1) edits.set(unit.path, own);
  }
  return {
    statements,
    tests: places,
    watches: watches.map((group, id) => (placed.has(id) ? group : [])),
    edits: new Map([...edits].map(([path, list]) => [path, inOrder(list)])),
  };
}

const inOrder = (marks: readonly Mark[]): Edit[] =>
  marks
    .map((mark, i) => ({ ...mark, rank: mark.closes ? -1 - i : marks.length + i }))
    .sort((a, b) => a.start - b.start || a.rank - b.rank)
    .map(({ start, end, text }) => ({ start, end, text }));

function groupByPlace(alternatives: readonly Alternative[]): readonly (readonly Alternative[])[] {
  const groups = new Map<string, Alternative[]>();
  for (const one of alternatives) {
    const key = `${one.path} ${one.start} ${one.end} ${one.mode}`;
    const group = groups.get(key) ?? [];
    if (!group.some((other) => other.text === one.text)) group.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The watched expression moved into a function, or a guard's conditions asked before a statement. */
function watch(unit: Unit, node: Syntax, id: number, group: readonly Alternative[]): Mark[] {
  const [first] = group;
  if (!first || (first.mode !== "guard" && (node.end !== first.end || !unit.dialect.isExpression(node)))) return [];
  const isPython = unit.dialect.family === "python";
  const thunk = (text: string): string => (isPython ? `lambda: (${text})` : `() => (${text})`);
  const others = group.map(({ text }) => thunk(text)).join(", ");
  if (first.mode !== "guard") {
    const open = isPython ? `_proviso_watch(${id}, "${first.mode}", lambda: (` : `__proviso.watch(${id}, "${first.mode}", () => (`;
    const close = isPython ? `), (${others},))` : `), [${others}])`;
    return [
      { start: node.start, end: node.start, text: open },
      { start: node.end, end: node.end, text: close, closes: true },
    ];
  }
  if (!unit.dialect.isStatement(node) || !node.parent || !unit.dialect.isBody(node.parent)) return [];
  return [beforeStatement(unit, node, isPython ? `_proviso_guard(${id}, (${others},))` : `__proviso.guard(${id}, [${others}])`)];
}

function isProbed(unit: Unit, node: Syntax): boolean {
  const { dialect } = unit;
  if (dialect.family === "javascript" && node.parent?.type === "arrow_function" && node.field === "body" && !dialect.isBody(node))
    return true;
  if (!dialect.isStatement(node) || /^(?:import|export|class|decorated|function|generator|global|nonlocal)/.test(node.type)) return false;
  if (node.type === "expression_statement" && node.children[0]?.type === "string") return false;
  if (dialect.family === "javascript" && node.parent && !dialect.isBody(node.parent)) return isBranch(unit, node);
  return node.parent !== undefined && dialect.isBody(node.parent);
}

/** The lone statement of an `if`, `else` or loop without braces. */
function isBranch(unit: Unit, node: Syntax): boolean {
  const shape = unit.dialect.shape(node.parent ?? node);
  if (node.parent?.type === "else_clause") return node.type !== "if_statement";
  return (shape.is === "if" && shape.then === node) || ((shape.is === "while" || shape.is === "each") && shape.body === node);
}

function probe(unit: Unit, node: Syntax, id: number): Mark[] {
  if (unit.dialect.family === "python") return [beforeStatement(unit, node, `_proviso_hit(${id})`)];
  const before = (text: string): Mark => ({ start: node.start, end: node.start, text });
  const after = (text: string): Mark => ({ start: node.end, end: node.end, text, closes: true });
  if (node.parent?.type === "arrow_function") return [before(`(__proviso.hit(${id}), `), after(")")];
  if (node.parent && !unit.dialect.isBody(node.parent)) return [before(`{ __proviso.hit(${id}); `), after(" }")];
  return [beforeStatement(unit, node, `__proviso.hit(${id})`)];
}

/** A call before a statement of a body; in Python on a line of its own, where the statement has one. */
function beforeStatement(unit: Unit, node: Syntax, call: string): Mark {
  if (unit.dialect.family !== "python") return { start: node.start, end: node.start, text: `${call}; ` };
  const indent = unit.text.slice(unit.text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  return { start: node.start, end: node.start, text: indent.trim() === "" ? `${call}\n${indent}` : `${call}; ` };
}

function preludeOf(unit: Unit): Mark {
  const first = unit.tree.root.children.find(
    (node) =>
      !/^(?:hash_bang_line|comment|future_import_statement)$/.test(node.type) &&
      !(node.type === "expression_statement" && node.children[0]?.type === "string"),
  );
  const at = first?.start ?? 0;
  return { start: at, end: at, text: unit.dialect.family === "python" ? `${pythonPrelude}\n` : `${javascriptPrelude} ` };
}

interface FoundTest {
  readonly titles: readonly string[];
  readonly node: Syntax;
  readonly wrap: (id: number) => Mark[];
}

function testsOf(unit: Unit): FoundTest[] {
  return [...descendants(unit.tree.root)].flatMap((node) =>
    unit.dialect.family === "python" ? pythonTest(unit, node) : javascriptTest(node),
  );
}

function pythonTest(unit: Unit, node: Syntax): FoundTest[] {
  const title = node.type === "function_definition" ? childAt(node, "name")?.text : undefined;
  if (title === undefined || !title.startsWith("test")) return [];
  const indent = unit.text.slice(unit.text.lastIndexOf("\n", node.start - 1) + 1, node.start);
  const classes = [...ancestors(node)]
    .filter((outer) => outer.type === "class_definition")
    .map((outer) => childAt(outer, "name")?.text ?? "");
  return [
    {
      titles: [...classes.reverse(), title],
      node,
      wrap: (id) => [{ start: node.start, end: node.start, text: `@_proviso_test(${id})\n${indent}` }],
    },
  ];
}

/** `test("…", fn)` in all its spellings: `it`, `t.test`, `it.only`, `test.each(…)(…)`. */
function javascriptTest(node: Syntax): FoundTest[] {
  if (node.type !== "call_expression") return [];
  const callee = childAt(node, "function")?.text ?? "";
  if (!/^(?:\w+\.)?(?:it|test|specify)(?:\.(?:only|concurrent|serial|each\b[\s\S]*))?$/.test(callee)) return [];
  const args = partsOf(childAt(node, "arguments") ?? node);
  const body = args.findLast((argument) => /^(?:arrow_function|function_expression|generator_function)$/.test(argument.type));
  if (!body || body === args[0]) return [];
  const suites = [...ancestors(node)].filter((outer) => outer.type === "call_expression" && isNesting(outer)).reverse();
  const titles = [...suites, node].flatMap(titleOf);
  return [
    {
      titles,
      node,
      wrap: (id) => [
        { start: body.start, end: body.start, text: `__proviso.test(${id}, ` },
        { start: body.end, end: body.end, text: ")", closes: true },
      ],
    },
  ];
}

const isNesting = (call: Syntax): boolean =>
  /^(?:describe|suite|context|(?:\w+\.)?(?:test|it))\b/.test(childAt(call, "function")?.text ?? "");

function titleOf(call: Syntax): string[] {
  const [first] = partsOf(childAt(call, "arguments") ?? call);
  return first?.type === "string" || (first?.type === "template_string" && !first.text.includes("${")) ? [first.text.slice(1, -1)] : [];
}
