// Parts of a prompt: each of a category, with a rank, and as large as the text is. What does not fit loses its middle, then goes, the
// least needed first. Invariant: what comes out fits, whatever went in. Pure; no model is asked.

import { isPair, tenthsOf, tokensOf } from "../model/tokens.ts";

/** What a request is made of, in the order it is put together. */
export const categories = ["tools", "instructions", "briefing", "plan", "lessons", "conversation", "results"] as const;
export type Category = (typeof categories)[number];

export interface Part {
  readonly category: Category;
  /** Higher ones are kept longer. */
  readonly rank: number;
  readonly text: string;
}

/** What a part still says before it goes altogether, in tokens. */
const least = 60;

/** The parts, in their order, cut down to `room` tokens where each ends in a line break; those that are gone are left out. */
export function fitParts<P extends Part>(parts: readonly P[], room: number): readonly P[] {
  const sizes = parts.map((part) => lineTokens(part.text));
  let excess = sizes.reduce((sum, size) => sum + size, 0) - Math.max(0, room);
  if (excess <= 0) return parts;
  const texts = parts.map((part) => part.text);
  const order = parts.map((_, at) => at).sort((a, b) => (parts[a]?.rank ?? 0) - (parts[b]?.rank ?? 0));
  for (const floor of [least, 0]) {
    for (const at of order) {
      const size = sizes[at] ?? 0;
      if (excess <= 0 || size <= floor) continue;
      const text = clip(texts[at] ?? "", Math.max(floor, size - excess) - 1);
      texts[at] = text;
      sizes[at] = text === "" ? 0 : lineTokens(text);
      excess -= size - (sizes[at] ?? 0);
    }
  }
  return parts.flatMap((part, at) => (texts[at] === "" ? [] : [{ ...part, text: texts[at] ?? "" }]));
}

const lineTokens = (text: string): number => tokensOf(text) + 1;

const mark = " […] ";

/** The text, or as much of its beginning and its end as fits into so many tokens; nothing where not even the mark between them fits. */
export function clip(text: string, most: number): string {
  if (tokensOf(text) <= most) return text;
  const room = 10 * most - tenthsOf(mark);
  if (room <= 0) return "";
  const head = take(text, Math.floor(room * 0.6), 1);
  const tail = take(text, room - tenthsOf(head), -1);
  return `${head}${mark}${tail}`;
}

/** As many whole characters as fit, from the beginning (1) or the end (-1). */
function take(text: string, tenths: number, step: 1 | -1): string {
  let left = tenths;
  let units = 0;
  while (units < text.length) {
    const at = step === 1 ? units : text.length - 1 - units;
    const pair = isPair(text, step === 1 ? at : at - 1);
    const cost = pair ? 14 : text.charCodeAt(at) >= 0x300 ? 10 : 4;
    if (cost > left) break;
    left -= cost;
    units += pair ? 2 : 1;
  }
  return step === 1 ? text.slice(0, units) : text.slice(text.length - units);
}
