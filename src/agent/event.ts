// The words of the journal. A run is nothing but these events in order; everything else is a fold of them.
// Owns the schema of every event and of the envelope. Streaming text is not here: it is not history.

import * as z from "zod";
import { ApprovalRequest, ApprovalSubject, Resolution } from "./approval.ts";
import { Check, Plan } from "./plan.ts";
import { Grade } from "./policy/grade.ts";
import { Decision } from "./policy/rules.ts";
import { HunkAnswer } from "./review/decision.ts";
import { Fault } from "./result.ts";
import { Observation } from "./tool/observation.ts";
import { Effect, Risk } from "./tool/risk.ts";
import { Left, Touch } from "./touch.ts";

/** Hard limits of one run; reaching one stops it with a diagnosis and it can be resumed with more. */
export type Bound = z.infer<typeof Bound>;
export const Bound = z.object({ usd: z.number(), tokens: z.number(), requests: z.number(), minutes: z.number() }).partial();
export type Limits = z.infer<typeof Limits>;
export const Limits = z.object({
  turnsPerStep: z.number(),
  attemptsPerStep: z.number(),
  /** Times that the same call with the same result, or a round of calls, may come before the run stops; older journals do not say. */
  repeats: z.number().default(3),
  /** Turns of an attempt that may bring nothing: no changed file and no better check. */
  idleTurns: z.number().default(20),
  /** Turns, or checks, that may end in the same error. */
  sameErrors: z.number().default(5),
  /** Plans made, the first and every replacement. */
  plans: z.number(),
  calls: z.number(),
  tokens: z.number(),
  minutes: z.number(),
  usd: z.number(),
  /** Requests to models. */
  requests: z.number().optional(),
  /** What each step, and all runs of a day together, may use. */
  step: Bound.optional(),
  day: Bound.optional(),
  /** What one check of a step may take; older journals do not say. */
  checkSeconds: z.number().default(600),
});

export const defaultLimits: Limits = {
  turnsPerStep: 40,
  attemptsPerStep: 3,
  repeats: 3,
  idleTurns: 20,
  sameErrors: 5,
  plans: 4,
  calls: 200,
  tokens: 2_000_000,
  minutes: 60,
  usd: 5,
  checkSeconds: 600,
};

export const eventVersion = 1;

/** What was known of the workspace when the run began; journaled, so that every prompt is a pure fold of the journal. */
export type Briefing = z.infer<typeof Briefing>;
export const Briefing = z.object({
  /** AGENTS.md or its like, capped. */
  guide: z.string().optional(),
  /** The shell line that runs the tests, where one was found. */
  test: z.string().optional(),
  entries: z.array(z.string()),
});

export type FuseName = z.infer<typeof FuseName>;
export const FuseName = z.enum([
  "turns",
  "plans",
  "calls",
  "tokens",
  "minutes",
  "usd",
  "repeat",
  "cycle",
  "idle",
  "error",
  "model",
  "internal",
]);

const Usage = z.object({
  input: z.number(),
  output: z.number(),
  cached: z.number().optional(),
  usd: z.number().optional(),
  by: z.string().optional(),
  counted: z.literal(true).optional(),
});

/** What a check found, in a form a person can repeat. */
export type Evidence = z.infer<typeof Evidence>;
export const Evidence = z.object({
  check: Check,
  pass: z.boolean(),
  /** Set where it passed only because there was nothing to check; such a step stays unverified. */
  hollow: z.literal(true).optional(),
  /** How sure a judge is of it, 0 to 1. */
  confidence: z.number().optional(),
  /** One line: what was found. */
  said: z.string(),
  exit: z.number().nullable().optional(),
  /** SHA-256 of the whole output. */
  digest: z.string().optional(),
  tail: z.string().optional(),
  ms: z.number(),
});

export type CallOutcome = z.infer<typeof CallOutcome>;
export const CallOutcome = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), observation: Observation }),
  z.object({ ok: z.literal(false), fault: Fault }),
]);

/** What is left to do after a failed attempt. */
export type Remedy = z.infer<typeof Remedy>;
export const Remedy = z.enum(["retry", "replan", "ask", "give up"]);

/** How a run ended. `done`: every obligation proved. `unproved`: finished, but something was not proved. `stopped`: needs a person. */
export type Outcome = z.infer<typeof Outcome>;
export const Outcome = z.enum(["done", "unproved", "failed", "stopped", "fuse", "cancelled"]);

const LedgerEntry = z.object({
  of: z.string(),
  goal: z.string(),
  status: z.enum(["verified", "unverified", "failed", "dropped"]),
  evidence: Evidence.optional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export type EventBody = z.infer<typeof EventBody>;
export const EventBody = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.started"),
    run: z.string(),
    goal: z.string(),
    /** Success criteria besides the steps' own checks. */
    criteria: z.array(Check),
    workspace: z.string(),
    model: z.string(),
    mode: z.string(),
    limits: Limits,
    briefing: Briefing,
    parent: z.string().optional(),
  }),
  z.object({
    type: z.literal("run.resumed"),
    limits: Limits.optional(),
    /** With a new plan, because what stopped it is no matter of more. */
    replan: z.literal(true).optional(),
  }),
  z.object({ type: z.literal("user.said"), text: z.string() }),
  z.object({
    type: z.literal("plan.made"),
    plan: Plan,
    by: z.enum(["rule", "model"]),
    model: z.string().optional(),
    usage: Usage.optional(),
    /** Tokens that the model which acts can take; absent where nobody knows. */
    window: z.number().optional(),
  }),
  z.object({
    type: z.literal("plan.settled"),
    answer: z.enum(["approved", "edited", "rejected"]),
    by: z.enum(["policy", "person"]),
    plan: Plan.optional(),
    why: z.string().optional(),
    unattended: z.boolean().optional(),
    /** Nobody answered in time. */
    late: z.literal(true).optional(),
  }),
  z.object({
    type: z.literal("model.replied"),
    step: z.string(),
    attempt: z.number(),
    turn: z.number(),
    text: z.string(),
    calls: z.array(z.object({ call: z.string(), ref: z.string(), tool: z.string(), args: z.string() })),
    model: z.string(),
    usage: Usage,
    /** Length and filter endings are worth telling; the rest is plain. */
    finish: z.string(),
    /** Tokens that the model can take, as far as was known when it was asked. */
    window: z.number().optional(),
    native: z.json().optional(),
  }),
  z.object({ type: z.literal("model.failed"), purpose: z.string(), step: z.string().optional(), fault: Fault }),
  /** Another model answered than the one that should have. */
  z.object({
    type: z.literal("model.switched"),
    purpose: z.string(),
    step: z.string().optional(),
    from: z.string(),
    to: z.string(),
    because: z.string(),
  }),
  z.object({ type: z.literal("call.judged"), call: z.string(), input: z.json(), risk: Risk, decision: Decision, grade: Grade.optional() }),
  z.object({ type: z.literal("approval.asked"), request: ApprovalRequest }),
  /** What a person has decided of single hunks so far; nothing happens before `approval.given` says it all again. */
  z.object({ type: z.literal("hunks.decided"), call: z.string(), digest: z.string(), answers: z.array(HunkAnswer) }),
  z.object({ type: z.literal("approval.given"), subject: ApprovalSubject, resolution: Resolution }),
  z.object({ type: z.literal("call.begun"), call: z.string(), digest: z.string(), touches: z.array(Touch) }),
  z.object({
    type: z.literal("call.ended"),
    call: z.string(),
    outcome: CallOutcome,
    /** Files whose content this call really changed, with what they were and what they became. */
    changed: z.array(Touch),
    /** Files that changed while a command ran and of which nothing was kept, so that they cannot be restored. */
    unkept: z.array(Left).optional(),
    effects: z.array(Effect),
    ms: z.number(),
    /** The sandbox broke it, and a person is here who may let it run once without. */
    offer: z.literal("outside").optional(),
  }),
  z.object({
    type: z.literal("job.ended"),
    /** The call that started it. */
    job: z.string(),
    exit: z.number().nullable(),
    why: z.enum(["exited", "stopped", "step ended", "run ended"]),
    ms: z.number(),
    said: z.string().optional(),
  }),
  z.object({
    type: z.literal("step.summarised"),
    step: z.string(),
    attempt: z.number(),
    /** The turns from the first on that it stands for. */
    turns: z.number(),
    /** Absent where no model could be asked: the prompt is cut without one then. */
    text: z.string().optional(),
    model: z.string().optional(),
    usage: Usage.optional(),
  }),
  z.object({ type: z.literal("step.checked"), step: z.string(), attempt: z.number(), evidence: Evidence, usage: Usage.optional() }),
  z.object({ type: z.literal("criterion.checked"), criterion: z.number(), evidence: Evidence, usage: Usage.optional() }),
  z.object({
    type: z.literal("step.reflected"),
    step: z.string(),
    attempt: z.number(),
    because: z.string(),
    lesson: z.string(),
    then: Remedy,
    usage: Usage.optional(),
  }),
  z.object({
    type: z.literal("step.restored"),
    step: z.string(),
    attempt: z.number(),
    restored: z.array(z.string()),
    /** Files left alone because someone else changed them. */
    kept: z.array(z.string()),
    /** What putting them back changed, with what someone else had added since merged in. */
    changed: z.array(Touch).optional(),
    /** Those put back that a command had changed: what a person wrote in them while it ran went back with it. */
    commanded: z.array(z.string()).optional(),
  }),
  z.object({
    type: z.literal("restore.begun"),
    /** Everything after this event is taken back. */
    to: z.number(),
    /** In words: "before step 2". */
    point: z.string(),
    /** From what each file holds to what it shall hold. */
    files: z.array(Touch),
    /** Those of them that keep what someone else wrote. */
    merged: z.array(z.string()),
    kept: z.array(Left),
  }),
  z.object({ type: z.literal("restore.ended"), changed: z.array(Touch), kept: z.array(Left) }),
  /** This run goes on from another's first `events` events, which stand before this one. */
  z.object({ type: z.literal("run.forked"), from: z.string(), events: z.number() }),
  /** What stands before was written elsewhere. From here on the run is of this place, under this place's mode, limits and briefing. */
  z.object({
    type: z.literal("run.imported"),
    workspace: z.string(),
    mode: z.string(),
    limits: Limits,
    briefing: Briefing,
    /** How it had ended there. */
    outcome: Outcome.optional(),
    /** The line of another run of this place at which its chain ended when this one came. */
    stands: z.object({ run: z.string(), line: z.number(), digest: z.string() }).optional(),
  }),
  /** `step`: whose calls blew it, where it was one's. */
  z.object({ type: z.literal("fuse.blown"), fuse: FuseName, diagnosis: z.string(), step: z.string().optional() }),
  z.object({ type: z.literal("run.ended"), outcome: Outcome, answer: z.string(), ledger: z.array(LedgerEntry) }),
]);

/** One line of the journal: a body in its envelope. `seq` counts from 1 without gaps; `at` is milliseconds since the epoch. */
export type Event = EventBody & { readonly v: typeof eventVersion; readonly seq: number; readonly at: number };
export const Event = z.intersection(z.object({ v: z.literal(eventVersion), seq: z.number().int().positive(), at: z.number() }), EventBody);
