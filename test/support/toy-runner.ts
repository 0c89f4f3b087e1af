// A test runner small enough to run in this very process: CommonJS files from a map, `test(title, fn)` from "node:test", TAP as node
// prints it. So that a whole repair, hundreds of trials in it, takes a fraction of a second in a unit test.

import assertStrict from "node:assert/strict";
import { createRequire } from "node:module";
import { dirname, join } from "node:path/posix";
import { inspect } from "node:util";
import { Script } from "node:vm";

export interface ToyEnding {
  /** Null when it did not end. */
  readonly exit: number | null;
  readonly output: string;
}

const root = "/workspace";
/** Blocks entered after which a run counts as hanging: the same on every machine, unlike milliseconds. */
const mostSteps = 1_000_000;
/** For loops without a block, which are not counted, and for steps that grow; hundreds of times what a sound run takes. */
const backstopMs = 1000;

interface Toy {
  toyRun?: () => void;
  toyStep?: () => void;
  __proviso?: unknown;
}

/** Understands `npm test` and `node [--test] [--test-name-pattern=P] FILE`. */
export function toyRun(files: ReadonlyMap<string, string>, line: string): ToyEnding {
  const out: string[] = [];
  const [, quoted] = /--test-name-pattern='((?:[^']|'\\'')*)'/.exec(line) ?? [];
  const only = quoted === undefined ? undefined : new RegExp(quoted.replaceAll("'\\''", "'"));
  const named = line.split(" ").filter((word) => word.endsWith(".js"));
  const chosen = named.length > 0 ? named : [...files.keys()].filter((path) => path.endsWith(".test.js"));
  const tests: { readonly title: string; readonly run: () => unknown; readonly file: string }[] = [];
  const leaving: (() => void)[] = [];
  const process = {
    on: (event: string, then: () => void) => event === "exit" && leaving.push(then),
    _rawDebug: (text: string) => out.push(text),
  };
  let failed = 0;
  const whole = (): void => {
    for (const file of chosen) loader(files, process, (title, run) => tests.push({ title, run, file }))(file);
    for (const [i, { title, run, file }] of tests.entries()) {
      if (only && !only.test(title)) continue;
      try {
        run();
        out.push(`ok ${i + 1} - ${title}`);
      } catch (error) {
        failed++;
        out.push(`not ok ${i + 1} - ${title}`, ...details(error, file));
      }
    }
  };
  const toy = globalThis as Toy;
  let steps = 0;
  try {
    delete toy.__proviso;
    toy.toyStep = () => {
      if (++steps > mostSteps) throw new Error("this does not end");
    };
    toy.toyRun = whole;
    out.push("TAP version 13");
    // Through a script, because only scripts can be stopped.
    new Script("toyRun()").runInThisContext({ timeout: backstopMs });
    if (steps > mostSteps) return { exit: null, output: out.join("\n") };
    for (const then of leaving) then();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return { exit: null, output: out.join("\n") };
    out.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { exit: 1, output: out.join("\n") };
  } finally {
    delete toy.toyRun;
    delete toy.toyStep;
    delete toy.__proviso;
  }
  return { exit: failed === 0 ? 0 : 1, output: out.join("\n") };
}

type AddTest = (title: string, run: () => unknown) => void;

function loader(files: ReadonlyMap<string, string>, process: object, test: AddTest): (path: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const text = files.get(path);
    if (text === undefined) throw new Error(`Cannot find module '${path}'`);
    const module = { exports: {} as unknown };
    loaded.set(path, module);
    const counted = text.replace(/(\)|=>) \{/g, "$1 { toyStep();");
    const script = new Script(`(function (module, exports, require, process) {${counted}\n})`, { filename: join(root, path) });
    const run = script.runInThisContext() as (
      module: unknown,
      exports: unknown,
      require: (name: string) => unknown,
      process: object,
    ) => void;
    run(module, module.exports, (name) => (name.startsWith(".") ? load(join(dirname(path), name)) : builtin(name, test)), process);
    return module.exports;
  };
  return load;
}

const real = createRequire(import.meta.url);

function builtin(name: string, test: AddTest): unknown {
  if (name === "node:test") return { test, it: test };
  return name === "node:assert/strict" ? assertStrict : (real(name) as unknown);
}

function details(error: unknown, file: string): string[] {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  const compared =
    error instanceof assertStrict.AssertionError ? [`  expected: ${inspect(error.expected)}`, `  actual: ${inspect(error.actual)}`] : [];
  const frames = stack
    .split("\n")
    .filter((line) => line.includes(root))
    .map((line) => `    ${line.trim().replace(/^at /, "")}`);
  const said = message.split("\n").map((line) => `    ${line}`);
  return ["  ---", `  location: '${join(root, file)}:1:1'`, "  error: |-", ...said, ...compared, "  stack: |-", ...frames, "  ..."];
}
