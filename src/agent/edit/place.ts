// What stands at a place that was found letter by letter, once the replacement is in. Line ends of the file stay; new lines take them on.

import { fold, foldCharacters, unfold } from "./fold.ts";
import { splitPieces } from "./line-end.ts";
import { rewrite } from "./rewrite.ts";
import type { Source } from "./source.ts";
import { lineEndNear, type Place } from "./window.ts";

/** Offsets into the source's `lf`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export const keepIndent = (indent: string): string => indent;

/** An exact place. Line ends of the file stay; new lines take the file's, or their own where the file has none yet. */
export function placeText(source: Source, at: Range, search: string, replace: string, given: string): Place {
  const shifted = shiftLines(source, at.start, search, replace);
  if (source.mixed) return placePieces(source, at, search, shifted);
  const text = source.style === "" ? given : source.style === "\n" ? shifted : shifted.replaceAll("\n", source.style);
  return { ...rangeOf(source, at), text };
}

/** Line by line, so that the lines that the block leaves alone keep their characters and their ends. */
function placePieces(source: Source, at: Range, search: string, replace: string): Place {
  const range = rangeOf(source, at);
  const pieces = search.split("\n");
  const edit = rewrite({
    file: splitPieces(source.raw.slice(range.start, range.end), source.style),
    search: pieces,
    replace: replace.split("\n"),
    aligned: pieces.map((_, index) => index),
    reindent: keepIndent,
    newLine: lineEndNear(source, range.toLine - 1),
    replaced: "compared",
  });
  if ("refused" in edit) throw new Error(`a place that was compared cannot be refused: ${edit.refused}`);
  return { ...range, text: edit.text };
}

const rangeOf = (source: Source, { start, end }: Range): Omit<Place, "text"> => ({
  start: source.toRaw(start),
  end: source.toRaw(end),
  fromLine: source.lineAt(start),
  toLine: source.lineAt(Math.max(start, end - 1)) + 1,
});

/**
 * A place spelled with other code points. Where replacement and search agree at both ends, the file's own spelling stays, so that a name
 * that is kept is still the same name.
 */
export function placeFolded(source: Source, at: Range, search: string, replace: string): Place {
  const shorter = Math.min(search.length, replace.length);
  let head = 0;
  while (head < shorter && search[head] === replace[head]) head++;
  let tail = 0;
  while (tail < shorter - head && search[search.length - 1 - tail] === replace[replace.length - 1 - tail]) tail++;
  const folded = fold(source.lf.slice(at.start, at.end));
  // Inside a letter that is spelled differently there is no such point; then go back to the letter's edge.
  const start = () => unfold(folded, foldCharacters(search.slice(0, head)).length);
  while (head > 0 && (start() === undefined || splitsLetter(search, head) || splitsLetter(replace, head))) head--;
  const end = () => unfold(folded, folded.text.length - foldCharacters(search.slice(search.length - tail)).length);
  while (tail > 0 && (end() === undefined || splitsLetter(search, search.length - tail) || splitsLetter(replace, replace.length - tail)))
    tail--;
  const from = at.start + (head === 0 ? 0 : (start() ?? 0));
  const to = tail === 0 ? at.end : at.start + (end() ?? 0);
  const middle = placePieces(
    source,
    { start: from, end: to },
    search.slice(head, search.length - tail),
    replace.slice(head, replace.length - tail),
  );
  const range = rangeOf(source, at);
  return { ...range, text: source.raw.slice(range.start, middle.start) + middle.text + source.raw.slice(middle.end, range.end) };
}

const splitsLetter = (text: string, at: number): boolean =>
  /^[\p{M}\u1160-\u11ff\udc00-\udfff]/u.test(text.slice(at, at + 1)) || /[\ud800-\udbff]$/.test(text.slice(0, at));

/**
 * A single indented line that is found in the middle of a deeper indent: further lines of the replacement belong as deep as that line
 * really is.
 */
function shiftLines(source: Source, start: number, search: string, replace: string): string {
  if (!/^[ \t]/.test(search) || search.slice(0, -1).includes("\n") || !replace.includes("\n")) return replace;
  const before = source.lf.slice(source.startOf(source.lineAt(start)), start);
  return /^[ \t]+$/.test(before) ? replace.replace(/\n(?=[^\n])/g, `\n${before}`) : replace;
}
