// One glance: the status bar says whether something waits, works or is stopped, and what it has cost.

import * as vscode from "vscode";
import type { Header } from "../protocol/to-view.ts";

type Glance = Pick<Header, "run" | "mood" | "waiting" | "spend" | "verified" | "steps" | "unsandboxed">;

export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("proviso.status", vscode.StatusBarAlignment.Left, 10);

  constructor() {
    this.#item.name = "Proviso";
    this.show(noRun);
  }

  show(header: Glance): void {
    const { mood, waiting, spend, verified, steps } = header;
    const cost = spend.usd > 0 ? `  $${spend.usd.toFixed(2)} of $${spend.limit.toFixed(2)}` : "";
    const waits = mood === "waiting";
    const { unsandboxed } = header;
    const open = unsandboxed === undefined ? "" : "  $(unlock)";
    const why = unsandboxed === undefined ? "" : `\nCommands are not confined here, so each one asks: ${unsandboxed}`;
    this.#item.text = waits
      ? `$(bell) Proviso: ${waiting} waiting${cost}${open}`
      : mood === "working"
        ? `$(sync~spin) Proviso: ${verified} of ${steps.length} verified${cost}${open}`
        : `${icons[mood] ?? "$(law)"} Proviso${cost}${open}`;
    this.#item.tooltip = header.run ? `${header.run.goal}\n${words[mood]}${why}` : `Proviso: no run${why}`;
    this.#item.command = waits ? "proviso.reviewNext" : "proviso.focus";
    this.#item.backgroundColor = waits ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.accessibilityInformation = {
      label: `Proviso, ${words[mood]}${waits ? `, ${waiting} waiting` : ""}${unsandboxed === undefined ? "" : ", commands are not confined"}`,
      role: "button",
    };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

const noRun: Glance = {
  run: undefined,
  mood: "idle",
  waiting: 0,
  spend: { usd: 0, limit: 0, unpriced: 0, tokens: 0 },
  verified: 0,
  steps: [],
  unsandboxed: undefined,
};

const icons: Readonly<Partial<Record<Header["mood"], string>>> = {
  done: "$(pass-filled)",
  unverified: "$(unverified)",
  failed: "$(error)",
  fuse: "$(debug-disconnect)",
  stopped: "$(circle-slash)",
  cancelled: "$(circle-slash)",
};
const words: Readonly<Record<Header["mood"], string>> = {
  idle: "no run",
  working: "working",
  waiting: "waits for you",
  done: "done and proved",
  unverified: "done, not all of it verified",
  failed: "failed",
  stopped: "stopped",
  fuse: "a fuse blew",
  cancelled: "stopped by you",
};
