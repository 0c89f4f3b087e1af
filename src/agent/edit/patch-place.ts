// Finds where a hunk belongs. Its old lines are looked for as whole lines, first as they are, then with other white space, then with
// a little of the context gone (lines that are removed must always be there). Of several places the one the line numbers name is taken,
// and only where those can be trusted; else the hunk is refused.

import { foldCharacters } from "./fold.ts";
import { indentOf, learnIndent } from "./indent.ts";
import type { PatchHunk, PatchLine } from "./file-patch.ts";
import { lineKey, type Source } from "./source.ts";
import { isText } from "./window.ts";

/** Context lines that may differ from the file, of those that are not blank. */
const mostFuzz = 2;

export interface PatchPlace {
  /** Zero-based line of the first old line; -1 or less where leading context lies before the file. */
  readonly start: number;
  readonly reindent: (indent: string) => string;
}

export type Candidates = { readonly places: readonly PatchPlace[] } | { readonly refused: string };

export const oldLines = (hunk: PatchHunk): readonly PatchLine[] => hunk.lines.filter((line) => line.op !== "+");
export const bare = (line: PatchLine): string => (line.text.endsWith("\r") ? line.text.slice(0, -1) : line.text);

/** How many lines the file has; a line end at the very end starts no further line. */
export const lineCount = (source: Source): number => (source.lf === "" || source.lf.endsWith("\n") ? source.count - 1 : source.count);

/** Every place of the first tolerance that has any. */
export function findPlaces(source: Source, hunk: PatchHunk): Candidates {
  if (hunk.broken !== undefined) return { refused: hunk.broken };
  if (hunk.lines.length === 0) return { refused: 'The hunk has no lines; every line must start with a space, "-" or "+".' };
  const old = oldLines(hunk);
  const anchor = anchorOf(source, hunk);
  if ("refused" in anchor) return anchor;
  if (old.length === 0) return findInsertion(source, hunk, anchor);
  const starts = startsOf(source, old).filter((start) => start >= anchor.line && endsWhereMarked(source, hunk, old, start));
  for (const tier of tiers) {
    const places = starts.flatMap((start) => tier(source, hunk, old, start) ?? []);
    // Behind a line that is there once, the first place is the one that is meant.
    if (places.length > 0) return { places: anchor.unique ? places.slice(0, 1) : places };
  }
  return { places: [] };
}

type Anchor = { readonly line: number; readonly unique: boolean } | { readonly refused: string };

/** The last of the lines that the hunk says it lies behind. */
function anchorOf(source: Source, { behind = [] }: PatchHunk): Anchor {
  let line = Number.NEGATIVE_INFINITY;
  let unique = behind.length > 0;
  for (const name of behind) {
    const found = source.linesLike(name);
    const next = found.find((one) => one > line);
    if (next === undefined)
      return { refused: `The hunk lies behind a line ${JSON.stringify(name)}, which is not in the file; read it again.` };
    // A name that stands there several times leads nowhere alone, but does so behind one that is there once.
    unique = unique && (line >= 0 || found.length === 1);
    line = next;
  }
  return { line, unique };
}

/** The place the header names, if the old lines stand there exactly. */
export function placeAsStated(source: Source, hunk: PatchHunk): PatchPlace | undefined {
  const old = oldLines(hunk);
  const start = (hunk.oldStart ?? 0) - 1;
  return start >= 0 && old.length > 0 && endsWhereMarked(source, hunk, old, start) ? exact(source, hunk, old, start) : undefined;
}

/** A hunk that is said to be the file's last, or has a line marked as unended, ends where the file does. */
const endsWhereMarked = (source: Source, hunk: PatchHunk, old: readonly PatchLine[], start: number): boolean => {
  const marked = hunk.last === true || old.some((line) => line.unended) || hunk.lines.at(-1)?.unended === true;
  return !marked || start + old.length === lineCount(source);
};

type Tier = (source: Source, hunk: PatchHunk, old: readonly PatchLine[], start: number) => PatchPlace | undefined;

const keepIndent = (indent: string): string => indent;
const lineOf = (source: Source, number: number): string | undefined => (number < lineCount(source) ? source.textAt(number) : undefined);
const matches = (source: Source, old: readonly PatchLine[], start: number, equal: (old: string, file: string) => boolean): boolean =>
  old.every((line, at) => {
    const file = lineOf(source, start + at);
    return file !== undefined && equal(bare(line), file);
  });

const exact: Tier = (source, _hunk, old, start) =>
  matches(source, old, start, (a, b) => a === b) ? { start, reindent: keepIndent } : undefined;

const trailing: Tier = (source, _hunk, old, start) =>
  matches(source, old, start, (a, b) => foldCharacters(a.trimEnd()) === foldCharacters(b.trimEnd()))
    ? { start, reindent: keepIndent }
    : undefined;

const indented: Tier = (source, hunk, old, start) => {
  if (!matches(source, old, start, (a, b) => lineKey(a) === lineKey(b))) return undefined;
  const reindent = reindentFor(source, hunk, old, start);
  return reindent && { start, reindent };
};

/** Lines to be removed are all there; of the context a little may differ, but not the lines next to a change that removes nothing. */
const fuzzy: Tier = (source, hunk, old, start) => {
  const same = old.map((line, at) => {
    const file = lineOf(source, start + at);
    return file !== undefined && lineKey(bare(line)) === lineKey(file);
  });
  const needed = old.map(
    (line, at) =>
      line.op === "-" || touchesInsertion(hunk, line) || (!isText(bare(line)) && start + at >= 0 && start + at < lineCount(source)),
  );
  if (needed.some((is, at) => is && !same[at])) return undefined;
  const differing = old.filter((line, at) => !same[at] && isText(bare(line))).length;
  const agreeing = old.filter((line, at) => same[at] && isText(bare(line))).length;
  if (differing > mostFuzz || agreeing < 2 || agreeing < differing) return undefined;
  const agreed = old.filter((_, at) => same[at]);
  const reindent = reindentFor(source, hunk, agreed, start, (line) => start + old.indexOf(line));
  return reindent && { start, reindent };
};

const tiers: readonly Tier[] = [exact, trailing, indented, fuzzy];

/** Context next to added lines that replace nothing: it alone says where they go. */
function touchesInsertion(hunk: PatchHunk, line: PatchLine): boolean {
  const at = hunk.lines.indexOf(line);
  const [before, after] = [hunk.lines[at - 1], hunk.lines[at + 1]];
  const inserts = (from: number, step: number): boolean => {
    let next = from;
    while (hunk.lines[next]?.op === "+") next += step;
    return hunk.lines[next]?.op !== "-";
  };
  return (before?.op === "+" && inserts(at - 1, -1)) || (after?.op === "+" && inserts(at + 1, 1));
}

function reindentFor(
  source: Source,
  hunk: PatchHunk,
  old: readonly PatchLine[],
  start: number,
  numberOf: (line: PatchLine, at: number) => number = (_, at) => start + at,
): ((indent: string) => string) | undefined {
  const pairs = old.flatMap((line, at) =>
    isText(line.text) ? [{ search: indentOf(line.text), file: indentOf(lineOf(source, numberOf(line, at)) ?? "") }] : [],
  );
  return learnIndent(
    pairs,
    hunk.lines.filter((line) => line.op === "+" && isText(line.text)).map((line) => indentOf(line.text)),
  );
}

/** Starts worth looking at: from the rarest lines, one more of them than may be missing. */
function startsOf(source: Source, old: readonly PatchLine[]): readonly number[] {
  const seeds = old
    .map((line, at) => ({ at, known: isText(line.text) ? source.linesLike(bare(line)) : [] }))
    .filter(({ known }) => known.length > 0)
    .sort((a, b) => a.known.length - b.known.length)
    .slice(0, mostFuzz + 1);
  const starts = new Set(seeds.flatMap(({ at, known }) => known.map((line) => line - at)));
  if (seeds.length === 0) for (const [line, text] of source.lines.entries()) if (!isText(text)) starts.add(line);
  return [...starts].sort((a, b) => a - b);
}

/** Only new lines and no context: the header's number is all there is. */
function findInsertion(source: Source, hunk: PatchHunk, anchor: { readonly line: number; readonly unique: boolean }): Candidates {
  if (source.raw === "") return { places: [{ start: 0, reindent: keepIndent }] };
  if (hunk.last) return { places: [{ start: lineCount(source), reindent: keepIndent }] };
  if (anchor.unique) return { places: [{ start: anchor.line + 1, reindent: keepIndent }] };
  if (hunk.oldStart === undefined)
    return { refused: "The hunk only adds lines and shows none around them, so its place is unknown; add some lines of context." };
  if (hunk.oldStart > lineCount(source))
    return { refused: `The hunk adds lines after line ${hunk.oldStart}, but the file has ${lineCount(source)}; read it again.` };
  return { places: [{ start: hunk.oldStart, reindent: keepIndent }] };
}
