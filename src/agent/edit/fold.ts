// Text that reads the same but is spelled with other code points: composed or decomposed letters, typographic quotes, dashes, spaces.
// Owns the one spelling that all are folded to, and the way back to the original offsets.

import { countBelow } from "./ascending.ts";

/** One spelling for characters that look alike: composed form, straight quotes, plain hyphen and space. Length may change. */
export function foldCharacters(text: string): string {
  if (!hasNonAscii(text)) return text;
  return text
    .normalize("NFC")
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, " ");
}

export const hasNonAscii = (text: string): boolean => /[^\x00-\x7f]/.test(text);

/** Folded text with the stretches that changed: `[at, at + length)` came from `[from, from + size)`; ascending. */
export interface Folded {
  readonly text: string;
  readonly changes: readonly { readonly at: number; readonly length: number; readonly from: number; readonly size: number }[];
  /** The `at` of every change. */
  readonly starts: readonly number[];
}

/** Folds a text and remembers where. */
export function fold(text: string): Folded {
  const parts: string[] = [];
  const changes: { at: number; length: number; from: number; size: number }[] = [];
  let length = 0;
  let done = 0;
  const copy = (part: string) => {
    parts.push(part);
    length += part.length;
  };
  // A letter with its marks, or a run of conjoining Korean letters: the smallest stretches that composing can change.
  for (const match of text.matchAll(/[\u1100-\u11ff]+|\P{M}\p{M}+|[^\p{M}\p{ASCII}]/gu)) {
    const before = match[0];
    const after = foldCharacters(before);
    if (after === before) continue;
    copy(text.slice(done, match.index));
    changes.push({ at: length, length: after.length, from: match.index, size: before.length });
    copy(after);
    done = match.index + before.length;
  }
  copy(text.slice(done));
  return { text: parts.join(""), changes, starts: changes.map((change) => change.at) };
}

/** Offsets `[start, end)` in the original of everything that reads like `search`, overlapping ones too. */
export function findFolded(folded: Folded, search: string): readonly { readonly start: number; readonly end: number }[] {
  const wanted = foldCharacters(search);
  const found: { start: number; end: number }[] = [];
  for (let at = folded.text.indexOf(wanted); at !== -1; at = folded.text.indexOf(wanted, at + 1)) {
    const start = unfold(folded, at);
    const end = unfold(folded, at + wanted.length);
    if (start !== undefined && end !== undefined) found.push({ start, end });
  }
  return found;
}

/** The offset in the original; undefined inside a stretch that changed, where there is none. */
export function unfold({ changes, starts }: Folded, offset: number): number | undefined {
  const last = changes[countBelow(starts, offset + 1) - 1];
  if (!last) return offset;
  if (offset === last.at) return last.from;
  return offset < last.at + last.length ? undefined : last.from + last.size + offset - last.at - last.length;
}
