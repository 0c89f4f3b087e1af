// What the host tells the webview: a header and an ordered list of items, sent once and then as patches; never the whole state again.
// The webview draws what it is told and decides nothing.

import type { ApprovalRequest } from "../agent/approval.ts";
import type { FuseName, LedgerEntry, Outcome } from "../agent/event.ts";
import type { Gauge } from "../agent/fuse/gauge.ts";
import type { Offer } from "../agent/fuse/offer.ts";
import type { RoleName } from "../agent/plan.ts";
import type { Decision, Rule } from "../agent/policy/rules.ts";
import type { HunkAnswer } from "../agent/review/decision.ts";
import type { PartsTold } from "./parts-told.ts";

export type { ApprovalRequest } from "../agent/approval.ts";
export type { EffectRow, Stretch } from "../agent/effect-row.ts";
export type { PartsTold } from "./parts-told.ts";
export { amountOf } from "../agent/limit.ts";
export { duration, timeLeft } from "../agent/observe/amount.ts";
export { doubtText, foundText } from "../agent/doubt.ts";
export { nearness } from "../agent/fuse/gauge.ts";
export { fuseWords } from "../agent/fuse/words.ts";

export type ToView =
  | { readonly type: "reset"; readonly header: Header; readonly items: readonly Item[]; readonly earlier: number }
  | {
      readonly type: "patch";
      readonly header?: Header;
      readonly put: readonly Placed[];
      readonly gone: readonly string[];
      readonly earlier: number;
    }
  /** Streamed text or output of a running item; not part of any item until its event comes. */
  | { readonly type: "delta"; readonly id: string; readonly text: string /** What was streamed before is void. */; readonly fresh?: true }
  | { readonly type: "detail"; readonly id: string; readonly detail: CallDetail }
  | { readonly type: "runs"; readonly runs: readonly RunLine[] }
  | { readonly type: "offers"; readonly id: string; readonly offers: readonly RuleOffer[] }
  /** Files and folders that fit the words, the likeliest first; a folder's path ends in a slash. */
  | { readonly type: "found"; readonly words: string; readonly paths: readonly string[] }
  /** What the person had begun, as the page told it last. */
  | { readonly type: "begun"; readonly at: number; readonly json: string }
  /** A key or a command approves this item, as it stands on the screen. */
  | { readonly type: "press"; readonly id: string }
  | { readonly type: "prefill"; readonly text: string; readonly attachments: readonly string[] }
  | { readonly type: "notice"; readonly text: string; readonly action?: { readonly label: string; readonly command: string } };

/** An item and the item it stands after (undefined: first). */
export interface Placed {
  readonly item: Item;
  readonly after: string | undefined;
}

export type RunMood = "idle" | "working" | "waiting" | "done" | "unverified" | "failed" | "stopped" | "fuse" | "cancelled";

/** A hunk that meets lines which the person changed meanwhile. */
export interface Clash {
  /** The digest of the question. */
  readonly digest: string;
  readonly file: string;
  readonly hunk: number;
}

export interface Header {
  readonly clashes?: readonly Clash[] | undefined;
  /** `folder`: where it works, in a workspace of several. */
  readonly run: { readonly id: string; readonly goal: string; readonly folder: string | undefined } | undefined;
  readonly mood: RunMood;
  /** Goes on from another run's conversation, and nobody has said how yet. */
  readonly forked: boolean;
  readonly steps: readonly { readonly id: string; readonly status: StepMood }[];
  readonly verified: number;
  readonly waiting: number;
  /** What waits, in words; empty where nothing does. */
  readonly waits: string;
  readonly spend: { readonly usd: number; readonly limit: number; readonly unpriced: number; readonly tokens: number };
  /** How near each fuse is. */
  readonly fuses: readonly Gauge[];
  /** How full the next request makes the model's window; undefined where there will be none. */
  readonly context: ContextMeter | undefined;
  readonly model: string;
  readonly mode: string;
  /** Why every command asks; undefined while the sandbox is on. */
  readonly unsandboxed: string | undefined;
  /** Restricted mode, no folder, and the like: what can be done here and what cannot. */
  readonly limits: string | undefined;
  /** The folder the next run will work in, in a workspace of several. */
  readonly folder: string | undefined;
  /** Examples of this workspace for the empty state. */
  readonly examples: readonly string[];
}

export interface ContextMeter {
  /** Whose next request, where the plan has several steps. */
  readonly step: number | undefined;
  /** "about 12.3k of 128.0k tokens"; an unknown window is not guessed. */
  readonly said: string;
  /** In percent of the window; undefined where that is not known. */
  readonly full: number | undefined;
  /** What it is made of, and what is free. */
  readonly rows: readonly ContextShare[];
  readonly notes: readonly string[];
}

export interface ContextShare {
  readonly name: string;
  /** "1.2k tokens". */
  readonly amount: string;
  /** In percent of the window, or of the request where the window is not known. */
  readonly share: number;
}

export type StepMood = "later" | "stopped" | "working" | "waiting" | "checking" | "verified" | "unverified" | "failed" | "dropped";
export type CallMood = "wanted" | "waiting" | "running" | "done" | "failed" | "stopped" | "denied" | "rejected" | "unknown" | "late";

export type Item = ChangeSetItem | StepItem | CallItem | TextItem | SwitchItem | PlanItem | ApprovalItem | LessonItem | FuseItem | EndItem;

export interface StepItem {
  readonly kind: "step";
  readonly id: string;
  readonly number: number;
  readonly of: number;
  readonly goal: string;
  readonly role: RoleName;
  readonly mood: StepMood;
  readonly check: string;
  readonly attempt: number;
  readonly attempts: number;
  readonly needs: readonly number[];
  readonly calls: number;
  /** Files that its calls changed and that can be put back. */
  readonly changed: number;
  readonly evidence: EvidenceFacts | undefined;
}

export interface EvidenceFacts {
  readonly said: string;
  readonly pass: boolean;
  readonly exit: number | null | undefined;
  readonly ms: number;
  readonly tail: string;
  /** False once something was written after it. */
  readonly fresh: boolean;
  /** The check itself when it is a command line. */
  readonly line: string | undefined;
}

export interface CallItem {
  readonly kind: "call";
  readonly id: string;
  readonly step: string;
  readonly attempt: number;
  /** Earlier attempts are folded away. */
  readonly past: boolean;
  readonly tool: string;
  readonly icon: "file" | "search" | "edit" | "terminal" | "list" | "question" | "git" | "tool";
  readonly title: string;
  /** At the right: "7 in 3 files", "+12 −3, you took 2 of 3", "exit 0, 1.8 s". */
  readonly fact: string;
  readonly mood: CallMood;
}

/** Sent when a call is unfolded. The decision's parts are told beside it. */
export interface CallDetail {
  readonly args: string;
  readonly output: string;
  readonly decision: Decision | undefined;
  readonly parts: PartsTold | undefined;
  readonly told: string | undefined;
  readonly ms: number | undefined;
  /** The call, where it changed files: a point to go back to. */
  readonly restore: string | undefined;
  /** The call, once it has ended: a moment to go on from apart. */
  readonly fork: string | undefined;
}

/** Words of the model or the user; Markdown of a foreign hand. */
export interface TextItem {
  readonly kind: "text";
  readonly id: string;
  readonly by: "model" | "user";
  readonly text: string;
}

/** Another model answers than the one that should have. */
export interface SwitchItem {
  readonly kind: "switch";
  readonly id: string;
  /** Undefined where it was to plan. */
  readonly step: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

export interface PlanItem {
  readonly kind: "plan";
  readonly id: string;
  readonly request: ApprovalRequest;
}

export interface ApprovalItem {
  readonly kind: "approval";
  readonly id: string;
  /** Its decision has no parts: they are told below. */
  readonly request: ApprovalRequest;
  /** Absent where nothing was judged, and in a view kept by an older version. */
  readonly parts?: PartsTold | undefined;
  readonly step: string | undefined;
  /** What it is for: its step. */
  readonly purpose: string | undefined;
  /** What is decided of single hunks so far. */
  readonly answers: readonly HunkAnswer[];
  /** Critical calls have no key and no "always". */
  readonly critical: boolean;
  readonly limitUsd: number;
}

/** The changes of one turn that wait together. */
export interface ChangeSetItem {
  readonly kind: "set";
  readonly id: string;
  readonly step: string;
  /** The cards above it, each with the digest it shows. */
  readonly cards: readonly { readonly id: string; readonly digest: string }[];
  readonly added: number;
  readonly removed: number;
}

export interface LessonItem {
  readonly kind: "lesson";
  readonly id: string;
  readonly attempt: number;
  readonly because: string;
  readonly lesson: string;
  /** No attempt follows. */
  readonly final: boolean;
  readonly restored: readonly string[];
  readonly kept: readonly string[];
  /** Those put back that a command had changed. */
  readonly commanded: readonly string[];
}

export interface FuseItem {
  readonly kind: "fuse";
  readonly id: string;
  readonly name: FuseName;
  readonly diagnosis: string;
  /** The ways on, the most usual first; none where it was told by an older Proviso. */
  readonly offers: readonly Offer[];
  /** What going on with more would mean. */
  readonly more: string;
  /** The step it names, as people count. */
  readonly step: number | undefined;
}

export interface EndItem {
  readonly kind: "end";
  readonly id: string;
  readonly outcome: Outcome;
  /** Files were put back after it, so that the evidence is of other files. */
  readonly undone: boolean;
  readonly answer: string;
  readonly ledger: readonly LedgerEntry[];
  readonly spend: Header["spend"];
  readonly ms: number;
  readonly changed: readonly { readonly path: string }[];
}

export interface RunLine {
  readonly id: string;
  readonly goal: string;
  readonly mood: RunMood;
  readonly at: number;
  readonly usd: number;
  readonly said: string;
}

export interface RuleOffer {
  readonly title: string;
  readonly rule: Rule;
  readonly covered: number;
  readonly of: number;
}
