// The variations of one call of try_edits, as whole texts for the trial port. A text is made when its turn comes, not before.

import { createSource, type Source } from "../edit/source.ts";
import type { Result } from "../result.ts";
import type { TrialOutcome, World } from "../world.ts";

export interface Subject {
  readonly path: string;
  readonly text: string;
  readonly bom: boolean;
}

type Edit = readonly [file: number, fromLine: number, fromColumn: number, toLine: number, toColumn: number, text: string];

/** What to run, and how long to wait for it. */
export interface Round {
  readonly line: string;
  readonly timeoutMs: number;
  readonly budgetMs: number;
  readonly enough: number;
}

export interface Bench {
  readonly count: number;
  /** The files of a variation; undefined where its edits do not fit. -1 is the unchanged files. */
  files(variation: number): Readonly<Record<string, string>> | undefined;
  /** Runs variations; outcomes name them by their own numbers. */
  run(variations: readonly number[], round: Round, signal: AbortSignal): Promise<Result<readonly TrialOutcome[]>>;
}

export function createBench(world: World, subjects: readonly Subject[], variations: readonly (readonly Edit[])[]): Bench {
  const sources = subjects.map((subject) => createSource(subject.text));
  const whole = (index: number, text: string): string => (subjects[index]?.bom ? `\uFEFF${text}` : text);
  const files: Bench["files"] = (variation) => {
    if (variation === -1) return Object.fromEntries(subjects.map((subject, i) => [subject.path, whole(i, subject.text)]));
    const edits = variations[variation] ?? [];
    const changed: Record<string, string> = {};
    for (const index of new Set(edits.map(([file]) => file))) {
      const [subject, source] = [subjects[index], sources[index]];
      if (!subject || !source) return undefined;
      const text = applyTo(
        source,
        edits.filter(([file]) => file === index),
      );
      if (text === undefined) return undefined;
      changed[subject.path] = whole(index, text);
    }
    return changed;
  };
  return {
    count: variations.length,
    files,
    async run(wanted, round, signal) {
      const candidates = wanted.map((variation) => ({ files: files(variation) ?? {} }));
      const outcomes = await world.shell.trial({ ...round, cwd: world.files.root, candidates }, signal);
      if (!outcomes.ok) return outcomes;
      return { ok: true, value: outcomes.value.map((outcome) => ({ ...outcome, candidate: wanted[outcome.candidate] ?? -1 })) };
    },
  };
}

/** Undefined where an edit lies outside the text or two overlap. New text gets the line ends of the file. */
function applyTo(source: Source, edits: readonly Edit[]): string | undefined {
  const offset = (line: number, column: number): number | undefined => {
    // One line past the end is the end: a change of the last line may take its line end along.
    if (line === source.lines.length + 1 && column === 0) return source.lf.length;
    const text = source.lines[line - 1];
    return text === undefined || column > text.length ? undefined : source.startOf(line - 1) + column;
  };
  let out = "";
  let at = 0;
  for (const [, fromLine, fromColumn, toLine, toColumn, text] of edits) {
    const [start, end] = [offset(fromLine, fromColumn), offset(toLine, toColumn)];
    if (start === undefined || end === undefined || start < at || end < start) return undefined;
    out += source.raw.slice(source.toRaw(at), source.toRaw(start)) + (source.style === "\r\n" ? text.replaceAll("\n", "\r\n") : text);
    at = end;
  }
  return out + source.raw.slice(source.toRaw(at));
}
