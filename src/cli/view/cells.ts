// Text in cells of a terminal: how wide it is, where it can be cut. The unit is what a person sees as one character.

import stringWidth from "string-width";

const ascii = /^[\x20-\x7e]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Characters as seen: a letter with its accent, a flag, a family are one each. */
export function characters(text: string): readonly string[] {
  if (ascii.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Cells a text takes; it must be free of control codes. */
export const cells = (text: string): number => (ascii.test(text) ? text.length : stringWidth(text));

/** As much of the text as fits, ending in "…" where something was cut. */
export function cut(text: string, most: number): string {
  if (cells(text) <= most) return text;
  let kept = "";
  let used = 0;
  for (const one of characters(text)) {
    used += cells(one);
    if (used > most - 1) break;
    kept += one;
  }
  return most > 0 ? `${kept}…` : "";
}

/** The end of the text that fits, beginning with "…" where something was cut. */
export function cutStart(text: string, most: number): string {
  if (cells(text) <= most) return text;
  let kept = "";
  let used = 0;
  for (const one of [...characters(text)].reverse()) {
    used += cells(one);
    if (used > most - 1) break;
    kept = one + kept;
  }
  return most > 0 ? `…${kept}` : "";
}
