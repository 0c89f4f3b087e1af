// Brings hunks made for one text over to what the text has become since. A hunk that meets the person's own change is a conflict and is
// not applied: what a person wrote is never dropped, nor mixed with what was proposed.

import { applyHunks, type Hunk, hunksBetween } from "./hunks.ts";
import { splitLines } from "./line-end.ts";

export interface Rebased {
  /** The hunks for the current text. */
  readonly hunks: readonly Hunk[];
  /** Hunks whose very change is there already. */
  readonly already: readonly Hunk[];
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  /** The hunk as made for the base. */
  readonly hunk: Hunk;
  /** Lines `[from, to)` of the current text that it would touch, counted from 0, and what they are. */
  readonly from: number;
  readonly to: number;
  readonly current: readonly string[];
}

/** Where one hunk stands in the text as it is now. */
export type Standing =
  | { readonly is: "moved"; readonly hunk: Hunk }
  | { readonly is: "already"; readonly hunk: Hunk }
  | { readonly is: "conflict"; readonly conflict: Conflict };

/** Moves hunks from the text they were made for to the text as it is now; each by itself, in their order. */
export function rebaseEach(hunks: readonly Hunk[], base: string, current: string): readonly Standing[] {
  const theirs = base === current ? [] : hunksBetween(base, current);
  if (theirs.length === 0) return hunks.map((hunk) => ({ is: "moved", hunk }));
  const lines = splitLines(current);
  return hunks.map((hunk): Standing => {
    const met = theirs.filter((other) => meet(hunk, other));
    const before = theirs.findLast((other) => other.oldTo <= hunk.oldFrom && !met.includes(other));
    const shift = before ? before.newTo - before.oldTo : 0;
    if (met.length === 0) return { is: "moved", hunk: { ...hunk, oldFrom: hunk.oldFrom + shift, oldTo: hunk.oldTo + shift } };
    if (met.length === 1 && isSame(hunk, met[0])) return { is: "already", hunk };
    return { is: "conflict", conflict: conflictOf(hunk, met, lines) };
  });
}

/** The same, sorted by how they stand. */
export function rebase(hunks: readonly Hunk[], base: string, current: string): Rebased {
  const each = rebaseEach(hunks, base, current);
  return {
    hunks: each.flatMap((one) => (one.is === "moved" ? [one.hunk] : [])),
    already: each.flatMap((one) => (one.is === "already" ? [one.hunk] : [])),
    conflicts: each.flatMap((one) => (one.is === "conflict" ? [one.conflict] : [])),
  };
}

export interface Merged {
  /** The current text with every hunk that does not conflict. */
  readonly text: string;
  readonly conflicts: readonly Conflict[];
}

/** Three-way merge of a proposal into a text that was changed meanwhile. Where both changed the same lines, the current text stays. */
export function merge(base: string, current: string, proposed: string): Merged {
  const { hunks, conflicts } = rebase(hunksBetween(base, proposed), base, current);
  return { text: applyHunks(current, hunks), conflicts };
}

/** Ranges that share a line, or of which one is a point on the other's edge: then nobody can say what comes first. */
function meet(a: Hunk, b: Hunk): boolean {
  const point = a.oldFrom === a.oldTo || b.oldFrom === b.oldTo;
  return point ? a.oldFrom <= b.oldTo && b.oldFrom <= a.oldTo : a.oldFrom < b.oldTo && b.oldFrom < a.oldTo;
}

const isSame = (a: Hunk, b: Hunk | undefined): boolean =>
  b !== undefined &&
  a.oldFrom === b.oldFrom &&
  a.oldTo === b.oldTo &&
  a.added.length === b.added.length &&
  a.added.every((line, at) => line === b.added[at]);

function conflictOf(hunk: Hunk, met: readonly Hunk[], lines: readonly string[]): Conflict {
  const first = met[0] ?? hunk;
  const last = met.at(-1) ?? hunk;
  // Lines of the hunk outside the other changes lie as far from them as they did in the base.
  const from = first.newFrom - Math.max(0, first.oldFrom - hunk.oldFrom);
  const to = last.newTo + Math.max(0, hunk.oldTo - last.oldTo);
  return { hunk, from, to, current: lines.slice(from, to) };
}
