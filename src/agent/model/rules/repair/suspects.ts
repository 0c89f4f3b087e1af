// Which files can be to blame for a failing test: those in its stack trace, then those it imports, nearest first. And how suspicious
// their lines are while nothing better is known. Tests are read but never suspected: a test is not mended by changing it.

import { isTestFile, type Listing, locate, readSources, type SourceFile } from "../desk.ts";
import type { Failure } from "../report/failure.ts";
import type { Script } from "../script.ts";
import { childAt, descendants, type Grammars, languageOf, type Syntax } from "../syntax.ts";
import type { Suspicion } from "./candidate.ts";
import { createUnit, type Unit } from "./unit.ts";

export interface Scene {
  readonly tests: readonly Unit[];
  /** Nearest first. */
  readonly code: readonly Suspect[];
  readonly digests: ReadonlyMap<string, string | undefined>;
}

export interface Suspect {
  readonly unit: Unit;
  /** 0: in the stack trace; 1: imported by the test; 2 and more: imported by those. */
  readonly depth: number;
}

const mostFiles = 16;
const mostDepth = 3;

/** Reads the failing test and what it rests on. */
export async function* gatherScene(grammars: Grammars, listing: Listing, failure: Failure, signal: AbortSignal): Script<Scene> {
  const framed = [...new Set(failure.frames.flatMap((frame) => locate(listing, frame.path) ?? []))];
  const testFile = failure.file === undefined ? framed.find(isTestFile) : locate(listing, failure.file);
  const tests: Unit[] = [];
  const code: Suspect[] = [];
  const digests = new Map<string, string | undefined>();
  const known = new Set<string>();
  let wave = [...new Set([...(testFile === undefined ? [] : [testFile]), ...framed])];
  for (let depth = 0; depth <= mostDepth && wave.length > 0 && known.size < mostFiles; depth++) {
    const wanted = wave.filter((path) => !known.has(path) && languageOf(path) !== undefined).slice(0, mostFiles - known.size);
    for (const path of wanted) known.add(path);
    if (wanted.length === 0) break;
    const sources = yield* readSources(
      depth === 0 ? "Reading the failing test and where it failed." : "Reading what that rests on.",
      wanted,
    );
    const units: Unit[] = [];
    for (const source of sources) {
      const unit = source && (await parse(grammars, source, signal));
      if (!source || !unit) continue;
      units.push(unit);
      digests.set(unit.path, source.digest);
      // A file that holds the failing test is a test, whatever its name.
      if (isTestFile(unit.path) || unit.path === testFile) tests.push(unit);
      else code.push({ unit, depth: framed.includes(unit.path) ? 0 : Math.max(1, depth) });
    }
    wave = units.flatMap((unit) => importsOf(unit, listing));
  }
  return { tests, code: code.sort((a, b) => a.depth - b.depth), digests };
}

async function parse(grammars: Grammars, source: SourceFile, signal: AbortSignal): Promise<Unit | undefined> {
  const language = languageOf(source.path);
  if (language === undefined) return undefined;
  const parser = await grammars.parser(language, signal);
  return createUnit(source.path, parser.parse(source.text));
}

/** Workspace files that the unit imports. */
function importsOf(unit: Unit, listing: Listing): string[] {
  const targets = [...descendants(unit.tree.root)].flatMap((node) =>
    unit.dialect.family === "python" ? pythonTargets(unit, node) : javascriptTargets(unit, node),
  );
  return [
    ...new Set(
      targets.flatMap(
        (options) =>
          options.find((option) => listing.files.includes(option)) ??
          bySuffix(unit, options, listing) ??
          (listing.partial ? options.slice(0, 1) : []),
      ),
    ),
  ];
}

/** Python finds modules on a path we do not know: a file that ends so will do, the nearest one first. */
function bySuffix(unit: Unit, options: readonly string[], listing: Listing): string | undefined {
  if (unit.dialect.family !== "python") return undefined;
  const folder = unit.path.split("/").slice(0, -1);
  const nearness = (path: string): number => path.split("/").findIndex((part, i) => part !== folder[i]);
  for (const option of options) {
    const found = listing.files.filter((file) => file.endsWith(`/${option}`)).sort((a, b) => nearness(b) - nearness(a))[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Each import as the files it may mean, the likeliest first. */
function javascriptTargets(unit: Unit, node: Syntax): string[][] {
  const callee = node.type === "call_expression" ? childAt(node, "function")?.text : undefined;
  const literal =
    node.type === "import_statement" || node.type === "export_statement"
      ? childAt(node, "source")
      : callee === "require" || callee === "import"
        ? childAt(node, "arguments")?.children.find((child) => child.type === "string")
        : undefined;
  const target = literal?.text.slice(1, -1);
  if (target === undefined || !target.startsWith(".")) return [];
  const path = resolvePath(unit.path, target);
  const stem = path.replace(/\.[cm]?jsx?$/, "");
  const endings = ["js", "ts", "tsx", "mjs", "cjs", "jsx", "mts", "cts"];
  return [[path, ...endings.map((ending) => `${stem}.${ending}`), ...endings.map((ending) => `${path}/index.${ending}`)]];
}

function pythonTargets(unit: Unit, node: Syntax): string[][] {
  if (node.type === "import_statement")
    return node.children.filter((child) => child.named).map((child) => moduleFiles(unit, (childAt(child, "name") ?? child).text, []));
  if (node.type !== "import_from_statement") return [];
  const module = childAt(node, "module_name")?.text ?? "";
  const names = node.children
    .filter((child) => child.field === "name" && child.named)
    .map((child) => (childAt(child, "name") ?? child).text);
  return [moduleFiles(unit, module, []), ...names.map((name) => moduleFiles(unit, module, [name]))];
}

function moduleFiles(unit: Unit, module: string, more: readonly string[]): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = [...module.slice(dots).split(".").filter(Boolean), ...more];
  const folder = unit.path.split("/").slice(0, -1);
  const base = dots > 0 ? folder.slice(0, folder.length - (dots - 1)) : [];
  const path = [...base, ...parts].join("/");
  const beside = [...folder, ...parts].join("/");
  return dots > 0
    ? [`${path}.py`, `${path}/__init__.py`]
    : [`${path}.py`, `${path}/__init__.py`, `src/${path}.py`, `src/${path}/__init__.py`, `${beside}.py`];
}

function resolvePath(from: string, target: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Suspicion from the stack trace, the names the test mentions, and what those call. */
export function suspectLines(scene: Scene, failure: Failure): Suspicion {
  const mentioned = new Set(scene.tests.flatMap((test) => namesIn(testNode(test, failure))));
  const lines = new Map<string, number[]>();
  for (const { unit, depth } of scene.code) {
    const scores = Array.from({ length: unit.text.split("\n").length + 2 }, () => [0.25, 0.25, 0.12, 0.06][depth] ?? 0.05);
    const raise = (node: Syntax, to: number): void => {
      for (let line = node.line; line <= node.endLine; line++) scores[line] = Math.max(scores[line] ?? 0, to);
    };
    const called = new Set<string>();
    for (const { node, name } of unit.functions) {
      if (name === undefined || !mentioned.has(name)) continue;
      raise(node, 0.7);
      for (const used of namesIn(node)) called.add(used);
    }
    for (const { node, name } of unit.functions) if (name !== undefined && called.has(name)) raise(node, 0.5);
    for (const [rank, frame] of failure.frames
      .filter((one) => unit.path.endsWith(one.path) || one.path.endsWith(`/${unit.path}`) || one.path === unit.path)
      .entries()) {
      const around = unit.functions.filter(({ node }) => node.line <= frame.line && node.endLine >= frame.line).at(-1);
      if (around) raise(around.node, rank === 0 ? 0.8 : 0.75);
      scores[frame.line] = Math.max(scores[frame.line] ?? 0, rank === 0 ? 1 : 0.85);
    }
    lines.set(unit.path, scores);
  }
  return (path, line) => lines.get(path)?.[line] ?? 0;
}

/** The failing test's own code where it can be found by its title, else the whole file. */
function testNode(test: Unit, failure: Failure): Syntax {
  const title = failure.titles.at(-1)?.replace(/\[.*$/, "");
  if (title === undefined) return test.tree.root;
  const named = [...descendants(test.tree.root)].find(
    (node) =>
      (node.type === "function_definition" && childAt(node, "name")?.text === title) ||
      (node.type === "call_expression" &&
        childAt(node, "arguments")?.children.some((child) => child.type === "string" && child.text.slice(1, -1) === title)),
  );
  return named ?? test.tree.root;
}

const namesIn = (node: Syntax): string[] =>
  [...descendants(node)].filter((inner) => inner.type === "identifier" || inner.type === "property_identifier").map((inner) => inner.text);
