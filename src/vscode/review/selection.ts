// Which lines of which hunk a person has selected in a review.

import type * as vscode from "vscode";
import type { HunkDecision } from "../../agent/review/decision.ts";
import { acceptLines } from "../../agent/review/select.ts";
import type { HunkRef, ReviewDesk } from "./desk.ts";
import { pageOf } from "./pages.ts";

/** The acceptance of just the selected lines; undefined where nothing is selected, or not within one open hunk. */
export function selectionIn(
  desk: ReviewDesk,
  editor: Pick<vscode.TextEditor, "document" | "selection">,
): { readonly ref: HunkRef; readonly decision: HunkDecision } | undefined {
  const page = pageOf(editor.document.uri);
  const { selection } = editor;
  if (!page || selection.isEmpty) return undefined;
  // A selection that ends at the beginning of a line does not hold that line.
  const last = selection.end.character === 0 ? selection.end.line - 1 : selection.end.line;
  const review = desk.rows(page.key, page.shown);
  const met = review?.hunks.filter(({ from, removed, added }) => selection.start.line < from + removed + added && last >= from) ?? [];
  const [hunk] = met;
  const proposed = hunk && review?.file.hunks[hunk.hunk];
  if (!hunk || met.length !== 1 || !proposed || hunk.mood !== "open") return undefined;
  const within = (start: number, length: number): readonly [number, number] => {
    const from = Math.max(0, Math.min(length, selection.start.line - start));
    return [from, Math.max(from, Math.min(length, last + 1 - start))];
  };
  const decision = acceptLines(proposed, { removed: within(hunk.from, hunk.removed), added: within(hunk.from + hunk.removed, hunk.added) });
  return decision?.is === "changed" ? { ref: { key: page.key, file: page.shown, hunk: hunk.hunk }, decision } : undefined;
}
