// Which statements each test runs, found without any coverage tool: probes are written into a private copy of the code and of its tests,
// and what they print is read back. Works the same for every runner that lets a process write to its standard error.

import { ancestors, childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
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
  /** The edits that put them into each file. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
}

export interface TestPlace {
  readonly path: string;
  /** Suites and title, or class and function, outermost first; what is not a plain string is left out. */
  readonly titles: readonly string[];
  readonly line: number;
}

export interface Spectrum {
  readonly runs: readonly TestRun[];
}

export interface TestRun {
  /** Number of the test probe; undefined for what ran outside of tests, such as loading the code. */
  readonly test: number | undefined;
  readonly ended: "passed" | "failed" | "unknown" | "hanging";
  readonly hits: ReadonlySet<number>;
}

/** Probes for the statements of `code` and the tests of `tests`. */
export function placeProbes(code: readonly Unit[], tests: readonly Unit[]): Probes {
  const statements: { path: string; from: number; to: number }[] = [];
  const places: TestPlace[] = [];
  const edits = new Map<string, Mark[]>();
  for (const unit of code) {
    const own: Mark[] = [preludeOf(unit)];
    for (const node of descendants(unit.tree.root)) {
      if (!isProbed(unit, node)) continue;
      own.push(...probe(unit, node, statements.length));
      statements.push({ path: unit.path, from: node.line, to: node.endLine });
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
  return { statements, tests: places, edits: new Map([...edits].map(([path, list]) => [path, inOrder(list)])) };
}

const inOrder = (marks: readonly Mark[]): Edit[] =>
  marks
    .map((mark, i) => ({ ...mark, rank: mark.closes ? -1 - i : marks.length + i }))
    .sort((a, b) => a.start - b.start || a.rank - b.rank)
    .map(({ start, end, text }) => ({ start, end, text }));

function isProbed(unit: Unit, node: Syntax): boolean {
  const { dialect } = unit;
  if (dialect.family === "javascript" && node.parent?.type === "arrow_function" && node.field === "body" && !dialect.isBody(node)) return true;
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
  const before = (text: string): Mark => ({ start: node.start, end: node.start, text });
  const after = (text: string): Mark => ({ start: node.end, end: node.end, text, closes: true });
  if (unit.dialect.family === "python") {
    const lineStart = unit.text.lastIndexOf("\n", node.start - 1) + 1;
    const indent = unit.text.slice(lineStart, node.start);
    return [before(indent.trim() === "" ? `_proviso_hit(${id})\n${indent}` : `_proviso_hit(${id}); `)];
  }
  if (node.parent?.type === "arrow_function") return [before(`(__proviso.hit(${id}), `), after(")")];
  if (node.parent && !unit.dialect.isBody(node.parent)) return [before(`{ __proviso.hit(${id}); `), after(" }")];
  return [before(`__proviso.hit(${id}); `)];
}

function preludeOf(unit: Unit): Edit {
  const first = unit.tree.root.children.find((node) => !/^(?:hash_bang_line|comment)$/.test(node.type) && !(node.type === "expression_statement" && node.children[0]?.type === "string") && node.type !== "future_import_statement");
  const at = first?.start ?? 0;
  return { start: at, end: at, text: unit.dialect.family === "python" ? `${pythonPrelude}\n` : `${javascriptPrelude} ` };
}

interface FoundTest {
  readonly titles: readonly string[];
  readonly node: Syntax;
  readonly wrap: (id: number) => Mark[];
}

function testsOf(unit: Unit): FoundTest[] {
  return [...descendants(unit.tree.root)].flatMap((node) => (unit.dialect.family === "python" ? pythonTest(unit, node) : javascriptTest(node)));
}

function pythonTest(unit: Unit, node: Syntax): FoundTest[] {
  const title = node.type === "function_definition" ? childAt(node, "name")?.text : undefined;
  if (title === undefined || !/^test/.test(title)) return [];
  const lineStart = unit.text.lastIndexOf("\n", node.start - 1) + 1;
  const indent = unit.text.slice(lineStart, node.start);
  const classes = [...ancestors(node)].filter((outer) => outer.type === "class_definition").map((outer) => childAt(outer, "name")?.text ?? "");
  return [{ titles: [...classes.reverse(), title], node, wrap: (id) => [{ start: node.start, end: node.start, text: `@_proviso_test(${id})\n${indent}` }] }];
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
  return [{ titles, node, wrap: (id) => [{ start: body.start, end: body.start, text: `__proviso.test(${id}, ` }, { start: body.end, end: body.end, text: ")", closes: true }] }];
}

const isNesting = (call: Syntax): boolean => /^(?:describe|suite|context|(?:\w+\.)?(?:test|it))\b/.test(childAt(call, "function")?.text ?? "");

function titleOf(call: Syntax): string[] {
  const [first] = partsOf(childAt(call, "arguments") ?? call);
  return first?.type === "string" || (first?.type === "template_string" && !first.text.includes("${")) ? [first.text.slice(1, -1)] : [];
}

/** Reads what the probes printed. Undefined where nothing of theirs is in the output. */
export function readSpectrum(output: string): Spectrum | undefined {
  const runs = [...output.matchAll(/@@proviso (-|\d+) ([PFUH]) ([\d,-]*)/g)].map(([, test = "-", ended = "U", hits = ""]): TestRun => ({
    test: test === "-" ? undefined : Number(test),
    ended: ended === "P" ? "passed" : ended === "F" ? "failed" : ended === "H" ? "hanging" : "unknown",
    hits: new Set(hits.split(",").filter(Boolean).flatMap(expand)),
  }));
  return runs.length === 0 ? undefined : { runs };
}

function expand(range: string): number[] {
  const [from = 0, to = from] = range.split("-").map(Number);
  return Array.from({ length: Math.min(to - from + 1, 100_000) }, (_, i) => from + i);
}

/**
 * Suspicion of each statement by Ochiai: run by failing tests and by few passing ones. `isFailing` decides where the probes could not
 * see how a test ended. Statements no failing test runs get nothing.
 */
export function ochiai(spectrum: Spectrum, statements: number, isFailing: (test: number) => boolean): readonly number[] {
  const tests = spectrum.runs.filter((run) => run.test !== undefined);
  const failed = tests.filter((run) => run.ended === "failed" || run.ended === "hanging" || (run.ended === "unknown" && isFailing(run.test ?? -1)));
  const always = new Set(spectrum.runs.filter((run) => run.test === undefined).flatMap((run) => [...run.hits]));
  const passed = tests.filter((run) => !failed.includes(run));
  return Array.from({ length: statements }, (_, id) => {
    const inFailed = always.has(id) ? failed.length : failed.filter((run) => run.hits.has(id)).length;
    const inPassed = always.has(id) ? passed.length : passed.filter((run) => run.hits.has(id)).length;
    return inFailed === 0 ? 0 : inFailed / Math.sqrt(failed.length * (inFailed + inPassed));
  });
}
