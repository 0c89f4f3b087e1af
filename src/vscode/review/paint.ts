// How the lines of a review look: red goes, green comes, quiet is settled, yellow needs a word. Signs in the gutter and on the overview
// ruler say the same without colour. In the editor's own colours; a high contrast theme gets borders.

import * as vscode from "vscode";
import type { HunkRows, Row } from "../../agent/review/rows.ts";
import type { FileReview, ReviewDesk } from "./desk.ts";
import { linesOf, pageOf } from "./pages.ts";

type Look = "removed" | "added" | "removedWord" | "addedWord" | "settled" | "struck" | "conflict" | "here";

export class ReviewPaint implements vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #disposables: vscode.Disposable;
  #looks: Readonly<Record<Look, vscode.TextEditorDecorationType>> = makeLooks();

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    const all = (): void => vscode.window.visibleTextEditors.forEach((editor) => this.#paint(editor));
    this.#disposables = vscode.Disposable.from(
      desk.onChange(all),
      vscode.window.onDidChangeVisibleTextEditors(all),
      vscode.workspace.onDidChangeTextDocument(({ document }) => document.uri.scheme === "file" || all()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#paint(textEditor)),
      vscode.window.onDidChangeActiveColorTheme(() => {
        for (const look of Object.values(this.#looks)) look.dispose();
        this.#looks = makeLooks();
        all();
      }),
    );
    all();
  }

  #paint(editor: vscode.TextEditor): void {
    const page = pageOf(editor.document.uri);
    if (!page) return;
    const review = this.#desk.rows(page.key, page.shown);
    const ranges = review ? rangesOf(review, editor.selection.active.line) : new Map<Look, vscode.Range[]>();
    for (const [look, type] of Object.entries(this.#looks)) editor.setDecorations(type, ranges.get(look as Look) ?? []);
  }

  dispose(): void {
    this.#disposables.dispose();
    for (const look of Object.values(this.#looks)) look.dispose();
  }
}

function rangesOf({ rows, hunks }: FileReview, cursor: number): Map<Look, vscode.Range[]> {
  const ranges = new Map<Look, vscode.Range[]>();
  const add = (look: Look, range: vscode.Range): void => void ranges.set(look, [...(ranges.get(look) ?? []), range]);
  for (const hunk of hunks) {
    const { from, removed, added, mood } = hunk;
    const old = span(from, from + removed);
    const fresh = span(from + removed, from + removed + added);
    if (old && mood !== "rejected") add("removed", old);
    if (fresh && mood !== "rejected") add("added", fresh);
    if (old && (mood === "accepted" || mood === "changed")) add("struck", old);
    if (fresh && mood === "rejected") add("struck", fresh);
    if (fresh && mood === "accepted") add("settled", fresh);
    if (mood === "conflict") add("conflict", linesOf(hunk));
    if (mood === "open" || mood === "conflict") words(rows, hunk).forEach(([look, range]) => add(look, range));
    if (cursor >= from && cursor < Math.max(from + 1, from + removed + added)) add("here", linesOf(hunk));
  }
  return ranges;
}

const span = (from: number, to: number): vscode.Range | undefined =>
  to > from ? new vscode.Range(from, 0, to - 1, Number.MAX_SAFE_INTEGER) : undefined;

/** Where a line became a line, the part between what both begin and end with. */
function words(rows: readonly Row[], { from, removed, added }: HunkRows): readonly (readonly [Look, vscode.Range])[] {
  if (removed !== added) return [];
  return Array.from({ length: removed }, (_, i) => {
    const old = rows[from + i]?.text ?? "";
    const now = rows[from + removed + i]?.text ?? "";
    const shorter = Math.min(old.length, now.length);
    let head = 0;
    while (head < shorter && old[head] === now[head]) head++;
    let tail = 0;
    while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
    // Lines that have little in common are told apart well enough as lines.
    if (head + tail < shorter / 3) return [];
    return [
      ["removedWord", new vscode.Range(from + i, head, from + i, old.length - tail)],
      ["addedWord", new vscode.Range(from + removed + i, head, from + removed + i, now.length - tail)],
    ] as const;
  }).flat();
}

function makeLooks(): Readonly<Record<Look, vscode.TextEditorDecorationType>> {
  const { kind } = vscode.window.activeColorTheme;
  const contrast = kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
  const colour = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);
  const make = (options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType =>
    vscode.window.createTextEditorDecorationType(options);
  const line = (side: "inserted" | "removed"): vscode.DecorationRenderOptions => ({
    isWholeLine: true,
    ...(contrast
      ? { borderWidth: "1px", borderStyle: side === "inserted" ? "solid" : "dashed", borderColor: colour(`diffEditor.${side}TextBorder`) }
      : { backgroundColor: colour(`diffEditor.${side}LineBackground`) }),
    overviewRulerColor: colour(`diffEditorOverview.${side}Foreground`),
    overviewRulerLane: side === "inserted" ? vscode.OverviewRulerLane.Right : vscode.OverviewRulerLane.Left,
    light: { gutterIconPath: sign(side, side === "inserted" ? "#2a7b2a" : "#a1260d") },
    dark: { gutterIconPath: sign(side, side === "inserted" ? "#89d185" : "#f48771") },
    gutterIconSize: "contain",
  });
  const word = (side: "inserted" | "removed"): vscode.DecorationRenderOptions =>
    contrast ? { fontWeight: "bold" } : { backgroundColor: colour(`diffEditor.${side}TextBackground`) };
  return {
    removed: make(line("removed")),
    added: make(line("inserted")),
    removedWord: make(word("removed")),
    addedWord: make(word("inserted")),
    settled: make({ isWholeLine: true, opacity: "0.75" }),
    struck: make({ opacity: "0.55", textDecoration: "line-through" }),
    conflict: make({
      isWholeLine: true,
      borderWidth: "0 0 0 3px",
      borderStyle: "double",
      borderColor: colour("charts.yellow"),
      overviewRulerColor: colour("charts.yellow"),
      overviewRulerLane: vscode.OverviewRulerLane.Full,
    }),
    here: make({ isWholeLine: true, borderWidth: "0 0 0 3px", borderStyle: "solid", borderColor: colour("focusBorder") }),
  };
}

/** A plus or a minus for the gutter. */
function sign(side: "inserted" | "removed", fill: string): vscode.Uri {
  const upright = side === "inserted" ? `<rect x="7.2" y="4" width="1.6" height="8" fill="${fill}"/>` : "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${upright}<rect x="4" y="7.2" width="8" height="1.6" fill="${fill}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`);
}
