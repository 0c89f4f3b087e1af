// The search for the change that mends a failing test: rank places, propose changes, have them tried, then pairs of them, then choose.

import type { Trials } from "../../../tool/trials.ts";
import { nameOf, type Failure, type Report } from "../report/failure.ts";
import type { Runner } from "../report/runner.ts";
import type { Script } from "../script.ts";
import { type Grammars, languageOf, type Parser } from "../syntax.ts";
import { toBlocks } from "../text.ts";
import { type Candidate, propose, rerank, stillParses, type Suspicion } from "./candidate.ts";
import { byPlausibility } from "./choose.ts";
import { pairUp } from "./pairs.ts";
import { type Scene, suspectLines } from "./suspects.ts";
import type { TestPlace } from "./trace.ts";
import { type FileEdits, traceTests, tryAll, type TrialOrder } from "./trials.ts";
import type { Unit } from "./unit.ts";

export interface Search {
  readonly runner: Runner;
  readonly report: Report;
  readonly target: Failure;
  readonly scene: Scene;
  readonly isHanging: boolean;
  readonly testFile: string | undefined;
  readonly line: string;
  readonly seconds: number;
  readonly refused: readonly string[];
}

export type Choice = readonly Candidate[];

export type Outcome =
  /** `complete`: the whole line passes with it; else it mends some tests and breaks none. */
  | { readonly found: true; readonly choices: readonly Choice[]; readonly complete: boolean; readonly account: string; readonly ms: number }
  | { readonly found: false; readonly account: string; readonly ms: number };

/** Looked at in a traced run; far fewer remain to be tried. */
const mostProposed = 4000;
const mostSingles = 1500;
const mostPairs = 1500;
const patienceSeconds = 30;

export async function* searchChange(grammars: Grammars, search: Search, signal: AbortSignal): Script<Outcome> {
  const { scene, runner, line, seconds } = search;
  const parsers = await loadParsers(grammars, scene, signal);
  const proposed = proposeAll(scene, suspectLines(scene, search.target), search.target, parsers, search.refused);
  const traced = proposed.length === 0 ? undefined : yield* traceTests(scene, runner, search.target, proposed, search.isHanging ? 10 : 60);
  const target = traced?.hanging && search.report.failures.length === 0 ? hangingTest(traced.hanging, runner) : search.target;
  const singles = (traced ? rerank(proposed, traced.suspicion, traced.promise) : proposed).slice(0, mostSingles);
  if (singles.length === 0) return { found: false, account: "I found no small change to try.", ms: 0 };
  const order: TrialOrder = {
    say: `Trying up to ${singles.length} small changes of ${pathsOf(singles).join(", ")} in private copies.`,
    line,
    quick: runner.narrow(target, target.file === undefined ? search.testFile : (search.testFile ?? target.file)),
    failing: search.report.failures.map(nameOf),
    related: search.report.failures.filter((failure) => traced?.isRelated(failure) ?? true).map(nameOf),
    seconds,
    patience: search.isHanging ? 8 : patienceSeconds,
  };
  const units = scene.code.map(({ unit }) => unit);
  const first = yield* tryAll(
    scene,
    units,
    singles.map((single) => [fileEdits(single)]),
    order,
  );
  if (!first.ok) return { found: false, account: `My trials were not run: ${first.why} Nothing was changed.`, ms: 0 };
  const best = conclude(
    first.trials,
    singles.map((single) => [single]),
  );
  if (best) return { ...best, account: accountOf(first.trials.tried, singles), ms: first.trials.ms };
  const left = Math.floor(seconds - first.trials.ms / 1000);
  const pairs =
    left >= 5 ? withoutBroken(pairUp(singles, new Map(units.map((unit) => [unit.path, unit.text])), mostPairs), units, parsers) : [];
  if (pairs.length === 0)
    return { found: false, account: `${accountOf(first.trials.tried, singles)} None mends it. ${advice}`, ms: first.trials.ms };
  const second = yield* tryAll(
    scene,
    units,
    pairs.map((pair) => mergeFiles(pair)),
    { ...order, say: `No single change does it; trying up to ${pairs.length} pairs.`, seconds: left },
  );
  if (!second.ok)
    return {
      found: false,
      account: `${accountOf(first.trials.tried, singles)} None mends it; pairs were not tried: ${second.why}`,
      ms: first.trials.ms,
    };
  const ms = first.trials.ms + second.trials.ms;
  const pair = conclude(second.trials, pairs);
  const account = `${accountOf(first.trials.tried, singles)} Also ${second.trials.tried} pairs of changes.`;
  return pair ? { ...pair, account, ms } : { found: false, account: `${account} None mends it. ${advice}`, ms };
}

const advice =
  "This takes more than one or two small changes, or a change of a kind I do not know; a language model can be asked instead (set OPENAI_API_KEY or a local server). Nothing was changed.";

async function loadParsers(grammars: Grammars, scene: Scene, signal: AbortSignal): Promise<ReadonlyMap<string, Parser>> {
  const parsers = new Map<string, Parser>();
  for (const { unit } of scene.code) {
    const language = languageOf(unit.path);
    if (language !== undefined) parsers.set(unit.path, await grammars.parser(language, signal));
  }
  return parsers;
}

function proposeAll(
  scene: Scene,
  suspicion: Suspicion,
  target: Failure,
  parsers: ReadonlyMap<string, Parser>,
  refused: readonly string[],
): readonly Candidate[] {
  const units = scene.code.map(({ unit }) => unit);
  const proposed = propose(units, suspicion, target, mostProposed);
  const fresh = refused.length === 0 ? proposed : proposed.filter((candidate) => !isRefused(unitOf(units, candidate), candidate, refused));
  return withoutBroken(
    fresh.map((candidate) => [candidate]),
    units,
    parsers,
  ).flat();
}

/** `refused` are the beginnings of calls of edit_file that did not hold. */
function isRefused(unit: Unit | undefined, { path, edits }: Candidate, refused: readonly string[]): boolean {
  const call = JSON.stringify({ path, blocks: toBlocks(unit?.text ?? "", edits) });
  return refused.some((one) => call.startsWith(one));
}

const unitOf = (units: readonly Unit[], candidate: Candidate): Unit | undefined => units.find((unit) => unit.path === candidate.path);

function withoutBroken(choices: readonly Choice[], units: readonly Unit[], parsers: ReadonlyMap<string, Parser>): readonly Choice[] {
  return choices.filter((choice) =>
    mergeFiles(choice).every(({ path, edits }) => {
      const [unit, parser] = [units.find((one) => one.path === path), parsers.get(path)];
      return unit !== undefined && parser !== undefined && stillParses(unit, edits, parser);
    }),
  );
}

const fileEdits = ({ path, edits }: Candidate): FileEdits => ({ path, edits });

export function mergeFiles(choice: Choice): readonly FileEdits[] {
  const byPath = new Map<string, FileEdits>();
  for (const { path, edits } of choice) {
    const all = [...(byPath.get(path)?.edits ?? []), ...edits].sort((a, b) => a.start - b.start);
    byPath.set(path, { path, edits: all });
  }
  return [...byPath.values()];
}

function conclude(
  trials: Pick<Trials, "passed" | "better">,
  choices: readonly Choice[],
): { found: true; choices: readonly Choice[]; complete: boolean } | undefined {
  const pick = (numbers: readonly number[]): Choice[] =>
    numbers.flatMap((number) => {
      const choice = choices[number];
      return choice ? [choice] : [];
    });
  if (trials.passed.length > 0) return { found: true, choices: byPlausibility(pick(trials.passed)), complete: true };
  const whole = trials.better.some(({ all }) => all) ? trials.better.filter(({ all }) => all) : trials.better;
  const most = Math.max(0, ...whole.map(({ fixed }) => fixed));
  const best = whole.filter(({ fixed }) => fixed === most).map(({ variation }) => variation);
  return best.length > 0 ? { found: true, choices: byPlausibility(pick(best)), complete: false } : undefined;
}

/** The test that the trace saw running for ever, as a failure like any other. */
function hangingTest(place: TestPlace, runner: Runner): Failure {
  const id =
    runner.kind === "pytest"
      ? [place.path, ...place.titles].join("::")
      : runner.kind === "unittest"
        ? [...place.path.replace(/\.py$/, "").split("/"), ...place.titles].join(".")
        : undefined;
  return { titles: place.titles, file: place.path, id, message: "does not end", expected: undefined, actual: undefined, frames: [] };
}

const pathsOf = (candidates: readonly Candidate[]): string[] => [...new Set(candidates.map(({ path }) => path))];

/** How many changes of which kinds were tried, and where. */
function accountOf(tried: number, singles: readonly Candidate[]): string {
  const done = singles.slice(0, tried);
  const kinds = new Map<string, number>();
  for (const { change } of done) kinds.set(change, (kinds.get(change) ?? 0) + 1);
  const most = [...kinds]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 6)
    .map(([change, count]) => `${change} ${count}`);
  const places = pathsOf(done).map((path) => {
    const lines = done.filter((candidate) => candidate.path === path).map(({ line }) => line);
    return `${path} lines ${Math.min(...lines)}-${Math.max(...lines)}`;
  });
  return `Tried ${tried} small changes (${most.join(", ")}${kinds.size > 6 ? ", …" : ""}) in ${places.join(", ")}.`;
}
