// A hunk narrowed to the lines a person selected: those are accepted as proposed, the others stay as they were. Pure.

import type { Hunk } from "../edit/hunks.ts";
import type { HunkDecision } from "./decision.ts";

/** Lines `[from, to)` within the hunk's removed or added lines. */
export type Lines = readonly [from: number, to: number];

/**
 * Where a line was changed into a line, selecting either selects both. Undefined where nothing is selected; all of it is the plain
 * acceptance.
 */
export function acceptLines(hunk: Hunk, selected: { readonly removed: Lines; readonly added: Lines }): HunkDecision | undefined {
  const { removed, added } = hunk.removed.length === hunk.added.length ? paired(selected) : selected;
  if (isEmpty(removed) && isEmpty(added)) return undefined;
  if (covers(removed, hunk.removed.length) && covers(added, hunk.added.length)) return { is: "accepted" };
  // New lines alone stand behind the old ones that stay.
  const [from, to] = isEmpty(removed) ? ([hunk.removed.length, hunk.removed.length] as const) : removed;
  const lines = [...hunk.removed.slice(0, from), ...hunk.added.slice(...added), ...hunk.removed.slice(to)];
  return { is: "changed", text: ended(lines), part: true };
}

function paired({ removed, added }: { readonly removed: Lines; readonly added: Lines }): {
  readonly removed: Lines;
  readonly added: Lines;
} {
  const lines = [removed, added].filter((one) => !isEmpty(one));
  if (lines.length === 0) return { removed, added };
  const both: Lines = [Math.min(...lines.map(([from]) => from)), Math.max(...lines.map(([, to]) => to))];
  return { removed: both, added: both };
}

const isEmpty = ([from, to]: Lines): boolean => to <= from;
const covers = ([from, to]: Lines, length: number): boolean => from <= 0 && to >= length;

/** A last line of a file without an end gets one where it is no longer the last. */
function ended(lines: readonly string[]): string {
  const end = lines.find((line) => line.endsWith("\n"))?.endsWith("\r\n") ? "\r\n" : "\n";
  return lines.map((line, at) => (at < lines.length - 1 && !line.endsWith("\n") ? line + end : line)).join("");
}
