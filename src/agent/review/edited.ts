// A whole proposal that a person edited, taken apart again into what became of each hunk. Pure.
// Whatever stands in the edited text is in the answers: a change beside every hunk belongs to the nearest one.

import { type Hunk, hunksBetween } from "../edit/hunks.ts";
import { splitLines } from "../edit/line-end.ts";
import type { HunkDecision } from "./decision.ts";
import type { ReviewFile } from "./file.ts";

/** A stretch of the base, `[from, to)`, with the hunks and the person's changes that lie in it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly hunks: readonly number[];
}

/**
 * For each hunk that was in the text when the person began: null where it stands as proposed, else what became of it. `within`: the
 * hunks that were in the text.
 */
export function decisionsFrom(file: ReviewFile, edited: string, within: readonly number[]): ReadonlyMap<number, HunkDecision | null> {
  const fresh = hunksBetween(file.base, edited);
  const lines = splitLines(edited);
  const decisions = new Map<number, HunkDecision | null>();
  for (const stretch of stretches(file, fresh, within)) {
    const [first, ...others] = stretch.hunks;
    if (first === undefined) continue;
    decisions.set(first, decisionFor(file, stretch, textOf(stretch, fresh, lines)));
    for (const other of others) decisions.set(other, { is: "joined", with: first });
  }
  return decisions;
}

function decisionFor(file: ReviewFile, { from, to, hunks }: Stretch, text: string): HunkDecision | null {
  const hunk = file.hunks[hunks[0] ?? 0];
  const alone = hunks.length === 1 && hunk?.oldFrom === from && hunk.oldTo === to;
  if (alone && hunk && text === hunk.added.join("")) return null;
  if (alone && hunk && text === hunk.removed.join("")) return { is: "rejected" };
  return alone ? { is: "changed", text } : { is: "changed", text, from, to };
}

/** Stretches that overlap become one; one without a hunk joins its nearest neighbour that has one. */
function stretches(file: ReviewFile, fresh: readonly Hunk[], within: readonly number[]): readonly Stretch[] {
  const all: Stretch[] = [
    ...within.flatMap((index) => {
      const hunk = file.hunks[index];
      return hunk ? [{ from: hunk.oldFrom, to: hunk.oldTo, hunks: [index] }] : [];
    }),
    ...fresh.map(({ oldFrom, oldTo }) => ({ from: oldFrom, to: oldTo, hunks: [] })),
  ].toSorted((a, b) => a.from - b.from || a.to - b.to);
  const merged = joinWhere(all, meet);
  const owners = merged.filter(({ hunks }) => hunks.length > 0);
  const claimed = merged.map((one) => (one.hunks.length > 0 ? one : span(one, nearest(one, owners))));
  return joinWhere(
    claimed.toSorted((a, b) => a.from - b.from || a.to - b.to),
    (a, b) => meet(a, b) || a.hunks.some((hunk) => b.hunks.includes(hunk)),
  );
}

function joinWhere(sorted: readonly Stretch[], together: (a: Stretch, b: Stretch) => boolean): readonly Stretch[] {
  const out: Stretch[] = [];
  for (const one of sorted) {
    const last = out.at(-1);
    if (last && together(last, one)) out[out.length - 1] = span(last, one);
    else out.push(one);
  }
  return out;
}

const span = (a: Stretch, b: Stretch | undefined): Stretch =>
  b ? { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to), hunks: [...new Set([...a.hunks, ...b.hunks])].sort((x, y) => x - y) } : a;

const nearest = (one: Stretch, owners: readonly Stretch[]): Stretch | undefined => owners.toSorted((a, b) => gap(one, a) - gap(one, b))[0];

const gap = (a: Stretch, b: Stretch): number => Math.max(0, a.from - b.to, b.from - a.to);

/** Whether they share a line, or one is a point at the other's edge. */
function meet(a: Stretch, b: Stretch): boolean {
  const point = a.from === a.to || b.from === b.to;
  return point ? a.from <= b.to && b.from <= a.to : a.from < b.to && b.from < a.to;
}

/** What the stretch of the base became. */
function textOf({ from, to }: Stretch, fresh: readonly Hunk[], lines: readonly string[]): string {
  const inside = fresh.filter((hunk) => hunk.oldFrom >= from && hunk.oldTo <= to);
  const before = fresh.filter((hunk) => hunk.oldTo <= from && !inside.includes(hunk));
  const shift = before.reduce((sum, hunk) => sum + hunk.newTo - hunk.newFrom - (hunk.oldTo - hunk.oldFrom), 0);
  const grown = inside.reduce((sum, hunk) => sum + hunk.newTo - hunk.newFrom - (hunk.oldTo - hunk.oldFrom), 0);
  return lines.slice(from + shift, to + shift + grown).join("");
}
