// Carries an edit (what was searched -> what replaces it) over to the lines the file really has. What the edit leaves alone stays as
// the file has it, byte for byte: white space, line ends, and lines the search did not know of. Refuses rather than lose such a line.

import { diffLines } from "./line-diff.ts";
import { indentOf } from "./indent.ts";
import { firstEnd, type Line, type LineEnd } from "./line-end.ts";
import { isSlip } from "./similar.ts";

export interface Rewrite {
  /** The lines of the place, ends included; the last piece has none. */
  readonly file: readonly Line[];
  readonly search: readonly string[];
  readonly replace: readonly string[];
  /** For each line of `search` its line of `file`, ascending, or -1. */
  readonly aligned: readonly number[];
  readonly reindent: (indent: string) => string;
  /** The line end for new lines that have no old line to take it from. */
  readonly newLine: LineEnd;
  /** How far a line that the edit replaces may differ from the one it was searched as; `compared`: the caller saw to that. */
  readonly replaced: "compared" | "as searched" | "similar";
}

/** The place's new text, or why the edit cannot be carried over without guessing. */
export function rewrite(edit: Rewrite): { readonly text: string } | { readonly refused: string } {
  const out: Line[] = [];
  let next = 0;
  const keepTo = (line: number) => {
    while (next < line) out.push(edit.file[next++] ?? { text: "", end: "" });
  };
  const keepSearched = (from: number, to: number) => {
    for (let at = from; at < to; at++) keepTo((edit.aligned[at] ?? -1) + 1);
  };
  let done = 0;
  for (const { aFrom, aTo, bFrom, bTo } of diffLines(edit.search, edit.replace)) {
    keepSearched(done, aFrom);
    done = aTo;
    const gap = edit.aligned.slice(aFrom, aTo).filter((line) => line >= 0);
    const from = gap[0] ?? next;
    const to = (gap.at(-1) ?? next - 1) + 1;
    const refused = gap.length > 0 ? refuseGap(edit, aFrom, aTo, to - from === gap.length) : refusePoint(edit, aTo, next);
    if (refused !== undefined) return { refused };
    keepTo(from);
    for (let at = bFrom; at < bTo; at++) {
      const old = from + at - bFrom < to ? edit.file[from + at - bFrom]?.end : undefined;
      const end = firstEnd(old, out.at(-1)?.end, edit.newLine);
      out.push({ text: indented(edit.replace[at] ?? "", ownIndent(edit, aFrom + at - bFrom, aTo, at) ?? edit.reindent), end });
    }
    next = to;
  }
  keepTo(edit.file.length);
  return { text: join(out, edit.newLine) };
}

/** Old lines go: all of them must have been searched for, and none may be a different line in truth. */
function refuseGap(edit: Rewrite, from: number, to: number, complete: boolean): string | undefined {
  if (!complete) return unseen;
  if (edit.replaced === "compared") return undefined;
  for (let at = from; at < to; at++) {
    const file = edit.file[edit.aligned[at] ?? -1]?.text;
    const search = edit.search[at] ?? "";
    if (file === undefined || file.trim() === search.trim()) continue;
    if (edit.replaced !== "similar" || !isSlip(file, search)) return `the line to be replaced is really ${JSON.stringify(file.trim())}`;
  }
  return undefined;
}

/** New lines only: the point between the lines around them must be one point in the file too. */
function refusePoint(edit: Rewrite, before: number, next: number): string | undefined {
  const following = edit.aligned.slice(before).find((line) => line >= 0);
  return (following ?? edit.file.length) === next || before === edit.search.length ? undefined : unseen;
}

const unseen = "the file has lines in between that the search does not show";

/** A line as deep in the block as the one it replaces is as deep, and spelled, as that one is in the file. */
function ownIndent({ search, replace, aligned, file }: Rewrite, old: number, end: number, fresh: number): (() => string) | undefined {
  const line = old < end ? search[old] : undefined;
  const real = line === undefined ? undefined : file[aligned[old] ?? -1]?.text;
  if (line === undefined || real === undefined || line.trim() === "" || indentOf(line) !== indentOf(replace[fresh] ?? "")) return undefined;
  return () => indentOf(real);
}

function indented(line: string, reindent: (indent: string) => string): string {
  const indent = indentOf(line);
  return indent.length === line.length ? line : reindent(indent) + line.slice(indent.length);
}

/** A kept line that used to be the last of the place has no end of its own; it gets one when lines follow. The last line gets none. */
function join(lines: readonly Line[], newLine: LineEnd): string {
  return lines.map(({ text, end }, at) => text + (at === lines.length - 1 ? "" : firstEnd(end, lines[at - 1]?.end, newLine))).join("");
}
