// A mark on files with a pending change, in the explorer and on tabs; and on the pages where they are reviewed.

import * as vscode from "vscode";
import type { ReviewDesk } from "./desk.ts";

export class ReviewMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #changed = new vscode.EventEmitter<vscode.Uri[]>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #disposables: vscode.Disposable;
  #marked = new Map<string, string>();

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    this.#disposables = vscode.Disposable.from(
      vscode.window.registerFileDecorationProvider(this),
      desk.onChange(() => this.#follow()),
    );
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const told = uri.scheme === "file" ? this.#marked.get(uri.fsPath) : undefined;
    if (told === undefined) return undefined;
    return { badge: "±", tooltip: told, color: new vscode.ThemeColor("charts.yellow"), propagate: true };
  }

  #follow(): void {
    const files = this.#desk.reviews.flatMap(({ key }) => this.#desk.files(key));
    const marked = new Map(files.map(({ file, decided, of }) => [file.path, `Proviso proposes a change: ${decided} of ${of} decided`]));
    const touched = new Set(
      [...marked, ...this.#marked].filter(([path]) => marked.get(path) !== this.#marked.get(path)).map(([path]) => path),
    );
    this.#marked = marked;
    if (touched.size > 0) this.#changed.fire([...touched].map((path) => vscode.Uri.file(path)));
  }

  dispose(): void {
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}
