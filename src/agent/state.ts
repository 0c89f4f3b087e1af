// What is known of a run after its events so far, and the questions asked of it. reduce.ts folds events into it.
// Keeps just what next, the prompt and the views need. Everything a run holds is reachable from RunState, nothing is stored twice.

import type { ApprovalRequest, ApprovalSubject, Spend } from "./approval.ts";
import type { Briefing, CallOutcome, Evidence, FuseName, LedgerEntry, Limits, Outcome, Remedy } from "./event.ts";
import type { Check, Plan, Step } from "./plan.ts";
import type { Grade } from "./policy/grade.ts";
import type { Decision } from "./policy/rules.ts";
import type { Fault } from "./result.ts";
import type { HunkAnswer } from "./review/decision.ts";
import type { Risk } from "./tool/risk.ts";
import type { JobEnd } from "./job.ts";
import { isChange, type Left, type Touch } from "./touch.ts";

export interface RunState {
  readonly seq: number;
  /** Time of the last event, ms since the epoch. */
  readonly at: number;
  /** Milliseconds of work so far; waiting for a person and lying on disk do not count. */
  readonly workedMs: number;
  readonly run: RunFacts | undefined;
  readonly plan: PlanState | undefined;
  /** Why the next plan must differ: sent back by a person or the policy, or a step asked to replan. */
  readonly replan: readonly string[];
  readonly plans: number;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly criteria: readonly (Proof | undefined)[];
  /** Proved steps of plans that were replaced. */
  readonly earlier: readonly LedgerEntry[];
  readonly said: readonly { readonly seq: number; readonly text: string }[];
  readonly lessons: readonly Lesson[];
  readonly restored: readonly Restored[];
  /** A restore that was begun and has not ended. */
  readonly restoring: { readonly point: string; readonly files: readonly Touch[]; readonly kept: readonly Left[] } | undefined;
  /** Files were put back after the run had ended: what it proved was proved of other files. */
  readonly undone: boolean;
  /** The run this one goes on from, while nobody has said how. */
  readonly forkedFrom: string | undefined;
  readonly waiting: readonly ApprovalRequest[];
  /** Background jobs that came to stand, in the order they did. */
  readonly jobs: readonly JobState[];
  readonly spend: Spend;
  readonly stepSpend: Readonly<Record<string, StepSpend>>;
  readonly callCount: number;
  /** `seq` of the last event that may have changed the workspace; evidence older than it is stale. */
  readonly lastWrite: number;
  /** Text from outside the workspace has been read: it may try to give orders. */
  readonly tainted: boolean;
  /** A command made or changed what other programs obey, and no person has approved anything since. */
  readonly disturbed: boolean;
  /** `seq` of the last resume; loops are looked for after it. */
  readonly resumedAt: number;
  /** Questions nobody was there to answer, since the last resume. */
  readonly unattended: number;
  /** Tokens that the model which acts can take; undefined where nobody knows. */
  readonly window: number | undefined;
  /** By step, or "plan": how often a server has found a request too long, each of which makes the next one shorter. */
  readonly squeezed: Readonly<Record<string, number>>;
  readonly modelFault: { readonly fault: Fault; readonly step: string | undefined } | undefined;
  /** Set once a person, or nobody, refused to raise the limit that was hit. */
  readonly capped: boolean;
  readonly switched: readonly Switched[];
  readonly fuse: { readonly name: FuseName; readonly diagnosis: string; readonly step: string | undefined } | undefined;
  /** Checks of steps that ran, of every plan and attempt, oldest first. */
  readonly checks: readonly Checked[];
  readonly ended: { readonly outcome: Outcome; readonly answer: string; readonly ledger: readonly LedgerEntry[] } | undefined;
}

export interface RunFacts {
  readonly id: string;
  readonly goal: string;
  readonly criteria: readonly Check[];
  readonly workspace: string;
  readonly model: string;
  readonly mode: string;
  readonly limits: Limits;
  /** The limits it began with: a resume after a fuse gives as much again. */
  readonly given: Limits;
  readonly briefing: Briefing;
  readonly startedAt: number;
}

export interface PlanState {
  readonly revision: number;
  readonly plan: Plan;
  readonly by: "rule" | "model";
  readonly settled: boolean;
  /** Set while a person's refusal, given because nobody was there, keeps the run from going on. */
  readonly refused: string | undefined;
}

export interface JobState {
  /** The call that started it. */
  readonly job: string;
  readonly line: string;
  readonly step: string;
  /** It runs on while its step is checked, and after. */
  readonly keep: boolean;
  readonly at: number;
  /** `lost`: it ended with the process that had started it. */
  readonly ended: { readonly why: JobEnd["why"] | "lost"; readonly exit: number | null; readonly seq: number } | undefined;
}

export interface Proof {
  readonly evidence: Evidence;
  readonly seq: number;
}

/** open: being worked on (or waiting for its needs) · claimed: the model says done · doubted: its check failed · asking: a person is asked. */
export type StepStatus = "open" | "claimed" | "doubted" | "reflected" | "asking" | "verified" | "failed";

export interface StepState {
  readonly step: Step;
  readonly status: StepStatus;
  readonly attempt: number;
  /** Attempts, and turns of this attempt, spent before the last resume; the limits count from here. */
  readonly forgiven: { readonly attempts: number; readonly turns: number };
  /** Turns of this attempt. */
  readonly turns: readonly Turn[];
  /** What its first turns came to, told in their place. */
  readonly summary: { readonly turns: number; readonly text: string } | undefined;
  /** The first so many turns were to be summed up, whether or not that worked. */
  readonly summarised: number;
  readonly past: readonly { readonly attempt: number; readonly turns: readonly Turn[] }[];
  readonly proof: Proof | undefined;
  readonly remedy: Remedy | undefined;
}

export interface Turn {
  readonly seq: number;
  readonly text: string;
  readonly finish: string;
  readonly native: unknown;
  readonly calls: readonly CallState[];
}

export interface CallState {
  readonly call: string;
  /** The model's own id of the call. */
  readonly ref: string;
  readonly tool: string;
  readonly args: string;
  readonly judged:
    | { readonly input: unknown; readonly risk: Risk; readonly decision: Decision; readonly grade?: Grade | undefined }
    | undefined;
  /** Set by a person's amendment: this replaces what the model sent. */
  readonly amended: unknown;
  readonly asked: ApprovalRequest | undefined;
  /** The digest a person (or the policy on a person's behalf) approved. */
  readonly approved: string | undefined;
  /** What was decided of single hunks: a draft while it waits, the whole answer once it is approved that way. */
  readonly hunks: readonly HunkAnswer[] | undefined;
  readonly begun: { readonly digest: string; readonly touches: readonly Touch[]; readonly at: number; readonly seq: number } | undefined;
  readonly ended: CallEnding | undefined;
  /** What it changed when it ran before, inside the sandbox. */
  readonly changedBefore?: readonly Touch[];
  /** Whether it may run without the sandbox, once: a person is asked, or was. */
  readonly outside: "offered" | "declined" | "approved" | undefined;
}

export interface CallEnding {
  readonly outcome: CallOutcome;
  readonly changed: readonly Touch[];
  /** Equal for the same call with the same result, times of day and durations aside. */
  readonly fingerprint: string;
  /** Signature of what went wrong, apart from where and when; undefined where nothing did, or where it was not allowed. */
  readonly error: string | undefined;
  readonly seq: number;
  readonly ms: number;
}

/** How a step's check went: `error` is the signature of what failed, undefined where it passed. */
export interface Checked {
  readonly seq: number;
  readonly step: string;
  readonly of: string;
  readonly error: string | undefined;
  /** What it said, in a line. */
  readonly said: string;
}

export interface Lesson {
  readonly step: string;
  readonly attempt: number;
  readonly because: string;
  readonly lesson: string;
}

export const emptyState: RunState = {
  seq: 0,
  at: 0,
  workedMs: 0,
  run: undefined,
  plan: undefined,
  replan: [],
  plans: 0,
  steps: {},
  criteria: [],
  earlier: [],
  said: [],
  lessons: [],
  restored: [],
  restoring: undefined,
  undone: false,
  forkedFrom: undefined,
  waiting: [],
  jobs: [],
  spend: { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 },
  stepSpend: {},
  callCount: 0,
  lastWrite: 0,
  tainted: false,
  disturbed: false,
  resumedAt: 0,
  unattended: 0,
  window: undefined,
  squeezed: {},
  modelFault: undefined,
  capped: false,
  switched: [],
  fuse: undefined,
  checks: [],
  ended: undefined,
};

/** What a step cost, and how long the run had worked when it first cost something. */
export interface StepSpend extends Spend {
  readonly sinceMs: number;
}

/** Another model answered than the one that should have. */
export interface Switched {
  readonly seq: number;
  readonly step: string | undefined;
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/** What undoing an attempt put back, and what it left alone because someone else had changed it. */
export interface Restored {
  readonly step: string;
  readonly attempt: number;
  readonly restored: readonly string[];
  readonly kept: readonly string[];
  /** Those put back that a command had changed. */
  readonly commanded: readonly string[];
  /** Restoring to here brings back what was put back. */
  readonly to: number;
}

/** A call's id tells where it lies: `step.attempt.turn.index`. */
export const callId = (step: string, attempt: number, turn: number, index: number): string => `${step}.${attempt}.${turn}.${index}`;

/** The call of that id in its step's present attempt. */
export function findCall(state: RunState, id: string): { readonly step: StepState; readonly call: CallState } | undefined {
  const [stepId = "", attempt, turn, index] = id.split(".");
  const step = state.steps[stepId];
  const call = step?.attempt === Number(attempt) ? step.turns[Number(turn)]?.calls[Number(index)] : undefined;
  return step && call ? { step, call } : undefined;
}

/** A question about the call is open: whether it may happen, or happen once more outside the sandbox. */
export const waitsForPerson = ({ asked, ended, approved, outside }: CallState): boolean =>
  outside === "offered" || (asked !== undefined && !ended && approved === undefined);

/** It only looks. */
export const isObserving = (call: CallState): boolean => call.judged?.risk.effects.every((effect) => effect === "read") ?? false;

/** Verified only because there was nothing to check. */
export const isHollow = (step: StepState): boolean => step.proof?.evidence.hollow === true;

/** Files the present attempt changed, each with what it was before the first change and what it became last. */
export function changedPaths(step: StepState): readonly Touch[] {
  const byPath = new Map<string, Touch>();
  for (const touch of step.turns.flatMap((turn) => turn.calls).flatMap((call) => call.ended?.changed ?? [])) {
    const first = byPath.get(touch.path);
    byPath.set(touch.path, first ? later(first, touch) : touch);
  }
  return [...byPath.values()].filter(isChange);
}

const later = (first: Touch, { after, modeAfter = first.modeAfter }: Touch): Touch => ({
  ...first,
  after,
  ...(modeAfter === undefined ? {} : { modeAfter }),
});

export const sameSubject = (a: ApprovalSubject, b: ApprovalSubject): boolean => JSON.stringify(a) === JSON.stringify(b);
