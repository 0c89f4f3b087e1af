// The last tier: a block whose first and last line are found, and what lies between is nearly the same. States how sure it is, and
// refuses below a floor, when a second place is about as good, or when carrying the edit over would lose or guess a line.

import { countBelow } from "./ascending.ts";
import { indentOf, learnIndent } from "./indent.ts";
import { diffLines } from "./line-diff.ts";
import { similarity, squeeze } from "./similar.ts";
import type { Source } from "./source.ts";
import { type BlockLines, isText, type Place, placeLines } from "./window.ts";

/** Below this share of agreement (by length of text, 0 to 1) nothing is changed. */
const confidenceFloor = 0.9;
/** How much better than any other place the chosen one must be. */
const margin = 0.05;
/** No single line may agree less than this. */
const lineFloor = 0.5;
/** Fewer lines of text than this are not enough to tell a drifted block from another one. */
const leastLines = 3;
const mostCandidates = 50;

export type Anchored = { readonly place: Place; readonly confidence: number } | { readonly refused: string } | undefined;

/** Undefined when nothing comes near enough to speak of. */
export function anchor(source: Source, block: BlockLines, replaced: "as searched" | "similar"): Anchored {
  if (block.search.filter(isText).length < leastLines) return undefined;
  const fits = candidates(source, block.search)
    .map((run) => ({ ...run, fit: fitLines(block.search, source.lines.slice(run.fromLine, run.toLine)) }))
    .filter(({ fit }) => fit.confidence >= confidenceFloor - margin)
    .sort((a, b) => b.fit.confidence - a.fit.confidence);
  const best = fits[0];
  if (!best || best.fit.confidence < confidenceFloor) return undefined;
  const rival = fits.find((other) => other !== best && other.fit.confidence > best.fit.confidence - margin && !contains(other, best));
  if (rival) {
    return {
      refused: `The search text is not in the file; lines ${best.fromLine + 1}-${best.toLine} and ${rival.fromLine + 1}-${rival.toLine} are about equally near`,
    };
  }
  const pairs = block.search.flatMap((line, at) => {
    const file = source.lines[best.fromLine + (best.fit.aligned[at] ?? -1)];
    return isText(line) && file !== undefined && best.fit.aligned[at] !== -1 ? [{ search: indentOf(line), file: indentOf(file) }] : [];
  });
  const reindent = learnIndent(pairs, block.replace.filter(isText).map(indentOf));
  if (!reindent)
    return {
      refused: `The search text is not in the file; lines ${best.fromLine + 1}-${best.toLine} are near, but the depths of their indentation differ`,
    };
  const place = placeLines(source, block, { ...best, aligned: best.fit.aligned }, { reindent, replaced });
  if ("refused" in place)
    return { refused: `The search text is not in the file; lines ${best.fromLine + 1}-${best.toLine} are near, but ${place.refused}` };
  return { place, confidence: best.fit.confidence };
}

interface Run {
  readonly fromLine: number;
  readonly toLine: number;
}

/** Two runs that share a line are two readings of one place. */
const contains = (a: Run, b: Run): boolean => a.fromLine < b.toLine && b.fromLine < a.toLine;

/** Runs of about the right length that begin and end like the block; of many, those that share most lines with it. */
function candidates(source: Source, search: readonly string[]): readonly Run[] {
  const slack = 2 + Math.floor(search.length * 0.2);
  const lasts = source.linesLike(search.at(-1) ?? "");
  const runs: Run[] = [];
  for (const fromLine of source.linesLike(search[0] ?? "")) {
    const near = fromLine + search.length - 1;
    for (let at = countBelow(lasts, Math.max(fromLine + 1, near - slack)); at < lasts.length; at++) {
      const last = lasts[at] ?? 0;
      if (last > near + slack) break;
      runs.push({ fromLine, toLine: last + 1 });
    }
    // Too many beginnings to tell apart: such a block is not anchored by them.
    if (runs.length > mostCandidates * 20) return [];
  }
  if (runs.length <= mostCandidates) return runs;
  return runs
    .map((run) => ({ run, shared: sharedLines(source, search, run) }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, mostCandidates)
    .map(({ run }) => run);
}

function sharedLines(source: Source, search: readonly string[], run: Run): number {
  const wanted = new Set(search.map(squeeze));
  let shared = 0;
  for (let line = run.fromLine; line < run.toLine; line++) if (wanted.has(squeeze(source.lines[line] ?? ""))) shared++;
  return shared;
}

export interface Fit {
  /** For each line of the search its line in the file, ascending, or -1. */
  readonly aligned: readonly number[];
  readonly confidence: number;
}

/** Aligns two runs of lines: equal ones first, what lies between in order of greatest likeness. */
export function fitLines(search: readonly string[], file: readonly string[]): Fit {
  const aligned = new Array<number>(search.length).fill(-1);
  let at = 0;
  let line = 0;
  for (const span of diffLines(search.map(squeeze), file.map(squeeze))) {
    while (at < span.aFrom) aligned[at++] = line++;
    pairUp(search.slice(span.aFrom, span.aTo), file.slice(span.bFrom, span.bTo)).forEach((partner, offset) => {
      if (partner >= 0) aligned[span.aFrom + offset] = span.bFrom + partner;
    });
    at = span.aTo;
    line = span.bTo;
  }
  while (at < search.length) aligned[at++] = line++;
  return { aligned, confidence: confidenceOf(search, file, aligned) };
}

const weightOf = (line: string): number => squeeze(line).length;

function confidenceOf(search: readonly string[], file: readonly string[], aligned: readonly number[]): number {
  let agreed = 0;
  let all = 0;
  const used = new Set<number>();
  for (const [at, line] of search.entries()) {
    const partner = file[aligned[at] ?? -1];
    used.add(aligned[at] ?? -1);
    const weight = Math.max(weightOf(line), weightOf(partner ?? ""));
    const alike = partner === undefined ? 0 : weight === 0 ? 1 : similarity(line, partner);
    all += weight;
    agreed += weight * alike;
  }
  for (const [line, text] of file.entries()) if (!used.has(line)) all += weightOf(text);
  return all === 0 ? 0 : agreed / all;
}

const mostPairs = 10_000;

/** For each line of `a` a partner in `b`, ascending, so that the likeness summed up is greatest; -1 where none is like enough. */
function pairUp(a: readonly string[], b: readonly string[]): readonly number[] {
  if (a.length * b.length > mostPairs) return a.map((line, at) => (similarity(line, b[at] ?? "") >= lineFloor ? at : -1));
  const score = Array.from({ length: a.length + 1 }, () => new Float64Array(b.length + 1));
  const alike = (i: number, j: number) => similarity(a[i] ?? "", b[j] ?? "");
  const gains = a.map((_, i) => b.map((_, j) => Math.max(0, alike(i, j) - lineFloor)));
  const cell = (i: number, j: number) => score[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = score[i];
      if (row) row[j] = Math.max(cell(i + 1, j), cell(i, j + 1), (gains[i]?.[j] ?? 0) + cell(i + 1, j + 1));
    }
  }
  const partners = new Array<number>(a.length).fill(-1);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const gain = gains[i]?.[j] ?? 0;
    if (gain > 0 && cell(i, j) === gain + cell(i + 1, j + 1)) partners[i++] = j++;
    else if (cell(i, j) === cell(i + 1, j)) i++;
    else j++;
  }
  return partners;
}
