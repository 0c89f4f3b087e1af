// A reviewed file as a document of our own scheme: the lines that stay, go and come, read-only, in the language of the file. It exists
// for as long as the change waits; a window that comes back waits for it to be loaded again.

import * as vscode from "vscode";
import { Queue } from "../../agent/queue.ts";
import type { HunkRows } from "../../agent/review/rows.ts";
import type { FileReview, HunkRef, ReviewDesk } from "./desk.ts";

export const pageScheme = "proviso-review";
const prefix = "Proposed: ";
/** How long a restored tab waits for its run to be opened again. */
const patienceMs = 20_000;

export interface Page {
  readonly key: string;
  readonly shown: string;
}

/** The tab is named after the file; its ending tells VS Code the language. */
function pageUri({ key, shown }: Page): vscode.Uri {
  const parts = shown.replace(/^\/+/, "").split("/");
  const name = parts.pop() ?? "";
  return vscode.Uri.from({ scheme: pageScheme, authority: key, path: `/${[...parts, prefix + name].join("/")}`, query: shown });
}

export function pageOf(uri: vscode.Uri | undefined): Page | undefined {
  return uri?.scheme === pageScheme ? { key: uri.authority, shown: uri.query } : undefined;
}

export class ReviewPages implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #ready: Promise<void>;
  readonly #told = new Map<string, { text: string; mtime: number }>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #turns = new Queue();
  readonly #disposables: vscode.Disposable;

  /** `ready` resolves when an interrupted run has been opened again. */
  constructor(desk: ReviewDesk, ready: Promise<void>) {
    this.#desk = desk;
    this.#ready = ready;
    this.#disposables = vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(pageScheme, this, { isReadonly: true, isCaseSensitive: true }),
      desk.onChange(() => this.#follow()),
    );
  }

  /** Opens the page with the cursor at that hunk, in the one tab that is used for reviews; one after the other, in the order asked for. */
  show(ref: HunkRef, options: { readonly focus: boolean }): Promise<boolean> {
    return this.#turns.enter(() => this.#show(ref, options));
  }

  async #show({ key, file, hunk }: HunkRef, options: { readonly focus: boolean }): Promise<boolean> {
    const rows = this.#desk.rows(key, file);
    const target = rows?.hunks.find((one) => one.hunk === hunk) ?? rows?.hunks[0];
    if (!rows || !target) return false;
    const uri = pageUri({ key, shown: file });
    const at = new vscode.Position(target.from, 0);
    const editor = await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: !options.focus });
    editor.selection = new vscode.Selection(at, at);
    reveal(editor, target);
    return true;
  }

  /** Closes the tabs of a review that is over. */
  async close(keys: ReadonlySet<string>): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => {
        const page = input instanceof vscode.TabInputText ? pageOf(input.uri) : undefined;
        return page !== undefined && keys.has(page.key);
      });
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }

  /** Reviews that have a tab. */
  get shownKeys(): ReadonlySet<string> {
    const pages = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .map(({ input }) => (input instanceof vscode.TabInputText ? pageOf(input.uri)?.key : undefined));
    return new Set(pages.filter((key) => key !== undefined));
  }

  #follow(): void {
    const changed: vscode.FileChangeEvent[] = [];
    for (const [id, told] of this.#told) {
      const uri = vscode.Uri.parse(id, true);
      const page = pageOf(uri);
      const rows = page && this.#desk.rows(page.key, page.shown);
      if (!rows || textOf(rows) === told.text) continue;
      this.#told.set(id, { text: textOf(rows), mtime: told.mtime + 1 });
      changed.push({ type: vscode.FileChangeType.Changed, uri });
    }
    if (changed.length > 0) this.#changed.fire(changed);
  }

  async #find(uri: vscode.Uri): Promise<{ readonly text: string; readonly mtime: number }> {
    const page = pageOf(uri);
    if (page && !this.#desk.find(page.key)) {
      await Promise.race([this.#ready, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
      await this.#desk.load(page.key);
    }
    const rows = page && this.#desk.rows(page.key, page.shown);
    if (!rows) throw vscode.FileSystemError.FileNotFound(uri);
    const known = this.#told.get(uri.toString());
    if (known?.text === textOf(rows)) return known;
    const told = { text: textOf(rows), mtime: (known?.mtime ?? Date.now()) + 1 };
    this.#told.set(uri.toString(), told);
    return told;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, mtime } = await this.#find(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime,
      size: new TextEncoder().encode(text).length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode((await this.#find(uri)).text);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions("A review has no folders.");
  }

  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions("Edit a hunk to change what is proposed.");
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions("A review ends by being applied or rejected.");
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions("A review cannot be renamed.");
  }

  dispose(): void {
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}

/** The rows of a hunk as lines of its page. */
export const linesOf = ({ from, removed, added }: HunkRows): vscode.Range =>
  new vscode.Range(from, 0, Math.max(from, from + removed + added - 1), Number.MAX_SAFE_INTEGER);

function reveal(editor: vscode.TextEditor, hunk: HunkRows): void {
  editor.revealRange(linesOf(hunk), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

const textOf = ({ rows }: FileReview): string => rows.map(({ text }) => text).join("\n");
