// Everything in the editor that shows a change while it waits, put together: pages, lines above hunks, colours, tree, marks and diffs, all
// drawing from one desk; and the context keys that say when a key may decide.

import * as vscode from "vscode";
import { Queue } from "../../agent/queue.ts";
import type { Result } from "../../agent/result.ts";
import type { WaitingRoom } from "../person.ts";
import type { Session } from "../session.ts";
import { act, firstOpen, type ReviewParts } from "./actions.ts";
import { ReviewDesk } from "./desk.ts";
import { ProposalDiffs } from "./diffs.ts";
import { ReviewLenses } from "./lenses.ts";
import { ReviewMarks } from "./marks.ts";
import { pageOf, ReviewPages } from "./pages.ts";
import { ReviewPaint } from "./paint.ts";
import { Sight } from "./sight.ts";
import { ReviewTree } from "./tree.ts";

export interface Reviewing extends ReviewParts, vscode.Disposable {
  /** Shows a waiting change at its first open hunk. False where there is none to show. */
  show(key: string, options: { readonly focus: boolean }): Promise<boolean>;
  /** The review that is in front, as pages or as a diff. */
  inFront(): string | undefined;
  /** A key may decide: what is in front has been looked at. */
  readonly armed: boolean;
  /** Does what a command about a hunk says, to the hunk it names or the one that is meant. */
  act(command: string, named: unknown): Promise<Result<unknown>>;
  /** Answers with what is decided, what was typed last included. */
  apply(key: string, options: Parameters<ReviewDesk["apply"]>[1]): Promise<Result<void>>;
  /** Closes what shows reviews that no longer wait. */
  tidy(waiting: ReadonlySet<string>): Promise<boolean>;
}

const armMs = 300;

/** `ready` resolves when a run that the window's end interrupted has been opened again. */
export function startReviewing(parts: {
  readonly session: Session;
  readonly waiting: WaitingRoom;
  readonly ready: Promise<void>;
  readonly setContext: (name: string, value: unknown) => void;
  /** What `armed` says may have changed. */
  readonly onSight: () => void;
}): Reviewing {
  const desk = new ReviewDesk(parts);
  const pages = new ReviewPages(desk, parts.ready);
  const diffs = new ProposalDiffs(desk, parts.ready);
  const sight = new Sight(desk);
  const all: ReviewParts = { desk, pages, diffs, sight, turns: new Queue() };
  /** Since when a diff of ours is in front. */
  let compared: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const inFront = (): string | undefined => {
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    if (input instanceof vscode.TabInputText) return pageOf(input.uri)?.key;
    return input instanceof vscode.TabInputTextDiff ? diffs.keyOf(input.modified) : undefined;
  };
  const isArmed = (): boolean => sight.armed || (compared !== undefined && Date.now() - compared >= armMs);
  const look = (): void => {
    const comparing = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff && inFront() !== undefined;
    if (comparing && compared === undefined) timer = setTimeout(parts.onSight, armMs + 1);
    if (!comparing) clearTimeout(timer);
    compared = comparing ? (compared ?? Date.now()) : undefined;
    parts.setContext("comparing", comparing);
    parts.setContext("reviewing", sight.reviewing);
    parts.onSight();
  };
  const disposables = vscode.Disposable.from(
    desk,
    pages,
    diffs,
    sight,
    new ReviewPaint(desk),
    new ReviewLenses(desk),
    new ReviewTree(desk),
    new ReviewMarks(desk),
    sight.onChange(look),
    vscode.window.tabGroups.onDidChangeTabs(look),
    desk.onChange(() => parts.setContext("reviews", desk.reviews.length)),
    { dispose: () => clearTimeout(timer) },
  );
  return {
    ...all,
    inFront,
    get armed() {
      return isArmed();
    },
    async show(key, options) {
      await desk.load(key);
      const first = firstOpen(desk, key);
      return first ? pages.show(first, options) : false;
    },
    act: (name, named) => act(all, name, named),
    async apply(key, options) {
      await diffs.flush(key);
      return desk.apply(key, options);
    },
    async tidy(waiting) {
      const over = new Set([...pages.shownKeys, ...diffs.shownKeys].filter((key) => !waiting.has(key)));
      await diffs.close(over);
      await pages.close(over);
      return over.size > 0;
    },
    dispose: () => void disposables.dispose(),
  };
}
