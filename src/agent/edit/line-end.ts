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
  const mark = style === "\r" ? "\r" : "\n";
  let from = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, from)) {
    const returned = mark === "\n" && at > from && text.charCodeAt(at - 1) === 13;
    pieces.push({ text: text.slice(from, returned ? at - 1 : at), end: returned ? "\r\n" : mark });
    from = at + 1;
  }
  pieces.push({ text: text.slice(from), end: "" });
  return pieces;
}

/** Splits into lines that include their ends; joining them gives the text. An empty text has no lines. */
export function splitLines(text: string, style: LineEnd = usesBareReturns(text) ? "\r" : "\n"): string[] {
  const lines: string[] = [];
  const mark = style === "\r" ? "\r" : "\n";
  let from = 0;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, from)) {
    lines.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length) lines.push(text.slice(from));
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
