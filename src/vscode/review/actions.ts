// What a person can do with a review, as a table: by the lines above a hunk, a key, the palette, the tree or the title of the editor. One
// meaning for all. A key acts on the hunk that has been looked at; nothing here takes the focus that did not have it.

import * as vscode from "vscode";
import type { Queue } from "../../agent/queue.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import { answerTo } from "../../agent/review/answers.ts";
import type { HunkDecision } from "../../agent/review/decision.ts";
import { isOpen } from "../../agent/review/rows.ts";
import type { HunkRef, ReviewDesk } from "./desk.ts";
import type { ProposalDiffs } from "./diffs.ts";
import type { ReviewPages } from "./pages.ts";
import { pageOf } from "./pages.ts";
import { selectionIn } from "./selection.ts";
import type { Sight } from "./sight.ts";

export interface ReviewParts {
  readonly desk: ReviewDesk;
  readonly pages: ReviewPages;
  readonly diffs: ProposalDiffs;
  readonly sight: Sight;
  /** What a key does is done, the tab's move included, before the next key's turn. */
  readonly turns: Queue;
}

type Action = (parts: ReviewParts, ref: HunkRef) => Promise<Result<unknown>>;

/** Commands about one hunk, or about the file or the change it belongs to. */
const reviewActions: Readonly<Record<string, Action>> = {
  "proviso.acceptHunk": (parts, ref) => decide(parts, ref, narrowed(parts, ref) ?? { is: "accepted" }),
  "proviso.rejectHunk": (parts, ref) => decide(parts, ref, { is: "rejected" }),
  "proviso.rejectHunkWhy": async (parts, ref) => {
    const before = answerTo(parts.desk.answers(ref.key), ref.file, ref.hunk)?.decision;
    const why = await ask("Reject this hunk", "Why? The agent is told word for word.", before?.is === "rejected" ? before.why : "");
    return why === undefined
      ? ok(undefined)
      : decide(parts, ref, why.trim() === "" ? { is: "rejected" } : { is: "rejected", why: why.trim() });
  },
  "proviso.reopenHunk": ({ desk }, ref) => {
    const joined = desk
      .answers(ref.key)
      .filter(({ file, decision }) => file === ref.file && decision?.is === "joined" && decision.with === ref.hunk)
      .map(({ file, hunk }) => ({ file, hunk, decision: null }));
    return desk.decide(ref.key, [{ file: ref.file, hunk: ref.hunk, decision: null }, ...joined]);
  },
  "proviso.editHunk": async ({ diffs }, ref) =>
    (await diffs.show(ref)) ? ok(undefined) : fail("invalid", "This file is not text; it can only be accepted or rejected whole."),
  "proviso.commentHunk": async ({ desk }, ref) => {
    const before = answerTo(desk.answers(ref.key), ref.file, ref.hunk)?.comment;
    const said = await ask("Comment on this hunk", "The agent is told word for word when the change is applied.", before ?? "");
    return said === undefined ? ok(undefined) : desk.comment(ref, said);
  },
  "proviso.nextHunk": (parts, ref) => move(parts, ref, 1),
  "proviso.previousHunk": (parts, ref) => move(parts, ref, -1),
  "proviso.openHunk": async ({ pages }, ref) =>
    (await pages.show(ref, { focus: true })) ? ok(undefined) : fail("stale", "This change no longer waits."),
  "proviso.acceptFile": (parts, ref) => decideOpen(parts, ref, { files: [ref.file], decision: { is: "accepted" } }),
  "proviso.rejectFile": (parts, ref) => decideOpen(parts, ref, { files: [ref.file], decision: { is: "rejected" } }),
  "proviso.acceptAllHunks": (parts, ref) => decideOpen(parts, ref, { files: namesOf(parts, ref), decision: { is: "accepted" } }),
  "proviso.rejectAllHunks": (parts, ref) => decideOpen(parts, ref, { files: namesOf(parts, ref), decision: { is: "rejected" } }),
  "proviso.applyReview": (parts, ref) => apply(parts, ref),
  "proviso.applyRejectRest": (parts, ref) => apply(parts, ref, "rejected"),
  "proviso.compareReview": async ({ diffs }, ref) => {
    return (await diffs.show(ref)) ? ok(undefined) : fail("invalid", "This file is not text; there is nothing to compare.");
  },
  "proviso.showAllChanges": async ({ diffs }, ref) => ok(await diffs.overview(ref.key)),
};

/** Those that answer for what is in front. */
const deciding: ReadonlySet<string> = new Set(
  ["acceptHunk", "rejectHunk", "rejectHunkWhy", "reopenHunk", "acceptFile", "rejectFile", "acceptAllHunks", "rejectAllHunks"].map(
    (name) => `proviso.${name}`,
  ),
);

/** Does what a command says, to the hunk it names or the one that is meant. A key pressed while the tab moves on decides nothing. */
export async function act(parts: ReviewParts, name: string, named: unknown): Promise<Result<unknown>> {
  if (named === undefined && deciding.has(name) && !parts.turns.empty) return ok(undefined);
  const action = reviewActions[name];
  const ref = refOf(parts, named);
  return action && ref ? action(parts, ref) : fail("missing", "No change waits to be reviewed.");
}

/** The hunk a command is about: the one it names, the one in front, or the first that is open. */
function refOf({ desk, sight, diffs }: ReviewParts, named: unknown): HunkRef | undefined {
  if (isRef(named)) return named;
  if (sight.reviewing) return sight.target;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const key = input instanceof vscode.TabInputTextDiff ? diffs.keyOf(input.modified) : undefined;
  return firstOpen(desk, key ?? desk.reviews[0]?.key);
}

/** The first hunk that is open, else the first of all. */
export function firstOpen(desk: ReviewDesk, key: string | undefined): HunkRef | undefined {
  if (key === undefined) return undefined;
  const all = refsOf(desk, key);
  return all.find((ref) => isOpen(desk.hunk(ref)?.mood ?? "open")) ?? all[0];
}

function isRef(value: unknown): value is HunkRef {
  if (typeof value !== "object" || value === null) return false;
  return "key" in value && typeof value.key === "string" && "file" in value && "hunk" in value && typeof value.hunk === "number";
}

const refsOf = (desk: ReviewDesk, key: string): readonly HunkRef[] =>
  desk.files(key).flatMap(({ file, hunks }) => hunks.map(({ hunk }): HunkRef => ({ key, file: file.shown, hunk })));

const namesOf = ({ desk }: ReviewParts, { key }: HunkRef): readonly string[] => desk.files(key).map(({ file }) => file.shown);

const same = (a: HunkRef, b: HunkRef): boolean => a.key === b.key && a.file === b.file && a.hunk === b.hunk;

/** The selected lines alone, where some of this very hunk are selected. */
function narrowed({ desk }: ReviewParts, ref: HunkRef): HunkDecision | undefined {
  const editor = vscode.window.activeTextEditor;
  const found = editor && selectionIn(desk, editor);
  return found && same(found.ref, ref) ? found.decision : undefined;
}

function decide(parts: ReviewParts, ref: HunkRef, decision: HunkDecision): Promise<Result<unknown>> {
  return answer(parts, ref, () => [{ file: ref.file, hunk: ref.hunk, decision }]);
}

function answer(parts: ReviewParts, ref: HunkRef, decided: () => Parameters<ReviewDesk["decide"]>[1]): Promise<Result<unknown>> {
  return parts.turns.enter(async () => {
    const done = await parts.desk.decide(ref.key, decided());
    if (done.ok) await goOn(parts, ref);
    return done;
  });
}

/** Decides what is open; lines the person typed meanwhile are never accepted away wholesale. */
function decideOpen(
  parts: ReviewParts,
  ref: HunkRef,
  { files, decision }: { readonly files: readonly string[]; readonly decision: HunkDecision },
): Promise<Result<unknown>> {
  return answer(parts, ref, () =>
    parts.desk
      .files(ref.key)
      .filter(({ file }) => files.includes(file.shown))
      .flatMap(({ file, hunks }) =>
        hunks
          .filter(({ mood }) => mood === "open" || (mood === "conflict" && decision.is === "rejected"))
          .map(({ hunk }) => ({ file: file.shown, hunk, decision })),
      ),
  );
}

/** From a page, on to the next hunk that is open: below, in the next file, or from the top again. */
async function goOn({ desk, pages }: ReviewParts, ref: HunkRef): Promise<void> {
  const page = pageOf(vscode.window.activeTextEditor?.document.uri);
  if (page?.key !== ref.key) return;
  const all = refsOf(desk, ref.key);
  const at = all.findIndex((one) => same(one, ref));
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => isOpen(desk.hunk(one)?.mood ?? "accepted"));
  if (next) await pages.show(next, { focus: true });
}

/** From the hunk at the cursor to the next or the one before, around all reviews. */
function move({ desk, pages, sight, turns }: ReviewParts, ref: HunkRef, by: 1 | -1): Promise<Result<unknown>> {
  return turns.enter(async () => {
    const all = desk.reviews.flatMap(({ key }) => refsOf(desk, key));
    const from = sight.target ?? ref;
    const at = all.findIndex((one) => same(one, from));
    const next = all[(at + by + all.length) % all.length];
    if (next) await pages.show(next, { focus: true });
    return ok(undefined);
  });
}

async function apply({ desk, diffs, pages }: ReviewParts, { key }: HunkRef, rest?: "rejected"): Promise<Result<unknown>> {
  await diffs.flush(key);
  const applied = await desk.apply(key, rest === undefined ? {} : { rest });
  if (applied.ok) return applied;
  const open = firstOpen(desk, key);
  if (open) await pages.show(open, { focus: false });
  return applied;
}

const ask = (title: string, prompt: string, value: string | undefined): Thenable<string | undefined> =>
  vscode.window.showInputBox({ title, prompt, value: value ?? "", ignoreFocusOut: true });
