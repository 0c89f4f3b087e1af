// A reviewed file as lines to read: what stays, what goes and what comes, one below the other, with the hunk each line belongs to. Pure.
// The lines of a hunk stay where they are while it is decided; only what is typed, in the file or in the hunk, moves anything.

import { splitLines } from "../edit/line-end.ts";
import type { HunkAnswer } from "./decision.ts";
import type { ReviewFile } from "./file.ts";
import { type Placed, placeHunks } from "./place.ts";

export type HunkMood = "open" | "accepted" | "changed" | "rejected" | "already" | "conflict";

export interface Row {
  /** Without its line end. */
  readonly text: string;
  readonly is: "kept" | "removed" | "added";
  readonly hunk?: number;
}

/** Rows `[from, from + removed + added)` of a hunk; one that only takes lines away or only brings some has none of the others. */
export interface HunkRows {
  readonly hunk: number;
  readonly mood: HunkMood;
  readonly answer: HunkAnswer | undefined;
  readonly from: number;
  readonly removed: number;
  readonly added: number;
  readonly placed: Placed | undefined;
}

export interface ReviewRows {
  readonly rows: readonly Row[];
  /** In the order of the rows. */
  readonly hunks: readonly HunkRows[];
}

/** `current`: the text as it is now; what is not text is named in one row. */
export function rowsOf(file: ReviewFile, answers: readonly HunkAnswer[], current: string): ReviewRows {
  if (file.whole) return wholeRows(file, answers, current);
  const lines = splitLines(current);
  const rows: Row[] = [];
  const hunks: HunkRows[] = [];
  let done = 0;
  const placed = placeHunks(file, answers, current).toSorted((a, b) => startOf(a) - startOf(b));
  for (const one of placed) {
    const { hunk, at, answer, standing } = one;
    // Its lines are there already: it is an empty place among lines that stay.
    const already = standing === "already";
    const start = Math.max(done, Math.min(startOf(one), lines.length));
    for (; done < start; done++) rows.push({ text: bare(lines[done] ?? ""), is: "kept" });
    const removed = already ? [] : lines.slice(start, Math.max(start, at.oldTo));
    const added = already ? [] : at.added;
    hunks.push({ hunk, mood: moodOf(one), answer, from: rows.length, removed: removed.length, added: added.length, placed: one });
    for (const line of removed) rows.push({ text: bare(line), is: "removed", hunk });
    for (const line of added) rows.push({ text: bare(line), is: "added", hunk });
    if (!already) done = Math.max(start, at.oldTo);
  }
  for (; done < lines.length; done++) rows.push({ text: bare(lines[done] ?? ""), is: "kept" });
  return { rows, hunks };
}

export const isOpen = (mood: HunkMood): boolean => mood === "open" || mood === "conflict";

const startOf = ({ at, standing }: Placed): number => (standing === "already" ? at.newFrom : at.oldFrom);

function moodOf({ standing, answer }: Placed): HunkMood {
  const decision = answer?.decision?.is;
  if (decision === "rejected") return "rejected";
  if (standing === "conflict") return "conflict";
  if (standing === "already") return "already";
  return decision === "accepted" ? "accepted" : decision === "changed" ? "changed" : "open";
}

function wholeRows(file: ReviewFile, answers: readonly HunkAnswer[], current: string): ReviewRows {
  const answer = answers.find((one) => one.file === file.shown && one.hunk === 0);
  const decision = answer?.decision?.is;
  const mood = decision === "accepted" || decision === "rejected" ? decision : "open";
  const text = file.binary
    ? `${file.shown} is not text; it is accepted or rejected whole.`
    : file.fate === "deleted"
      ? current
      : file.proposed;
  const is = file.fate === "deleted" ? "removed" : "added";
  const rows = splitLines(text, "\n").map((line): Row => ({ text: bare(line), is, hunk: 0 }));
  const counts = is === "removed" ? { removed: rows.length, added: 0 } : { removed: 0, added: rows.length };
  return { rows, hunks: [{ hunk: 0, mood, answer, from: 0, ...counts, placed: undefined }] };
}

const bare = (line: string): string => line.replace(/\r?\n$|\r$/, "");
