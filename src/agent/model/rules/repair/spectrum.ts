// What a traced run printed, and what follows from it: how suspicious each statement is, and which alternatives are worth a trial.

import type { Alternative } from "./alternatives.ts";
import type { Probes } from "./trace.ts";

export interface Spectrum {
  readonly runs: readonly TestRun[];
  /** By watched place, one code per alternative; see trace-prelude.ts. */
  readonly watched: ReadonlyMap<number, readonly string[]>;
}

export interface TestRun {
  /** Number of the test probe; undefined for what ran outside of tests, such as loading the code. */
  readonly test: number | undefined;
  readonly ended: "passed" | "failed" | "unknown" | "hanging";
  readonly hits: ReadonlySet<number>;
}

/** Undefined where nothing of the probes is in the output. */
export function readSpectrum(output: string): Spectrum | undefined {
  const runs = [...output.matchAll(/@@proviso (-|\d+) ([PFUH]) ([\d,-]*)/g)].map(
    ([, test = "-", ended = "U", hits = ""]): TestRun => ({
      test: test === "-" ? undefined : Number(test),
      ended: ended === "P" ? "passed" : ended === "F" ? "failed" : ended === "H" ? "hanging" : "unknown",
      hits: new Set(hits.split(",").filter(Boolean).flatMap(expand)),
    }),
  );
  const watched = new Map(
    [...output.matchAll(/@@proviso watch (\d+) ([\dsptna,]+)/g)].map(([, id = "0", codes = ""]) => [Number(id), codes.split(",")] as const),
  );
  return runs.length === 0 ? undefined : { runs, watched };
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
  const failed = tests.filter(
    (run) => run.ended === "failed" || run.ended === "hanging" || (run.ended === "unknown" && isFailing(run.test ?? -1)),
  );
  const passed = tests.filter((run) => !failed.includes(run));
  const always = new Set(spectrum.runs.filter((run) => run.test === undefined).flatMap((run) => [...run.hits]));
  const count = (runs: readonly TestRun[], id: number): number =>
    always.has(id) ? runs.length : runs.filter((run) => run.hits.has(id)).length;
  return Array.from({ length: statements }, (_, id) => {
    const inFailed = count(failed, id);
    return inFailed === 0 ? 0 : inFailed / Math.sqrt(failed.length * (inFailed + count(passed, id)));
  });
}

/** Of alternatives with the same values everywhere, the first is as good as any; the others wait behind it. */
export function promises(probes: Probes, spectrum: Spectrum): (alternative: Alternative | undefined) => number {
  const worth = new Map<string, number>();
  for (const [id, group] of probes.watches.entries()) {
    const codes = spectrum.watched.get(id);
    const seen = new Set<string>();
    for (const [i, alternative] of group.entries()) worth.set(keyOf(alternative), worthOf(codes?.[i], alternative, seen));
  }
  return (alternative) => (alternative ? (worth.get(keyOf(alternative)) ?? 1) : 1);
}

const keyOf = ({ path, start, end, mode, text }: Alternative): string => `${path} ${start} ${end} ${mode} ${text}`;

function worthOf(code: string | undefined, { changes }: Alternative, seen: Set<string>): number {
  // Never reached by a failing test: what stands there cannot be the cause.
  if (code === undefined) return 0.05;
  if (code === "s") return 0;
  if (code === "p" || code === "t") return 0.25;
  if (code === "n") return changes === "when true" ? 0 : 0.6;
  if (code === "a") return changes === "when false" ? 0 : 0.6;
  if (seen.has(`${changes} ${code}`)) return 0.4;
  seen.add(`${changes} ${code}`);
  return 1;
}
