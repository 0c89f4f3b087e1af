// Lines and their ends. A line keeps its own end, so that joining lines gives back the text they were split from.
// A carriage return alone is a line end only in a text that has no other kind.

export type LineEnd = "" | "\n" | "\r\n" | "\r";

export interface Line {
  readonly text: string;
  readonly end: LineEnd;
}

/** Splits at every line end. There is always one piece after the last line end, empty when the text ends with one. */
export function splitPieces(text: string, style: LineEnd = usesBareReturns(text) ? "\r" : "\n"): Line[] {
  const pieces: Line[] = [];
  const ends = style === "\r" ? /\r/g : /\r?\n/g;
  let from = 0;
  for (const match of text.matchAll(ends)) {
    pieces.push({ text: text.slice(from, match.index), end: match[0] as LineEnd });
    from = match.index + match[0].length;
  }
  pieces.push({ text: text.slice(from), end: "" });
  return pieces;
}

/** Splits into lines that include their ends; joining them gives the text. An empty text has no lines. */
export function splitLines(text: string, style?: LineEnd): string[] {
  const lines = splitPieces(text, style).map((piece) => piece.text + piece.end);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Every line end as "\n". */
export function toLineFeeds(text: string, style: LineEnd): string {
  if (!text.includes("\r")) return text;
  return style === "\r" ? text.replace(/\r\n?/g, "\n") : text.replaceAll("\r\n", "\n");
}

export const usesBareReturns = (text: string): boolean => text.includes("\r") && !text.includes("\n");

/** The first of these that is a line end at all. */
export const firstEnd = (...ends: readonly (LineEnd | undefined)[]): LineEnd => ends.find((end) => end !== undefined && end !== "") ?? "";
