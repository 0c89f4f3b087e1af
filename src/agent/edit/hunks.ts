// A change of text as hunks that can be accepted one by one. Hunks never touch each other, so any choice of them can be applied in any
// order: none gives the old text back byte for byte, all give the new one.

import { diffLines } from "./line-diff.ts";
import { splitLines } from "./line-end.ts";

/** Old lines `[oldFrom, oldTo)` become new lines `[newFrom, newTo)`, counted from 0. Lines include their ends. */
export interface Hunk {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The hunks that lead from one text to the other, in order. The same two texts always give the same hunks. */
export function hunksBetween(before: string, after: string): readonly Hunk[] {
  const old = splitLines(before);
  const fresh = splitLines(after);
  return diffLines(old, fresh).map(({ aFrom, aTo, bFrom, bTo }) => ({
    oldFrom: aFrom,
    oldTo: aTo,
    newFrom: bFrom,
    newTo: bTo,
    removed: old.slice(aFrom, aTo),
    added: fresh.slice(bFrom, bTo),
  }));
}

/**
 * The text with these hunks applied, in whatever order they come. Their `added` lines may have been edited.
 * Throws when a hunk was made for another text or two overlap: whoever holds hunks keeps the text they were made for.
 */
export function applyHunks(before: string, chosen: readonly Hunk[]): string {
  const lines = splitLines(before);
  const parts: string[] = [];
  let done = 0;
  for (const hunk of chosen.toSorted((a, b) => a.oldFrom - b.oldFrom || a.oldTo - b.oldTo)) {
    if (hunk.oldFrom < done) throw new Error(`two hunks change line ${hunk.oldFrom + 1}`);
    const removed = lines.slice(hunk.oldFrom, hunk.oldTo);
    if (removed.length !== hunk.removed.length || removed.some((line, at) => line !== hunk.removed[at])) {
      throw new Error(`the hunk at line ${hunk.oldFrom + 1} was made for another text`);
    }
    parts.push(lines.slice(done, hunk.oldFrom).join(""), hunk.added.join(""));
    done = hunk.oldTo;
  }
  parts.push(lines.slice(done).join(""));
  return parts.join("");
}

/** Part of a hunk: the lines a selection covers, `[from, to)` within `removed` and `added`. */
export function narrowHunk(hunk: Hunk, removed: readonly [from: number, to: number], added: readonly [from: number, to: number]): Hunk {
  return {
    oldFrom: hunk.oldFrom + removed[0],
    oldTo: hunk.oldFrom + removed[1],
    newFrom: hunk.newFrom + added[0],
    newTo: hunk.newFrom + added[1],
    removed: hunk.removed.slice(...removed),
    added: hunk.added.slice(...added),
  };
}
