// The proposal in VS Code's own diff: at the left what it was made for, at the right what would be written, editable. What is typed at the
// right becomes decisions about the hunks it touches. Documents live in memory under our own scheme; nothing here touches the workspace.

import * as vscode from "vscode";
import { applyHunks } from "../../agent/edit/hunks.ts";
import { unseeing } from "../../agent/review/agree.ts";
import { decisionsFrom } from "../../agent/review/edited.ts";
import type { ReviewFile } from "../../agent/review/file.ts";
import { placeHunks } from "../../agent/review/place.ts";
import type { HunkAnswer } from "../../agent/review/decision.ts";
import type { HunkRef, ReviewDesk } from "./desk.ts";

const diffScheme = "proviso-proposal";
/** How long typing rests before it counts. */
const restMs = 300;
const mostSaves = 5;
const patienceMs = 20_000;

interface Side {
  readonly side: "now" | "proposed";
  readonly key: string;
  readonly shown: string;
}

export class ProposalDiffs implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #ready: Promise<void>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** What each right side that is open was told to be, and the hunks that were in it. */
  readonly #told = new Map<string, { readonly text: string; readonly within: readonly number[]; readonly mtime: number }>();
  readonly #typing = new Map<string, NodeJS.Timeout>();
  readonly #disposables: vscode.Disposable;

  constructor(desk: ReviewDesk, ready: Promise<void>) {
    this.#desk = desk;
    this.#ready = ready;
    this.#disposables = vscode.Disposable.from(
      vscode.workspace.registerFileSystemProvider(diffScheme, this, { isCaseSensitive: true }),
      desk.onChange(() => this.#follow()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#typed(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#told.delete(uri.toString())),
    );
  }

  /** Opens the diff of a file, at a hunk. */
  async show({ key, file, hunk }: HunkRef): Promise<boolean> {
    const review = this.#desk.rows(key, file);
    if (!review || review.file.binary) return false;
    const found = this.#sideOf(review.file, this.#desk.answers(key));
    const line = found.starts.get(hunk) ?? 0;
    await vscode.commands.executeCommand(
      "vscode.diff",
      uriOf({ side: "now", key, shown: file }),
      uriOf({ side: "proposed", key, shown: file }),
      `${file.split("/").at(-1)} (proposed)`,
      { preview: true, selection: new vscode.Range(line, 0, line, 0) } satisfies vscode.TextDocumentShowOptions,
    );
    return true;
  }

  /** All files of a review in one editor, below each other. */
  async overview(key: string): Promise<void> {
    const files = this.#desk.files(key).filter(({ file }) => !file.binary);
    const resources = files.map(({ file }) => [
      vscode.Uri.file(file.path),
      file.fate === "created" ? undefined : uriOf({ side: "now", key, shown: file.shown }),
      file.fate === "deleted" ? undefined : uriOf({ side: "proposed", key, shown: file.shown }),
    ]);
    await vscode.commands.executeCommand(
      "vscode.changes",
      `Proposed: ${files.length === 1 ? "1 file" : `${files.length} files`}`,
      resources,
    );
  }

  /** Takes what was typed last into account, whether or not VS Code has saved it. */
  async flush(key: string): Promise<void> {
    const open = vscode.workspace.textDocuments.filter((document) => document.isDirty && sideOf(document.uri)?.key === key);
    for (const document of open) await this.#take(document.uri, document.getText());
  }

  keyOf(uri: vscode.Uri | undefined): string | undefined {
    return uri && sideOf(uri)?.key;
  }

  /** Closes the diffs of reviews that are over. */
  async close(keys: ReadonlySet<string>): Promise<void> {
    // Saved first, into memory: VS Code would keep a document with unsaved text open. A save that typing has overtaken counts for nothing.
    const open = vscode.workspace.textDocuments.filter(({ uri }) => keys.has(sideOf(uri)?.key ?? ""));
    for (const document of open) for (let tries = 0; document.isDirty && tries < mostSaves; tries++) await document.save();
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(({ input }) => keys.has((input instanceof vscode.TabInputTextDiff && sideOf(input.modified)?.key) || ""));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }

  get shownKeys(): ReadonlySet<string> {
    const keys = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .map(({ input }) => (input instanceof vscode.TabInputTextDiff ? sideOf(input.modified)?.key : undefined));
    return new Set(keys.filter((key) => key !== undefined));
  }

  #typed(document: vscode.TextDocument): void {
    if (document.uri.scheme !== diffScheme) return;
    const id = document.uri.toString();
    clearTimeout(this.#typing.get(id));
    this.#typing.set(
      id,
      setTimeout(() => {
        this.#typing.delete(id);
        if (document.isDirty) void this.#take(document.uri, document.getText()).then(() => document.save());
      }, restMs),
    );
  }

  #follow(): void {
    const changed: vscode.FileChangeEvent[] = [];
    for (const [id, told] of this.#told) {
      const uri = vscode.Uri.parse(id, true);
      const side = sideOf(uri);
      const file = side && this.#desk.rows(side.key, side.shown)?.file;
      const { text, within } = side && file ? this.#sideOf(file, this.#desk.answers(side.key)) : told;
      if (text === told.text) this.#told.set(id, { ...told, within });
      else {
        this.#told.set(id, { text, within, mtime: told.mtime + 1 });
        changed.push({ type: vscode.FileChangeType.Changed, uri });
      }
    }
    if (changed.length > 0) this.#changed.fire(changed);
  }

  /** The text with every hunk that is not rejected, where each begins, and which are in it. */
  #sideOf(
    file: ReviewFile,
    answers: readonly HunkAnswer[],
  ): { text: string; within: readonly number[]; starts: ReadonlyMap<number, number> } {
    if (file.whole) return { text: file.proposed, within: [], starts: new Map() };
    const placed = placeHunks(file, answers, file.base).filter(({ answer }) => answer?.decision?.is !== "rejected");
    const starts = new Map<number, number>();
    let shift = 0;
    for (const { hunk, at } of placed) {
      starts.set(hunk, at.oldFrom + shift);
      shift += at.added.length - at.removed.length;
    }
    const joined = answers.filter((answer) => answer.file === file.shown && answer.decision?.is === "joined").map(({ hunk }) => hunk);
    const within = [...placed.map(({ hunk }) => hunk), ...joined].sort((a, b) => a - b);
    return {
      text: applyHunks(
        file.base,
        placed.map(({ at }) => at),
      ),
      within,
      starts,
    };
  }

  /** A review that has ended leaves its document to be closed; a save that comes too late must not fail. */
  #isOver(uri: vscode.Uri): boolean {
    const side = sideOf(uri);
    return side?.side === "proposed" && this.#told.has(uri.toString()) && !this.#desk.find(side.key);
  }

  async #find(uri: vscode.Uri): Promise<{ readonly file: ReviewFile; readonly side: Side }> {
    const side = sideOf(uri);
    if (side && !this.#desk.find(side.key)) {
      await Promise.race([this.#ready, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
      await this.#desk.load(side.key);
    }
    const file = side && this.#desk.rows(side.key, side.shown)?.file;
    if (!side || !file) throw vscode.FileSystemError.FileNotFound(uri);
    return { file, side };
  }

  async #text(uri: vscode.Uri): Promise<{ readonly text: string; readonly mtime: number; readonly fixed: boolean }> {
    const over = this.#isOver(uri) ? this.#told.get(uri.toString()) : undefined;
    if (over) return { ...over, fixed: false };
    const { file, side } = await this.#find(uri);
    if (side.side === "now") return { text: file.base, mtime: 1, fixed: true };
    const known = this.#told.get(uri.toString());
    if (known) return { text: known.text, mtime: known.mtime, fixed: file.whole };
    const { text, within } = this.#sideOf(file, this.#desk.answers(side.key));
    const told = { text, within, mtime: Date.now() };
    this.#told.set(uri.toString(), told);
    return { text, mtime: told.mtime, fixed: file.whole };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, mtime, fixed } = await this.#text(uri);
    const permissions = fixed ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ctime: 0, mtime, size: new TextEncoder().encode(text).length, ...permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new TextEncoder().encode((await this.#text(uri)).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.#take(uri, new TextDecoder("utf-8", { ignoreBOM: true }).decode(content));
    const known = this.#told.get(uri.toString());
    if (known) this.#told.set(uri.toString(), { ...known, mtime: known.mtime + 1 });
  }

  /** What stands at the right becomes decisions about the hunks that were in it. */
  async #take(uri: vscode.Uri, text: string): Promise<void> {
    const known = this.#told.get(uri.toString());
    if (known && this.#isOver(uri)) return void this.#told.set(uri.toString(), { ...known, text });
    const { file, side } = await this.#find(uri);
    if (side.side === "now" || file.whole || !known) throw vscode.FileSystemError.NoPermissions(uri);
    this.#told.set(uri.toString(), { ...known, text });
    const answers = this.#desk.answers(side.key);
    const decided = [...decisionsFrom(file, text, known.within)].flatMap(([hunk, decision]) => {
      const before = answers.find((answer) => answer.file === side.shown && answer.hunk === hunk)?.decision ?? null;
      // A hunk that stands as proposed is as decided as it was before it was touched.
      const after = unseeing(decision ?? (before?.is === "accepted" ? before : null), before);
      return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ file: side.shown, hunk, decision: after }];
    });
    await this.#desk.decide(side.key, decided, "diff");
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
    for (const timer of this.#typing.values()) clearTimeout(timer);
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}

const uriOf = ({ side, key, shown }: Side): vscode.Uri =>
  vscode.Uri.from({ scheme: diffScheme, authority: `${side}-${key}`, path: `/${shown.replace(/^\/+/, "")}`, query: shown });

function sideOf(uri: vscode.Uri): Side | undefined {
  if (uri.scheme !== diffScheme) return undefined;
  const [side = "", key = ""] = uri.authority.split("-");
  return { side: side === "now" ? "now" : "proposed", key, shown: uri.query };
}
