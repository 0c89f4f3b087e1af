// A proposed change as a real diff: the file as it is at the left, the proposal at the right, editable. What stands at the right when
// it is accepted is what gets written. Documents live in memory under our own scheme; nothing here touches the workspace.

import * as vscode from "vscode";
import { decode } from "../agent/edit/text.ts";
import type { Change } from "../agent/tool/tool.ts";

const proposalScheme = "proviso-proposal";

/** What the person made of one proposed file. */
export interface Reviewed {
  readonly path: string;
  /** What the proposal was computed from. */
  readonly base: string;
  readonly text: string;
  readonly edited: boolean;
}

interface Proposal {
  readonly key: string;
  readonly shown: string;
  readonly base: string;
  readonly proposed: string;
  readonly fixed: boolean;
  text: string;
  mtime: number;
}

/** Holds the documents of proposals that wait and shows them. One proposal has one key; showing it again shows what was edited so far. */
export class Proposals implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #files = new Map<string, Proposal>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #registered: vscode.Disposable;
  readonly #scheme: string;
  readonly #withdrawals = new Map<string, Promise<void>>();

  constructor(scheme: string = proposalScheme) {
    this.#scheme = scheme;
    this.#registered = vscode.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true });
  }

  /** Remembers the proposal so that it can be shown; what is not text is left out. Only an `editable` one can be changed before it is accepted. */
  offer(key: string, changes: readonly Change[], options: { readonly editable: boolean }): void {
    for (const change of changes) {
      const base = change.before ? decode(change.before.bytes) : undefined;
      const proposed = change.after ? decode(change.after) : undefined;
      if (base?.ok === false || proposed?.ok === false) continue;
      const texts = { now: base?.value.text ?? "", proposed: proposed?.value.text ?? "" };
      for (const side of ["now", "proposed"] as const) {
        const id = this.#uri(key, side, change.shown).toString();
        const fixed = side === "now" || !options.editable;
        if (!this.#files.has(id))
          this.#files.set(id, {
            key,
            shown: change.shown,
            base: texts.now,
            proposed: texts.proposed,
            fixed,
            text: texts[side],
            mtime: Date.now(),
          });
      }
    }
  }

  /** Opens the diff of each file, the first in front, without taking the focus unless `focus` says so. */
  async show(key: string, options: { readonly focus: boolean }): Promise<boolean> {
    const shown = this.#shownOf(key);
    for (const path of [...shown].reverse()) {
      const title = `${path.split("/").at(-1)} (proposed)`;
      const view: vscode.TextDocumentShowOptions = { preserveFocus: !options.focus, preview: shown.length === 1 };
      await vscode.commands.executeCommand("vscode.diff", this.#uri(key, "now", path), this.#uri(key, "proposed", path), title, view);
    }
    return shown.length > 0;
  }

  /** The right sides as they stand now, unsaved typing included. */
  review(key: string): readonly Reviewed[] {
    return this.#shownOf(key).map((path) => {
      const uri = this.#uri(key, "proposed", path);
      const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
      const file = this.#files.get(uri.toString());
      const text = open?.getText() ?? file?.text ?? "";
      return { path, base: file?.base ?? "", text, edited: text !== file?.proposed };
    });
  }

  /** Which proposal a document belongs to. */
  keyOf(uri: vscode.Uri | undefined): string | undefined {
    return uri?.scheme === this.#scheme ? this.#files.get(uri.toString())?.key : undefined;
  }

  /** The proposals that are remembered. */
  get keys(): ReadonlySet<string> {
    return new Set([...this.#files.values()].map((file) => file.key));
  }

  /** Forgets the proposal and closes its diffs. Asked twice, it is done once. */
  async withdraw(key: string): Promise<void> {
    const under = this.#withdrawals.get(key) ?? this.#close(key).finally(() => this.#withdrawals.delete(key));
    this.#withdrawals.set(key, under);
    await under;
  }

  async #close(key: string): Promise<void> {
    const mine = (tab: vscode.Tab): boolean => tab.input instanceof vscode.TabInputTextDiff && this.keyOf(tab.input.modified) === key;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(mine);
    const open = vscode.workspace.textDocuments.filter((document) => document.isDirty && this.keyOf(document.uri) === key);
    // Saved first, into memory: VS Code would ask about unsaved text when the diff is closed.
    for (const document of open) await document.save();
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    for (const [id, file] of this.#files) if (file.key === key) this.#files.delete(id);
  }

  #uri(key: string, side: string, shown: string): vscode.Uri {
    return vscode.Uri.from({ scheme: this.#scheme, authority: `${side}-${key}`, path: `/${shown.replace(/^\/+/, "")}` });
  }

  #shownOf(key: string): readonly string[] {
    return [...new Set([...this.#files.values()].filter((file) => file.key === key).map((file) => file.shown))];
  }

  #find(uri: vscode.Uri): Proposal {
    const file = this.#files.get(uri.toString());
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const file = this.#find(uri);
    const permissions = file.fixed ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: 0, mtime: file.mtime, size: new TextEncoder().encode(file.text).length, ...permissions };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return new TextEncoder().encode(this.#find(uri).text);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const file = this.#find(uri);
    file.text = new TextDecoder().decode(content);
    file.mtime = Date.now();
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions("Proposals have no folders.");
  }

  delete(): never {
    throw vscode.FileSystemError.NoPermissions("A proposal ends by being accepted or rejected.");
  }

  rename(): never {
    throw vscode.FileSystemError.NoPermissions("A proposal cannot be renamed.");
  }

  dispose(): void {
    this.#registered.dispose();
    this.#changed.dispose();
  }
}
