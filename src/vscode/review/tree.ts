// The changes that wait, as a tree: files, and below each its hunks with what is decided. Hidden while nothing waits.

import * as vscode from "vscode";
import type { HunkMood, HunkRows } from "../../agent/review/rows.ts";
import type { FileReview, HunkRef, ReviewDesk } from "./desk.ts";

type Node = HunkRef & { readonly of: "file" | "hunk" };

export class ReviewTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #desk: ReviewDesk;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #disposables: vscode.Disposable;

  constructor(desk: ReviewDesk) {
    this.#desk = desk;
    const view = vscode.window.createTreeView("proviso.changes", { treeDataProvider: this, showCollapseAll: true });
    const tell = (): void => {
      const files = desk.reviews.flatMap(({ key }) => desk.files(key));
      const decided = files.reduce((sum, file) => sum + file.decided, 0);
      const of = files.reduce((sum, file) => sum + file.of, 0);
      view.description = of === 0 ? "" : `${decided} of ${of} decided`;
      this.#changed.fire();
    };
    this.#disposables = vscode.Disposable.from(view, desk.onChange(tell));
  }

  getChildren(node?: Node): Node[] {
    if (!node)
      return this.#desk.reviews.flatMap(({ key }) =>
        this.#desk.files(key).map(({ file }): Node => ({ of: "file", key, file: file.shown, hunk: 0 })),
      );
    const hunks = node.of === "file" ? (this.#desk.rows(node.key, node.file)?.hunks ?? []) : [];
    return hunks.map(({ hunk }): Node => ({ of: "hunk", key: node.key, file: node.file, hunk }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const review = this.#desk.rows(node.key, node.file);
    const hunk = review?.hunks.find((one) => one.hunk === node.hunk);
    const item = node.of === "file" || !hunk ? fileItem(node, review) : hunkItem(hunk, review);
    item.id = `${node.of} ${node.key} ${node.hunk} ${node.file}`;
    item.command = { title: "Review", command: "proviso.openHunk", arguments: [node] };
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}

function fileItem({ file }: Node, review: FileReview | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(file.split("/").at(-1) ?? file, vscode.TreeItemCollapsibleState.Expanded);
  if (review) item.resourceUri = vscode.Uri.file(review.file.path);
  const folder = file.split("/").slice(0, -1).join("/");
  item.description = `${folder}  ${review?.decided ?? 0} of ${review?.of ?? 0}`.trim();
  item.tooltip = `${file}, ${review?.file.fate ?? ""}`;
  item.contextValue = "file";
  return item;
}

function hunkItem(hunk: HunkRows, review: FileReview | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(hunk, review), vscode.TreeItemCollapsibleState.None);
  item.description = [hunk.added > 0 ? `+${hunk.added}` : "", hunk.removed > 0 ? `−${hunk.removed}` : ""].join(" ").trim();
  item.iconPath = new vscode.ThemeIcon(
    icons[hunk.mood],
    tones[hunk.mood] === undefined ? undefined : new vscode.ThemeColor(tones[hunk.mood] ?? ""),
  );
  const { decision, comment } = hunk.answer ?? {};
  const why = decision?.is === "rejected" && decision.why ? `: ${decision.why}` : "";
  item.tooltip = [`${moodWords[hunk.mood]}${why}`, ...(comment === undefined ? [] : [`Your comment: ${comment}`])].join("\n");
  item.contextValue = `hunk ${hunk.mood}`;
  item.accessibilityInformation = {
    label: `${labelOf(hunk, review)}, ${hunk.added} added, ${hunk.removed} removed, ${moodWords[hunk.mood]}`,
  };
  return item;
}

/** The first line with something on it: what comes, else what goes. */
function labelOf({ from, removed, added }: HunkRows, review: FileReview | undefined): string {
  const rows = review?.rows ?? [];
  const lines = [...rows.slice(from + removed, from + removed + added), ...rows.slice(from, from + removed)].map(({ text }) => text.trim());
  return lines.find((line) => /\w/.test(line)) ?? lines.find((line) => line !== "") ?? review?.file.fate ?? "";
}

const icons: Readonly<Record<HunkMood, string>> = {
  open: "circle-large-outline",
  accepted: "check",
  changed: "edit",
  rejected: "close",
  already: "check",
  conflict: "warning",
};
const tones: Readonly<Partial<Record<HunkMood, string>>> = {
  open: "charts.yellow",
  accepted: "charts.green",
  changed: "charts.blue",
  rejected: "charts.red",
  conflict: "charts.yellow",
};
const moodWords: Readonly<Record<HunkMood, string>> = {
  open: "not decided",
  accepted: "accepted",
  changed: "edited by you",
  rejected: "rejected",
  already: "there already",
  conflict: "meets lines you changed meanwhile",
};
