// What a failed search probably meant: the stretch of the real text most like it, ready to be copied. Words vote for where the search
// would have to start, rare words louder; the best few starts are compared line by line. Never scans the text once per search.

import { fitLines } from "./anchor.ts";
import { countBelow } from "./ascending.ts";
import { similarity } from "./similar.ts";
import { type Source, wordsOf } from "./source.ts";
import { isText } from "./window.ts";

export interface Nearest {
  /** First and last line, counted from 1. */
  readonly from: number;
  readonly to: number;
  /** The text of these lines as it stands in the file; of very long lines a part. */
  readonly text: string;
  /** The first line in which search and text differ, in words. */
  readonly difference?: string;
}

/** Less alike than this is no help. */
const helpful = 0.35;
const mostVotesPerWord = 500;
const mostVotes = 10_000;
const mostStarts = 6;
const mostLinesCompared = 60;
const mostChars = 4000;

/** Undefined when nothing in the text is like the search. */
export function nearest(source: Source, search: string): Nearest | undefined {
  const all = search.split("\n");
  const lead = all.findIndex(isText);
  if (lead === -1) return undefined;
  const lines = all.slice(lead, Math.min(all.findLastIndex(isText) + 1, lead + mostLinesCompared));
  let best: { readonly start: number; readonly score: number } | undefined;
  for (const start of likelyStarts(source, lines)) {
    const score = likeness(source, lines, start);
    if (score >= helpful && score > (best?.score ?? 0)) best = { start, score };
  }
  if (!best) return undefined;
  const from = Math.max(0, best.start - 2);
  const file = source.lines.slice(from, best.start + lines.length + 2);
  const { aligned } = fitLines(lines, file);
  const known = aligned.filter((line) => line >= 0);
  // Nothing aligns when the search is a small part of a long line.
  const first = known[0] ?? best.start - from;
  const last = known.at(-1) ?? Math.min(file.length, first + lines.length) - 1;
  const found = excerpt(source, from + first, from + last + 1, lines[0]);
  const difference = explain(lines, file, aligned, from);
  return difference === undefined ? found : { ...found, difference };
}

/** Lines `[fromLine, toLine)`, counted from 0, as an excerpt. What is too long is cut around where the first line of `about` would be. */
export function excerpt(source: Source, fromLine: number, toLine: number, about = ""): Nearest {
  const start = source.startOf(fromLine);
  const end = source.startOf(toLine - 1) + (source.lines[toLine - 1] ?? "").length;
  const position = { from: fromLine + 1, to: toLine };
  if (end - start <= mostChars) return { ...position, text: source.raw.slice(source.toRaw(start), source.toRaw(end)) };
  const centre = start + centreOf(source.lf.slice(start, end), about);
  const cut = Math.min(Math.max(start, centre - mostChars / 2), end - mostChars);
  const text = source.raw.slice(source.toRaw(cut), source.toRaw(cut + mostChars));
  return { from: source.lineAt(cut) + 1, to: source.lineAt(cut + mostChars - 1) + 1, text };
}

/** Where the longest of its words stands. */
function centreOf(text: string, about: string): number {
  const words = (about.match(/[\p{L}\p{N}_$]+/gu) ?? []).sort((a, b) => b.length - a.length);
  for (const word of words) {
    const at = text.indexOf(word);
    if (at !== -1) return at;
  }
  return 0;
}

/** Lines at which the search may start, most voted first. */
function likelyStarts(source: Source, lines: readonly string[]): readonly number[] {
  const words = lines.flatMap((line, at) => [...new Set(wordsOf(line))].map((word) => ({ at, word, holders: source.linesWith(word) })));
  const votes = new Map<number, number>();
  let left = mostVotes;
  for (const { at, word, holders } of words.sort((a, b) => a.holders.length - b.holders.length)) {
    const weight = (word.length > 1 ? 1 : 0.2) / Math.sqrt(holders.length);
    const heard = holders.slice(0, Math.min(mostVotesPerWord, left));
    for (const holder of heard) votes.set(holder - at, (votes.get(holder - at) ?? 0) + weight);
    left -= heard.length;
  }
  // No word in common: a short text is looked through, of a long one only the beginning.
  if (votes.size === 0) return Array.from({ length: Math.min(source.lines.length, mostVotesPerWord) }, (_, start) => start);
  return [...votes]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostStarts)
    .map(([start]) => Math.max(0, start));
}

function likeness(source: Source, lines: readonly string[], start: number): number {
  let sum = 0;
  let weight = 0;
  for (const [at, line] of lines.entries()) {
    const other = source.lines[start + at] ?? "";
    const size = Math.max(1, line.trim().length);
    weight += size;
    // A search for a part of a line is like the line that holds most of its words.
    sum += size * Math.max(similarity(line.slice(0, mostChars), other.slice(0, mostChars)), sharedWords(source, line, start + at));
  }
  return sum / weight;
}

/** The share of its words that a line of the file holds. */
function sharedWords(source: Source, line: string, number: number): number {
  const words = wordsOf(line);
  const shared = words.filter((word) => {
    const holders = source.linesWith(word);
    return holders[countBelow(holders, number)] === number;
  });
  return words.length === 0 ? 0 : shared.length / words.length;
}

function explain(lines: readonly string[], file: readonly string[], aligned: readonly number[], from: number): string | undefined {
  for (const [at, line] of lines.entries()) {
    const expected = (aligned[at - 1] ?? (aligned[at] ?? -1) - 1) + 1;
    // A line that is like none, where one line of the file is left over, stands for that one.
    const partner = aligned[at] === -1 && expected > 0 && aligned[at + 1] === expected + 1 ? expected : (aligned[at] ?? -1);
    if (partner === -1) return `line ${at + 1} of the search, ${quote(line)}, is not there`;
    if (partner > expected) return `line ${from + expected + 1} of the file, ${quote(file[expected])}, is not in the search`;
    if (file[partner] !== line)
      return `line ${at + 1} of the search is ${quote(line)} but line ${from + partner + 1} of the file is ${quote(file[partner])}`;
  }
  return undefined;
}

const quote = (line = ""): string => JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}...` : line);
