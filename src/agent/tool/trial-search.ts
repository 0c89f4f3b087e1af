// The search behind try_edits: unchanged files first, to learn what normal is; then variations in growing groups; what passes the quick
// line is held against the whole one. Stops when enough is proved, when nothing better can be hoped for, or when time is up.

import { readReport } from "../model/rules/report/report.ts";
import { nameOf } from "../model/rules/report/failure.ts";
import { ok, type Result } from "../result.ts";
import type { TrialOutcome, World } from "../world.ts";
import type { Bench } from "./trial-bench.ts";
import type { Trials, TryEditsInput } from "./trials.ts";

/** Proofs after which the search ends: one to apply, and others to choose it from. */
const enoughProofs = 4;
const firstGroup = 12;
/** Where it is not known how long a run takes. */
const probingGroup = 8;
const probingMs = 3000;
const largestGroup = 400;

interface Search {
  readonly world: World;
  readonly bench: Bench;
  readonly input: TryEditsInput;
  readonly deadline: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  tried: number;
  hanging: number;
  readonly passed: number[];
  readonly better: Trials["better"];
  readonly shown: string[];
  /** Set when something was found: the search goes on only so long for alternatives. */
  until: number | undefined;
}

export async function findVariations(
  world: World,
  bench: Bench,
  input: TryEditsInput,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<Result<Trials>> {
  const started = world.clock.now();
  const budget = (input.seconds ?? 120) * 1000;
  const search: Search = {
    world,
    bench,
    input,
    deadline: started + budget,
    say: onOutput,
    signal,
    tried: 0,
    hanging: 0,
    passed: [],
    better: [],
    shown: [],
    until: undefined,
  };
  const normal = await findNormal(search);
  if (!normal.ok) return normal;
  const { quick, normalMs } = normal.value;
  let { patienceMs } = normal.value;
  const order = [...Array(bench.count).keys()];
  for (
    let group = normalMs === null ? probingGroup : firstGroup;
    order.length > 0 && !isOver(search);
    group = Math.min(group * 3, largestGroup)
  ) {
    const wanted = order.slice(0, group);
    const round = {
      line: quick ?? input.line,
      timeoutMs: patienceMs,
      budgetMs: timeLeft(search),
      enough: quick === null ? enoughProofs : 6,
    };
    const outcomes = await bench.run(wanted, round, signal);
    if (!outcomes.ok) return outcomes;
    const done = new Set(outcomes.value.map((outcome) => outcome.candidate));
    order.splice(0, order.length, ...order.filter((variation) => !done.has(variation)));
    search.tried += done.size;
    const ended = outcomes.value.filter((outcome) => outcome.exit !== null);
    search.hanging += done.size - ended.length;
    if (normalMs === null) patienceMs = relearn(patienceMs, ended, (input.patience ?? 60) * 1000);
    show(search, outcomes.value);
    const hopeful = outcomes.value.filter((outcome) => outcome.exit === 0).map((outcome) => outcome.candidate);
    const judged = quick === null ? ok(judgeAll(search, outcomes.value, started)) : await prove(search, hopeful, started);
    if (!judged.ok) return judged;
    onOutput(`${search.tried} of ${bench.count} variations tried, ${search.passed.length} pass\n`);
    if (done.size === 0) break;
  }
  return ok({
    tried: search.tried,
    passed: search.passed.sort((a, b) => a - b),
    better: search.better.sort((a, b) => Number(b.all) - Number(a.all) || b.fixed - a.fixed || a.variation - b.variation).slice(0, 20),
    hanging: search.hanging,
    quick,
    normalMs,
    ms: world.clock.now() - started,
    shown: search.shown,
  });
}

const timeLeft = (search: Search): number =>
  Math.max(0, Math.min(search.deadline, search.until ?? search.deadline) - search.world.clock.now());

const isOver = (search: Search): boolean => search.passed.length >= enoughProofs || timeLeft(search) === 0;

/** What normal is where the unchanged files hang: learnt from those variations that do end. */
function relearn(patienceMs: number, ended: readonly TrialOutcome[], most: number): number {
  if (ended.length === 0) return Math.min(most, patienceMs * 2);
  return Math.min(most, Math.max(1000, 4 * Math.max(...ended.map((outcome) => outcome.ms))));
}

interface Normal {
  readonly quick: string | null;
  readonly normalMs: number | null;
  readonly patienceMs: number;
}

/** Runs the unchanged files: which quick line is to be believed, and how long one run takes. */
async function findNormal(search: Search): Promise<Result<Normal>> {
  const { input, bench, signal } = search;
  const most = (input.patience ?? 60) * 1000;
  // One variation alone is run for what it prints; there is nothing to compare it with.
  if (input.show !== undefined && bench.count === 1) return ok({ quick: null, normalMs: null, patienceMs: most });
  for (const line of [...(input.quick ?? []), undefined]) {
    const outcomes = await bench.run(
      [-1],
      { line: line ?? input.line, timeoutMs: most, budgetMs: Math.max(1, timeLeft(search)), enough: 1 },
      signal,
    );
    if (!outcomes.ok) return outcomes;
    const [outcome] = outcomes.value;
    if (!outcome || (line !== undefined && !failsAlike(outcome, input.failing ?? []))) continue;
    const normalMs = outcome.exit === null ? null : outcome.ms;
    // A good variation may run further than the failing code did, so it gets several times as long.
    const patienceMs = normalMs === null ? Math.min(most, probingMs) : Math.min(most, Math.max(2500, normalMs * 5));
    return ok({ quick: line ?? null, normalMs, patienceMs });
  }
  return ok({ quick: null, normalMs: null, patienceMs: most });
}

/** Whether the narrowed run fails in a test that is known to fail. A run that hangs fails alike where nothing is known. */
function failsAlike(outcome: TrialOutcome, failing: readonly string[]): boolean {
  if (outcome.exit === 0) return false;
  if (outcome.exit === null || failing.length === 0) return true;
  const lastPart = (name: string): string => name.split(/ > |::/).at(-1) ?? name;
  const names = new Set(failing.map(lastPart));
  return readReport(outcome.output).failures.some((failure) => names.has(lastPart(nameOf(failure))));
}

/** Holds what passed the quick line against the whole one. */
async function prove(search: Search, hopeful: readonly number[], started: number): Promise<Result<void>> {
  if (hopeful.length === 0) return ok(undefined);
  const { bench, input, signal, deadline, world } = search;
  const left = Math.max(5000, deadline - world.clock.now());
  const round = { line: input.line, timeoutMs: Math.min(left, (input.patience ?? 60) * 1000), budgetMs: left, enough: hopeful.length };
  const outcomes = await bench.run(hopeful, round, signal);
  if (!outcomes.ok) return outcomes;
  return ok(judgeAll(search, outcomes.value, started));
}

function judgeAll(search: Search, outcomes: readonly TrialOutcome[], started: number): void {
  for (const outcome of outcomes) judge(search, outcome);
  const now = search.world.clock.now();
  if (search.until !== undefined) return;
  // A while longer for alternatives: the first that passes is not always the one that is meant.
  if (search.passed.length > 0) search.until = now + Math.min(10_000, 2000 + (now - started) / 2);
  else if (search.better.some(({ all }) => all)) search.until = now + Math.max(15_000, (search.deadline - started) * 0.3);
}

function judge(search: Search, { candidate, exit, output }: TrialOutcome): void {
  if (exit === 0) {
    search.passed.push(candidate);
    // What passes outright makes the wait for the merely better pointless.
    if (search.passed.length === 1) search.until = undefined;
    return;
  }
  const { failing = [] } = search.input;
  if (exit === null || failing.length < 2) return;
  const known = new Set(failing);
  const report = readReport(output);
  const now = new Set(report.failures.map(nameOf));
  const broken = [...now].filter((name) => !known.has(name));
  const fixed = failing.filter((name) => !now.has(name));
  const all = (search.input.related ?? failing).every((name) => !now.has(name));
  if (report.failures.length > 0 && broken.length === 0 && fixed.length > 0)
    search.better.push({ variation: candidate, fixed: fixed.length, all });
}

const shownChars = 200_000;

function show(search: Search, outcomes: readonly TrialOutcome[]): void {
  const { show: text } = search.input;
  if (text === undefined) return;
  let room = shownChars - search.shown.reduce((sum, line) => sum + line.length, 0);
  for (const line of outcomes.flatMap((outcome) => outcome.output.split("\n"))) {
    if (!line.includes(text) || room < line.length) continue;
    search.shown.push(line.trim());
    room -= line.length;
  }
}
