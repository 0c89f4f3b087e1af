// Finds runs of whole lines that match a block's lines, in one of two tolerances, and works out what each run becomes.

import { foldCharacters } from "./fold.ts";
import { indentOf, learnIndent } from "./indent.ts";
import { firstEnd, type LineEnd, splitPieces } from "./line-end.ts";
import { type Rewrite, rewrite } from "./rewrite.ts";
import { lineKey, type Source } from "./source.ts";

/** A block's text as lines. `closed`: the text ended with a line end, so the last line's end belongs to it. */
export interface BlockLines {
  readonly search: readonly string[];
  readonly replace: readonly string[];
  readonly closed: boolean;
}

/** A stretch of the source and what it becomes, in offsets and line ends of the raw text. Lines are zero-based, `toLine` exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly fromLine: number;
  readonly toLine: number;
}

/** The block's lines, and a second reading without the blank lines at its edges that models like to add. */
export function readLines(search: string, replace: string): readonly BlockLines[] {
  const pieces = search.split("\n");
  const closed = pieces.length > 1 && pieces.at(-1) === "";
  const lines = closed ? pieces.slice(0, -1) : pieces;
  const first = lines.findIndex(isText);
  if (first === -1) return [];
  const asGiven: BlockLines = { search: lines, replace: replace.split("\n"), closed };
  const last = lines.findLastIndex(isText);
  if (first === 0 && last === lines.length - 1) return [asGiven];
  return [
    asGiven,
    { search: lines.slice(first, last + 1), replace: withoutEdges(asGiven.replace, first, lines.length - 1 - last), closed },
  ];
}

/** Takes away up to so many blank lines at either end, as many as the search loses. */
function withoutEdges(lines: readonly string[], leading: number, trailing: number): readonly string[] {
  const ended = lines.length > 1 && lines.at(-1) === "";
  let from = 0;
  let to = ended ? lines.length - 1 : lines.length;
  while (from < leading && from < to && !isText(lines[from] ?? "")) from++;
  for (let cut = 0; cut < trailing && to > from && !isText(lines[to - 1] ?? ""); cut++) to--;
  return [...lines.slice(from, to), ...(ended ? [""] : [])];
}

export const isText = (line: string): boolean => line.trim() !== "";

/** First lines of all runs that equal the block's lines but for white space at the line ends. */
export function runsIgnoringTrailingSpace(source: Source, lines: readonly string[]): readonly number[] {
  const bare = lines.map((line) => foldCharacters(line.trimEnd()));
  return runs(source, lines, (at, line) => bare[at] === foldCharacters((source.lines[line] ?? "").trimEnd()));
}

/** First lines of all runs that equal the block's lines but for white space at both ends of each. */
export function runsIgnoringIndent(source: Source, lines: readonly string[]): readonly number[] {
  const keys = lines.map(lineKey);
  return runs(source, lines, (at, line) => keys[at] === source.keyAt(line));
}

function runs(source: Source, lines: readonly string[], equal: (at: number, line: number) => boolean): readonly number[] {
  let seed = -1;
  let fewest: readonly number[] = [];
  for (const [at, line] of lines.entries()) {
    if (!isText(line)) continue;
    const known = source.linesLike(line);
    if (known.length === 0) return [];
    if (seed === -1 || known.length < fewest.length) {
      seed = at;
      fewest = known;
    }
  }
  const found: number[] = [];
  for (const line of fewest) {
    const start = line - seed;
    if (start < 0 || start + lines.length > source.lines.length) continue;
    if (lines.every((_, at) => equal(at, start + at))) found.push(start);
  }
  return found;
}

/** The block as it reads at a run, and how its depths become those of the file; undefined when the two contradict each other. */
export function indentFor(
  source: Source,
  block: BlockLines,
  start: number,
): { readonly block: BlockLines; readonly reindent: (indent: string) => string } | undefined {
  const depths = block.search.map((_, at) => indentOf(source.lines[start + at] ?? ""));
  for (const reading of [block, withFirstIndent(block, depths)]) {
    if (!reading) continue;
    const pairs = reading.search.flatMap((line, at) => (isText(line) ? [{ search: indentOf(line), file: depths[at] ?? "" }] : []));
    const reindent = learnIndent(pairs, reading.replace.filter(isText).map(indentOf));
    if (reindent) return { block: reading, reindent };
  }
  return undefined;
}

/** A first line that lost its indentation on the way gets that of another line of the block which lies as deep in the file. */
function withFirstIndent(block: BlockLines, depths: readonly string[]): BlockLines | undefined {
  const [first = "", ...others] = block.search;
  const equal = block.search.find((line, at) => at > 0 && isText(line) && depths[at] === depths[0]);
  if (indentOf(first) !== "" || equal === undefined || indentOf(equal) === "") return undefined;
  const [head = "", ...rest] = block.replace;
  const indent = indentOf(equal);
  const replace = isText(head) && indentOf(head) === "" ? [indent + head, ...rest] : block.replace;
  return { ...block, search: [indent + first, ...others], replace };
}

/** Where in the source the lines `[fromLine, toLine)` lie; the last line's end is part of it only for a closed block. */
export function placeLines(
  source: Source,
  block: BlockLines,
  run: { readonly fromLine: number; readonly toLine: number; readonly aligned: readonly number[] },
  how: { readonly reindent: (indent: string) => string; readonly replaced: Rewrite["replaced"] },
): Place | { readonly refused: string } {
  const { fromLine, toLine } = run;
  const atEnd = toLine === source.lines.length;
  const open = !block.closed || atEnd;
  const replace =
    block.closed && atEnd && block.replace.length > 1 && block.replace.at(-1) === "" ? block.replace.slice(0, -1) : block.replace;
  const start = source.toRaw(source.startOf(fromLine));
  const end = source.toRaw(open ? source.startOf(toLine - 1) + (source.lines[toLine - 1] ?? "").length : source.startOf(toLine));
  // Deleting the last lines of a text without a final line end takes the line end before them: the text still has none.
  if (block.closed && atEnd && replace.length === 1 && replace[0] === "" && fromLine > 0) {
    return { start: start - source.endOf(fromLine - 1).length, end, text: "", fromLine, toLine };
  }
  const edit = rewrite({
    file: splitPieces(source.raw.slice(start, end), source.style),
    search: open ? block.search : [...block.search, ""],
    replace,
    aligned: open ? run.aligned : [...run.aligned, toLine - fromLine],
    reindent: how.reindent,
    newLine: lineEndNear(source, toLine - 1),
    replaced: how.replaced,
  });
  return "refused" in edit ? edit : { start, end, text: edit.text, fromLine, toLine };
}

/** The line end a new line gets here: that of this line, or of the one before, or of most lines. */
export const lineEndNear = (source: Source, line: number): LineEnd =>
  firstEnd(source.endOf(line), source.endOf(Math.max(0, line - 1)), source.style, "\n");
