// What can be done with each hunk, above it; and with the file and the whole change, at the top of its page.

import * as vscode from "vscode";
import { assertNever } from "../../agent/result.ts";
import { type HunkRows, isOpen } from "../../agent/review/rows.ts";
import type { FileReview, HunkRef, ReviewDesk } from "./desk.ts";
import { type Page, pageOf, pageScheme } from "./pages.ts";
import { selectionIn } from "./selection.ts";

export class ReviewLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #disposables: vscode.Disposable;
  #narrowed: string | undefined;

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    this.#disposables = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider({ scheme: pageScheme }, this),
      desk.onChange(() => this.#changed.fire()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#narrow(textEditor)),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const page = pageOf(document.uri);
    const review = page && this.#desk.rows(page.key, page.shown);
    if (!page || !review) return [];
    return [
      ...topLenses(page, review, this.#desk.files(page.key)),
      ...review.hunks.flatMap((hunk) => this.#hunkLenses(page, hunk, review)),
    ];
  }

  #hunkLenses({ key, shown }: Page, hunk: HunkRows, { file }: FileReview): vscode.CodeLens[] {
    const ref: HunkRef = { key, file: shown, hunk: hunk.hunk };
    const at = new vscode.Range(hunk.from, 0, hunk.from, 0);
    const lens = (title: string, command = "", tooltip = title): vscode.CodeLens =>
      new vscode.CodeLens(at, { title, command: command === "" ? "" : `proviso.${command}`, arguments: [ref], tooltip });
    const comment = hunk.answer?.comment;
    const say = lens(
      comment === undefined ? "Comment" : `Comment: ${clip(comment)}`,
      "commentHunk",
      "Say something about this hunk to the agent",
    );
    const edit = file.whole ? [] : [lens("Edit", "editHunk", "Change what is proposed, in a diff")];
    const { decision } = hunk.answer ?? {};
    switch (hunk.mood) {
      case "open": {
        const narrowed = this.#narrowed === idOf(ref);
        const accept = narrowed ? lens("Accept selected lines", "acceptHunk") : lens("Accept", "acceptHunk");
        return [accept, lens("Reject", "rejectHunk"), ...edit, say];
      }
      case "conflict":
        return [
          lens("$(warning)\u00a0You changed these lines meanwhile"),
          lens("Take proposal", "acceptHunk", "Replaces your lines with the proposed ones"),
          lens("Keep mine", "rejectHunk"),
          say,
        ];
      case "accepted":
        return [lens("$(check)\u00a0Accepted"), lens("Undo", "reopenHunk"), say];
      case "changed": {
        const part = decision?.is === "changed" && decision.part;
        return [
          lens(part ? "$(check)\u00a0Accepted in part" : "$(edit)\u00a0Edited by you"),
          ...edit,
          lens("Back to proposal", "reopenHunk"),
          say,
        ];
      }
      case "rejected": {
        const why = decision?.is === "rejected" ? decision.why : undefined;
        return [
          lens(why ? `$(close)\u00a0Rejected: ${clip(why)}` : "$(close)\u00a0Rejected"),
          lens("Why…", "rejectHunkWhy"),
          lens("Undo", "reopenHunk"),
          say,
        ];
      }
      case "already":
        return [lens("$(check)\u00a0Your file holds this already")];
      default:
        return assertNever(hunk.mood);
    }
  }

  #narrow(editor: vscode.TextEditor): void {
    const found = selectionIn(this.#desk, editor);
    const id = found && idOf(found.ref);
    if (id === this.#narrowed) return;
    this.#narrowed = id;
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}

function topLenses({ key, shown }: Page, review: FileReview, files: readonly FileReview[]): vscode.CodeLens[] {
  const at = new vscode.Range(0, 0, 0, 0);
  const ref: HunkRef = { key, file: shown, hunk: review.hunks[0]?.hunk ?? 0 };
  const lens = (title: string, command: string): vscode.CodeLens =>
    new vscode.CodeLens(at, { title, command: command === "" ? "" : `proviso.${command}`, arguments: [ref] });
  const decided = files.reduce((sum, file) => sum + file.decided, 0);
  const of = files.reduce((sum, file) => sum + file.of, 0);
  const where = files.length === 1 ? "" : ` in ${files.length} files`;
  const standing = lens(`${decided} of ${of} decided${where}`, "");
  if (decided === of) return [standing, lens(`$(check-all) ${applyWords(files)}`, "applyReview"), lens("Compare", "compareReview")];
  const open = review.hunks.some(({ mood }) => isOpen(mood));
  return [
    standing,
    lens("Previous", "previousHunk"),
    lens("Next", "nextHunk"),
    ...(open && review.hunks.length > 1 ? [lens("Accept file", "acceptFile"), lens("Reject file", "rejectFile")] : []),
    lens("Compare", "compareReview"),
    ...(decided > 0 ? [lens("Apply, reject the rest", "applyRejectRest")] : []),
  ];
}

/** "Apply 3", or what it is when nothing is left to apply. */
function applyWords(files: readonly FileReview[]): string {
  const made = files
    .flatMap(({ hunks }) => hunks)
    .filter(({ mood }) => mood === "accepted" || mood === "changed" || mood === "already").length;
  return made === 0 ? "Reject all of it" : `Apply ${made}`;
}

const idOf = ({ key, file, hunk }: HunkRef): string => `${key} ${hunk} ${file}`;
const clip = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 39)}…`).replaceAll("\n", " ");
