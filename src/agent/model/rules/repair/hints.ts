// Changes that the error itself suggests: a name that does not exist, a property that is missing, a value that differs from the expected
// one by a piece the code spells out. Reads messages of node and Python; what it does not know it leaves to the operators.

import type { Failure } from "../report/failure.ts";
import { ancestors, childAt, descendants, type Syntax } from "../syntax.ts";
import { type Draft, draft } from "./draft.ts";
import type { Unit } from "./unit.ts";

type Hint = (unit: Unit, failure: Failure) => Iterable<Draft>;

/** Drafts for the units, from everything the failure says. */
export function draftsFromFailure(units: readonly Unit[], failure: Failure): { readonly unit: Unit; readonly draft: Draft }[] {
  return units.flatMap((unit) => hints.flatMap((hint) => [...hint(unit, failure)].map((made) => ({ unit, draft: made }))));
}

const replaced = (node: Syntax, text: string, weight: number): Draft =>
  draft("from the error", node, weight, { start: node.start, end: node.end, text });

/** The name is misspelt, or was never imported. */
const unknownName: Hint = function* (unit, { message }) {
  const name =
    /name '(\w+)' is not defined|(?:^|: )([\w$]+) is not defined|cannot access local variable '(\w+)'|local variable '(\w+)' referenced|Cannot access '([\w$]+)' before/
      .exec(message)
      ?.slice(1)
      .find(Boolean);
  if (name === undefined) return;
  for (const node of descendants(unit.tree.root)) {
    if (node.type !== "identifier" || node.text !== name || unit.dialect.isBinding(node)) continue;
    const offers = unit
      .visibleAt(node.start)
      .map((one) => one.name)
      .filter((other) => other !== name);
    for (const other of bySpelling(name, offers).slice(0, 6))
      yield replaced(node, other, 1 - distance(name, other) / Math.max(name.length, other.length, 1));
    yield replaced(node, `${unit.dialect.self}.${name}`, 0.4);
  }
  const line = importOf(unit, name);
  if (line !== undefined)
    yield draft("from the error", unit.tree.root, 1.5, { start: importPlace(unit), end: importPlace(unit), text: `${line}\n` });
  if (unit.dialect.family === "python") yield* declareOuter(unit, name);
};

function* declareOuter(unit: Unit, name: string): Generator<Draft> {
  for (const { body, node } of unit.functions) {
    const assigns = [...descendants(node)].some((inner) => inner.type.endsWith("assignment") && childAt(inner, "left")?.text === name);
    const first = body.children[0];
    if (!assigns || !first) continue;
    const indent = /[ \t]*$/.exec(unit.text.slice(0, first.start))?.[0] ?? "";
    const isNested = [...ancestors(node)].some((outer) => unit.dialect.shape(outer).is === "function");
    for (const word of isNested ? ["nonlocal", "global"] : ["global"])
      yield draft("from the error", first, 1, { start: first.start, end: first.start, text: `${word} ${name}\n${indent}` });
  }
}

/** The line that would bring the name in, from the standard library alone. */
function importOf(unit: Unit, name: string): string | undefined {
  if (unit.dialect.family === "python") {
    if (pythonModules.has(name)) return `import ${name}`;
    const home = pythonHomes[name];
    return home === undefined ? undefined : `from ${home} import ${name}`;
  }
  const isModule = /^\s*(?:import\s[\s\S]*?from\s|export\s)/m.test(unit.text);
  const home = nodeModules.has(name) ? name : name === "assert" ? "assert" : undefined;
  if (home !== undefined) return isModule ? `import ${name} from "node:${home}";` : `const ${name} = require("node:${home}");`;
  return undefined;
}

const pythonModules = new Set(
  "math re sys os json random itertools functools collections datetime time string heapq bisect copy operator statistics decimal fractions textwrap csv io pathlib typing logging".split(
    " ",
  ),
);
const pythonHomes: Readonly<Record<string, string | undefined>> = {
  defaultdict: "collections",
  Counter: "collections",
  deque: "collections",
  OrderedDict: "collections",
  namedtuple: "collections",
  reduce: "functools",
  lru_cache: "functools",
  partial: "functools",
  wraps: "functools",
  chain: "itertools",
  product: "itertools",
  permutations: "itertools",
  combinations: "itertools",
  accumulate: "itertools",
  groupby: "itertools",
  sqrt: "math",
  ceil: "math",
  floor: "math",
  gcd: "math",
  Decimal: "decimal",
  Fraction: "fractions",
  Path: "pathlib",
  deepcopy: "copy",
  dataclass: "dataclasses",
  Enum: "enum",
  ABC: "abc",
  timedelta: "datetime",
  heappush: "heapq",
  heappop: "heapq",
  heapify: "heapq",
  bisect_left: "bisect",
  bisect_right: "bisect",
  List: "typing",
  Dict: "typing",
  Optional: "typing",
};
const nodeModules = new Set("fs path os util url crypto events http https stream zlib readline".split(" "));

/** After a leading docstring, shebang, directive or imports' start. */
function importPlace(unit: Unit): number {
  const first = unit.tree.root.children.find(
    (node) =>
      node.named &&
      node.type !== "comment" &&
      node.type !== "hash_bang_line" &&
      !(node.type === "expression_statement" && node.children[0]?.type === "string"),
  );
  return first?.start ?? 0;
}

/** The property is misspelt, should be called, or its owner may be missing. */
const unknownProperty: Hint = function* (unit, { message, frames }) {
  const name =
    /has no attribute '(\w+)'|(?:reading|setting) '([\w$]+)'|(?:\.|^)([\w$]+) is not a function|KeyError: '([^']+)'|KeyError: "([^"]+)"/
      .exec(message)
      ?.slice(1)
      .find(Boolean);
  if (name === undefined) return;
  const suggested = /Did you mean: '\.?(\w+)'/.exec(message)?.[1];
  const lines = new Set(
    frames.filter((frame) => frame.path.endsWith(unit.path) || unit.path.endsWith(frame.path)).map((frame) => frame.line),
  );
  const properties = [...new Set(unit.members.map((one) => one.property))];
  for (const node of descendants(unit.tree.root)) {
    const shape = unit.dialect.shape(node);
    const near = lines.size === 0 || lines.has(node.line) ? 1 : 0.4;
    if (shape.is === "string" && shape.inner === name && lines.has(node.line)) {
      const words = [...descendants(unit.tree.root)].flatMap((other) => {
        const said = unit.dialect.shape(other);
        return said.is === "string" && said.inner !== name ? [said.inner] : [];
      });
      for (const word of bySpelling(name, words).slice(0, 4)) yield replaced(node, node.text.replace(name, word), near * 0.8);
    }
    if (shape.is !== "member" || shape.property.text !== name) continue;
    for (const other of suggested ? [suggested, ...bySpelling(name, properties)].slice(0, 6) : bySpelling(name, properties).slice(0, 6))
      yield replaced(shape.property, other, near * (other === suggested ? 1.5 : 0.7));
    for (const other of unit.dialect.families.filter((family) => family.includes(name)).flat())
      if (other !== name) yield replaced(shape.property, other, near * 0.6);
    if (unit.dialect.family === "javascript") {
      yield draft("from the error", node, near * 0.6, { start: shape.object.end, end: shape.property.start, text: "?." });
      if (/reading/.test(message) && shape.object.type === "call_expression")
        yield replaced(shape.object, `(await ${shape.object.text})`, near * 0.4);
    }
    if (/has no attribute/.test(message)) yield replaced(node, shape.object.text, near * 0.3);
  }
};

/** `new`, `let`, `self`: words that were left out. */
const missingWord: Hint = function* (unit, { message }) {
  const constructed = /Class constructor ([\w$]+) cannot be invoked without 'new'/.exec(message)?.[1];
  const constant = /Assignment to constant variable|"([\w$]+)" is read-only/.test(message);
  const method = /(\w+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given/.exec(message);
  for (const node of descendants(unit.tree.root)) {
    if (constructed !== undefined && node.type === "call_expression" && childAt(node, "function")?.text === constructed)
      yield draft("from the error", node, 1.5, { start: node.start, end: node.start, text: "new " });
    if (constant && node.type === "lexical_declaration" && node.children[0]?.type === "const")
      yield draft("from the error", node, isAssigned(unit, node) ? 1.5 : 0.2, { start: node.start, end: node.start + 5, text: "let" });
    if (
      method &&
      node.type === "function_definition" &&
      childAt(node, "name")?.text === method[1] &&
      Number(method[3]) === Number(method[2]) + 1
    ) {
      const list = childAt(node, "parameters");
      if (list)
        yield draft("from the error", node, 1.5, {
          start: list.start + 1,
          end: list.start + 1,
          text: list.children.length > 2 ? "self, " : "self",
        });
    }
  }
};

function isAssigned(unit: Unit, declaration: Syntax): boolean {
  const name = declaration.children.find((child) => child.type === "variable_declarator")?.children[0]?.text;
  return [...descendants(unit.tree.root)].some((node) => {
    const shape = unit.dialect.shape(node);
    return (shape.is === "assign" || shape.is === "update") && shape.target.text === name && node.type !== "variable_declarator";
  });
}

/** The text that came out differs from the wanted one in a piece that a literal spells out. */
const wrongPiece: Hint = function* (unit, { actual, expected }) {
  if (actual === undefined || expected === undefined) return;
  const [from, to] = difference(bare(actual), bare(expected));
  if (from.length > 40 || to.length > 40) return;
  for (const node of descendants(unit.tree.root)) {
    const shape = unit.dialect.shape(node);
    const inner =
      shape.is === "string" ? shape.inner : node.type === "string_fragment" || node.type === "string_content" ? node.text : undefined;
    if (inner === undefined || inner === "" || node.text.includes("\n")) continue;
    const start = node.start + node.text.indexOf(inner);
    if (from !== "" && inner.includes(from) && !/[\\"'`]/.test(to)) {
      const at = start + inner.indexOf(from);
      yield draft("from the error", node, 0.6 + (0.6 * from.length) / inner.length, { start: at, end: at + from.length, text: to });
    }
    // A whole word of the output came from this literal: its spelling is suspect.
    if (bare(actual).includes(inner) && inner.length > 1) {
      for (const word of bare(expected).match(/[\w-]+|[^\w\s]+/g) ?? [])
        if (word !== inner && distance(word.toLowerCase(), inner.toLowerCase()) <= Math.max(1, inner.length / 3))
          yield draft("from the error", node, 0.7, { start, end: start + inner.length, text: word });
    }
  }
};

const hints: readonly Hint[] = [unknownName, unknownProperty, missingWord, wrongPiece];

const bare = (value: string): string => value.replace(/^(['"`])([\s\S]*)\1$/, "$2");

/** What is left of two texts without their common beginning and end; where nothing is left of the first, the words around it. */
function difference(a: string, b: string): readonly [string, string] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const isEmpty = start === a.length - end;
  while (isEmpty && start > 0 && /\w/.test(a[start - 1] ?? "")) start--;
  while (isEmpty && end > 0 && /\w/.test(a.at(-end) ?? "")) end--;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** Those spelt most like the name, each once; names with nothing in common are left out. */
function bySpelling(name: string, others: readonly string[]): string[] {
  const close = [...new Set(others)].map((other) => ({ other, far: distance(name.toLowerCase(), other.toLowerCase()) }));
  return close
    .filter(({ other, far }) => far <= Math.max(2, Math.max(name.length, other.length) / 2))
    .sort((a, b) => a.far - b.far)
    .map(({ other }) => other);
}

/** Edits between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, char] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (char === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
