// Calls of try_edits and what they bring back: candidates written down as variations, a traced run, and their results.

import { Trials } from "../../../tool/trials.ts";
import { tryEdits } from "../../../tool/try-edits.ts";
import { type Answer, ask, dataOf, type Script } from "../script.ts";
import { lineStarts, toSpan } from "../text.ts";
import type { Failure } from "../report/failure.ts";
import type { Runner } from "../report/runner.ts";
import type { Alternative } from "./alternatives.ts";
import type { Candidate, Suspicion } from "./candidate.ts";
import type { Edit } from "./draft.ts";
import type { Scene } from "./suspects.ts";
import { ochiai, promises, readSpectrum, type Spectrum } from "./spectrum.ts";
import { placeProbes, type Probes, type TestPlace } from "./trace.ts";
import type { Unit } from "./unit.ts";

/** Edits of one file. */
export interface FileEdits {
  readonly path: string;
  readonly edits: readonly Edit[];
}

export interface TrialOrder {
  readonly say: string;
  readonly line: string;
  readonly quick: readonly string[];
  readonly failing: readonly string[];
  readonly related: readonly string[];
  readonly seconds: number;
  readonly patience: number;
}

export type TrialResult = { readonly ok: true; readonly trials: Trials } | { readonly ok: false; readonly why: string };

export async function* tryAll(
  scene: Scene,
  units: readonly Unit[],
  variations: readonly (readonly FileEdits[])[],
  order: TrialOrder,
): Script<TrialResult> {
  const used = units.filter((unit) => variations.some((variation) => variation.some(({ path }) => path === unit.path)));
  const answer = yield* ask(order.say, tryEdits.name, {
    line: order.line,
    quick: order.quick,
    failing: order.failing.slice(0, 200),
    related: order.related.slice(0, 200),
    files: filesOf(scene, used),
    variations: variations.map((variation) => writeDown(used, variation)),
    seconds: order.seconds,
    patience: order.patience,
  });
  return resultOf(answer);
}

function resultOf(answer: Answer): TrialResult {
  const trials = answer.ok ? dataOf(answer, Trials) : undefined;
  return trials ? { ok: true, trials } : { ok: false, why: answer.text };
}

const filesOf = (scene: Scene, units: readonly Unit[]): { path: string; digest?: string }[] =>
  units.map(({ path }) => {
    const digest = scene.digests.get(path);
    return digest === undefined ? { path } : { path, digest };
  });

function writeDown(units: readonly Unit[], variation: readonly FileEdits[]): unknown[] {
  return variation.flatMap(({ path, edits }) => {
    const index = units.findIndex((unit) => unit.path === path);
    const starts = lineStarts(units[index]?.text ?? "");
    return edits.map((edit) => [index, ...toSpan(starts, edit), edit.text]);
  });
}

export interface Traced {
  readonly suspicion: Suspicion;
  readonly promise: (alternative: Alternative | undefined) => number;
  /** The test that does not end, if one was seen. */
  readonly hanging: TestPlace | undefined;
  /** Whether that failing test runs the code that the target runs, so that one cause may be behind both. */
  readonly isRelated: (other: Failure) => boolean;
}

const mostAlternatives = 2500;
const mostAlternativeChars = 60_000;

/** Runs the tests once with probes and tells what they saw; undefined where that cannot be had. */
export async function* traceTests(
  scene: Scene,
  runner: Runner,
  failure: Failure,
  candidates: readonly Candidate[],
  patience: number,
): Script<Traced | undefined> {
  const code = scene.code.map(({ unit }) => unit);
  const probes = placeProbes(code, scene.tests, chooseAlternatives(candidates));
  const units = [...code, ...scene.tests].filter((unit) => probes.edits.has(unit.path));
  if (probes.tests.length === 0 || probes.statements.length === 0) return undefined;
  const variation = units.map(({ path }) => ({ path, edits: probes.edits.get(path) ?? [] }));
  const answer = yield* ask("Tracing what the failing test runs, in a private copy.", tryEdits.name, {
    line: runner.file(scene.tests[0]?.path),
    files: filesOf(scene, units),
    variations: [writeDown(units, variation)],
    seconds: patience + 10,
    patience,
    show: "@@proviso",
  });
  const result = resultOf(answer);
  const spectrum = result.ok ? readSpectrum(result.trials.shown.join("\n")) : undefined;
  if (!spectrum) return undefined;
  const title = failure.titles.at(-1)?.replace(/\[.*$/, "");
  const isTarget = (test: number): boolean => title !== undefined && probes.tests[test]?.titles.at(-1) === title;
  const hanging = spectrum.runs.find((run) => run.ended === "hanging" && run.test !== undefined)?.test;
  const ranks = ochiai(spectrum, probes.statements.length, isTarget);
  if (ranks.every((rank) => rank === 0)) return undefined;
  return {
    suspicion: byLine(scene, probes.statements, ranks, failure),
    promise: promises(probes, spectrum),
    hanging: hanging === undefined ? undefined : probes.tests[hanging],
    isRelated: relation(probes, spectrum, failure),
  };
}

/** By title: tests that share code which not every test runs. Where a test was not seen, it is taken for related. */
function relation(probes: Probes, spectrum: Spectrum, target: Failure): (other: Failure) => boolean {
  const hitsOf = (failure: Failure): ReadonlySet<number> | undefined => {
    const title = failure.titles.at(-1)?.replace(/\[.*$/, "");
    const runs = spectrum.runs.filter(({ test }) => test !== undefined && probes.tests[test]?.titles.at(-1) === title);
    return runs.length === 0 ? undefined : new Set(runs.flatMap(({ hits }) => [...hits]));
  };
  const own = hitsOf(target);
  return (other) => {
    const hits = hitsOf(other);
    return own === undefined || hits === undefined || [...hits].some((hit) => own.has(hit));
  };
}

function chooseAlternatives(candidates: readonly Candidate[]): readonly Alternative[] {
  let room = mostAlternativeChars;
  const chosen: Alternative[] = [];
  for (const { alternative } of candidates) {
    if (!alternative || chosen.length >= mostAlternatives) continue;
    room -= alternative.text.length + 8;
    if (room < 0) break;
    chosen.push(alternative);
  }
  return chosen;
}

/** Statement ranks as line ranks: the innermost statement decides; lines of the stack trace count a little more. */
function byLine(
  scene: Scene,
  statements: readonly { path: string; from: number; to: number }[],
  ranks: readonly number[],
  failure: Failure,
): Suspicion {
  const most = Math.max(...ranks);
  const lines = new Map<string, number[]>();
  const starts = new Set<string>();
  for (const [id, { path, from, to }] of statements.entries()) {
    const of = lines.get(path) ?? [];
    lines.set(path, of);
    const rank = (ranks[id] ?? 0) / most;
    // Several statements may start on one line; the most suspicious of them speaks for it.
    of[from] = starts.has(`${path} ${from}`) ? Math.max(of[from] ?? 0, rank) : rank;
    starts.add(`${path} ${from}`);
    for (let line = from + 1; line <= to; line++) of[line] = rank;
  }
  for (const { unit } of scene.code) {
    const of = lines.get(unit.path) ?? [];
    lines.set(unit.path, of);
    // A function's own line counts as its body: parameters and what is missing at its beginning belong to it.
    for (const { node, body } of unit.functions) {
      const inside = Math.max(0, ...of.slice(body.line, body.endLine + 1).filter((rank) => rank !== undefined));
      for (let line = node.line; line < Math.max(body.line, node.line + 1); line++) of[line] = Math.max(of[line] ?? 0, inside * 0.8);
    }
    for (const [depth, frame] of failure.frames.entries()) {
      if (frame.path !== unit.path && !frame.path.endsWith(`/${unit.path}`)) continue;
      // Where an error was thrown the cause is near, more often than where it passed through.
      of[frame.line] = (of[frame.line] ?? 0) * (depth === 0 ? 1.6 : 1.2);
    }
  }
  return (path, line) => lines.get(path)?.[line] ?? 0;
}
