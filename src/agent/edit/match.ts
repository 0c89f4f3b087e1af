// Finds the one place of a text that a search/replace block means. Tiers, each tried only when the ones before found nothing: exact,
// other code points for the same characters, other white space at line ends, other indentation (the replacement follows), and last a
// block that is anchored at both ends and nearly the same in between. Unique or refused: a block never picks one of several places.

import { anchor } from "./anchor.ts";
import { findFolded, hasNonAscii } from "./fold.ts";
import { toLineFeeds } from "./line-end.ts";
import { excerpt, type Nearest, nearest } from "./nearest.ts";
import { keepIndent, placeFolded, placeText, type Range } from "./place.ts";
import type { Source } from "./source.ts";
import { type BlockLines, indentFor, type Place, placeLines, readLines, runsIgnoringIndent, runsIgnoringTrailingSpace } from "./window.ts";

export interface Block {
  readonly search: string;
  readonly replace: string;
  /** Replace every occurrence instead of refusing more than one. */
  readonly all?: boolean | undefined;
}

export type Tier = "exact" | "characters" | "whitespace" | "indentation" | "anchored";

/** How sure a match is, by tier; an anchored match states its own figure. */
const confidenceOf: Readonly<Record<Exclude<Tier, "anchored">, number>> = {
  exact: 1,
  characters: 0.99,
  whitespace: 0.98,
  indentation: 0.95,
};

export interface Located {
  readonly ok: true;
  readonly tier: Tier;
  readonly confidence: number;
  readonly places: readonly Place[];
}
export interface Refused {
  readonly ok: false;
  readonly reason: string;
  readonly nearest?: Nearest;
}

/** Where the block applies and what stands there afterwards. A pure function of both: other blocks play no part. */
export function locate(source: Source, block: Block): Located | Refused {
  const search = toLineFeeds(block.search, source.style);
  const replace = toLineFeeds(block.replace, source.style);
  if (search === "") return locateEmpty(source, block);
  const exact = offsetsOf(source.lf, search, block.all ? search.length : 1).map((start) => ({ start, end: start + search.length }));
  if (exact.length > 0) return choose(source, block, "exact", exact, (at) => placeText(source, at, search, replace, block.replace));
  if (!source.plain || hasNonAscii(search)) {
    const folded = findFolded(source.folded, search);
    if (folded.length > 0) return choose(source, block, "characters", folded, (at) => placeFolded(source, at, search, replace));
  }
  return locateLines(source, block, search, replace);
}

function locateLines(source: Source, block: Block, search: string, replace: string): Located | Refused {
  const readings = readLines(search, replace);
  const toRange = (length: number) => (line: number) => ({ start: source.startOf(line), end: source.startOf(line + length) });
  for (const lines of readings) {
    const runs = runsIgnoringTrailingSpace(source, lines.search).map(toRange(lines.search.length));
    if (runs.length > 0)
      return choose(source, block, "whitespace", runs, (at) => placeRun(source, lines, source.lineAt(at.start), keepIndent));
  }
  for (const lines of readings) {
    const fits = new Map(runsIgnoringIndent(source, lines.search).flatMap((line) => paired(line, indentFor(source, lines, line))));
    const runs = [...fits.keys()].map(toRange(lines.search.length));
    if (runs.length > 0) {
      return choose(source, block, "indentation", runs, (at) => {
        const line = source.lineAt(at.start);
        const { block: reading, reindent } = fits.get(line) ?? { block: lines, reindent: keepIndent };
        return placeRun(source, reading, line, reindent);
      });
    }
  }
  for (const lines of readings) {
    const anchored = anchor(source, lines, "similar");
    if (!anchored) continue;
    if ("refused" in anchored) return refuseMissing(source, search, anchored.refused);
    return { ok: true, tier: "anchored", confidence: anchored.confidence, places: [anchored.place] };
  }
  return refuseMissing(source, search);
}

const paired = <T>(line: number, fit: T | undefined): [number, T][] => (fit === undefined ? [] : [[line, fit]]);

function placeRun(source: Source, lines: BlockLines, fromLine: number, reindent: (indent: string) => string): Place {
  const run = { fromLine, toLine: fromLine + lines.search.length, aligned: lines.search.map((_, at) => at) };
  const place = placeLines(source, lines, run, { reindent, replaced: "compared" });
  if ("refused" in place) throw new Error(`lines that were compared cannot be refused: ${place.refused}`);
  return place;
}

/** One range, or with `all` every range that does not overlap the one before; else says how many there are and where. */
function choose(
  source: Source,
  block: Block,
  tier: Exclude<Tier, "anchored">,
  ranges: readonly Range[],
  place: (at: Range) => Place,
): Located | Refused {
  const first = ranges[0];
  if (ranges.length > 1 && !block.all && first) return refuseAmbiguous(source, ranges, first);
  let end = 0;
  const places: Place[] = [];
  for (const range of ranges) {
    if (range.start < end) continue;
    places.push(place(range));
    end = range.end;
  }
  return { ok: true, tier, confidence: confidenceOf[tier], places };
}

/** Starts of every occurrence that is at least so far behind the one before. */
function offsetsOf(text: string, search: string, apart: number): readonly number[] {
  const offsets: number[] = [];
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + apart)) offsets.push(at);
  return offsets;
}

/** An empty search means the whole content of a file that has none yet. */
function locateEmpty(source: Source, block: Block): Located | Refused {
  if (source.raw !== "")
    return { ok: false, reason: "The search text is empty, which is only allowed for an empty or new file; say which text to replace." };
  return { ok: true, tier: "exact", confidence: 1, places: [{ start: 0, end: 0, text: block.replace, fromLine: 0, toLine: 1 }] };
}

const mostLinesNamed = 8;

function refuseAmbiguous(source: Source, ranges: readonly Range[], first: Range): Refused {
  const lines = ranges.slice(0, mostLinesNamed).map((range) => source.lineAt(range.start) + 1);
  const more = ranges.length > mostLinesNamed ? " and more" : ` and ${lines.pop()}`;
  return {
    ok: false,
    reason: `The search text occurs ${ranges.length} times, at lines ${lines.join(", ")}${more}; add lines around it until it is unique, or set "all".`,
    nearest: widen(source, first),
  };
}

/** The first of several occurrences with as many lines around it as make it the only one, so that it can be copied. */
function widen(source: Source, range: Range): Nearest {
  let from = source.lineAt(range.start);
  let to = source.lineAt(range.end - 1) + 1;
  const textOf = () => source.lf.slice(source.startOf(from), source.startOf(to - 1) + (source.lines[to - 1] ?? "").length);
  const isUnique = () => source.lf.indexOf(textOf()) === source.lf.lastIndexOf(textOf());
  for (let step = 0; step < mostLinesNamed && !isUnique(); step++) {
    if (from > 0) from--;
    if (to < source.lines.length && !isUnique()) to++;
  }
  return excerpt(source, from, to);
}

function refuseMissing(source: Source, search: string, because?: string): Refused {
  const found = nearest(source, search);
  if (!found)
    return { ok: false, reason: `${because ?? "The search text is not in the file, nor anything like it"}; read the file again.` };
  const difference = found.difference ? `: ${found.difference}` : "";
  return {
    ok: false,
    reason: `${because ?? "The search text is not in the file"}. The nearest text is at lines ${found.from}-${found.to}${difference}.`,
    nearest: found,
  };
}
