// Which hunk a key would decide, and whether it has been on screen long enough to be decided: nothing is answered that nobody saw.

import * as vscode from "vscode";
import type { HunkRows } from "../../agent/review/rows.ts";
import type { HunkRef, ReviewDesk } from "./desk.ts";
import { pageOf } from "./pages.ts";

const armMs = 300;

export class Sight implements vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #disposables: vscode.Disposable;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Since when each hunk is in view, by its name and what it says. */
  #since = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  readonly onChange = this.#changed.event;

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    const look = (): void => this.#look();
    this.#disposables = vscode.Disposable.from(
      desk.onChange(look),
      vscode.window.onDidChangeActiveTextEditor(look),
      vscode.window.onDidChangeTextEditorSelection(look),
      vscode.window.onDidChangeTextEditorVisibleRanges(look),
      vscode.window.onDidChangeWindowState(look),
    );
  }

  /** A review is in front. */
  get reviewing(): boolean {
    return pageOf(vscode.window.activeTextEditor?.document.uri) !== undefined;
  }

  /** The hunk at the cursor of the review in front, else the next one below it, else the last. */
  get target(): HunkRef | undefined {
    const editor = vscode.window.activeTextEditor;
    const page = pageOf(editor?.document.uri);
    const hunks = page && this.#desk.rows(page.key, page.shown)?.hunks;
    if (!editor || !page || !hunks) return undefined;
    const { line } = editor.selection.active;
    const hunk = hunks.find(({ from, removed, added }) => line < Math.max(from + 1, from + removed + added)) ?? hunks.at(-1);
    return hunk && { key: page.key, file: page.shown, hunk: hunk.hunk };
  }

  /** Whether the target has been looked at, as it is now. */
  get armed(): boolean {
    const { target } = this;
    const hunk = target && this.#desk.hunk(target);
    const since = target && hunk ? this.#since.get(nameOf(target, hunk)) : undefined;
    return since !== undefined && Date.now() - since >= armMs;
  }

  #look(): void {
    const editor = vscode.window.activeTextEditor;
    const page = pageOf(editor?.document.uri);
    const review = page && this.#desk.rows(page.key, page.shown);
    const seen = new Map<string, number>();
    const now = Date.now();
    // A page that has not caught up with what is decided shows something else than would be answered.
    if (editor && page && review && vscode.window.state.focused && review.rows.length <= editor.document.lineCount + 1)
      for (const hunk of review.hunks) {
        if (!isVisible(editor, hunk)) continue;
        const name = nameOf({ key: page.key, file: page.shown, hunk: hunk.hunk }, hunk);
        seen.set(name, this.#since.get(name) ?? now);
      }
    this.#since = seen;
    clearTimeout(this.#timer);
    const fresh = [...seen.values()].filter((since) => now - since < armMs);
    if (fresh.length > 0) this.#timer = setTimeout(() => this.#look(), Math.min(...fresh.map((since) => armMs - (now - since))) + 1);
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}

const isVisible = (editor: vscode.TextEditor, { from, removed, added }: HunkRows): boolean =>
  editor.visibleRanges.some(({ start, end }) => start.line < Math.max(from + 1, from + removed + added) && end.line >= from);

/** A hunk that says something else is another one to the eye. */
const nameOf = ({ key, file, hunk }: HunkRef, { removed, added, placed }: HunkRows): string =>
  `${key} ${hunk} ${removed} ${added} ${placed?.at.added.join("") ?? ""} ${file}`;
