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

/** Measuring one character costs a tenth of a millisecond, and most texts repeat theirs. */
const known = new Map<string, number>();
const mostKnown = 5000;

/** Cells a text takes, our own colours aside; other control codes must be gone from it. */
export const cells = (text: string): number =>
  ascii.test(text) ? text.length : characters(text.replace(colours, "")).reduce((sum, one) => sum + cellsOf(one), 0);

const colours = /\x1b\[\d+m/g;

function cellsOf(character: string): number {
  const before = known.get(character);
  if (before !== undefined) return before;
  const width = ascii.test(character) ? 1 : stringWidth(character);
  if (known.size >= mostKnown) known.clear();
  known.set(character, width);
  return width;
}

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
