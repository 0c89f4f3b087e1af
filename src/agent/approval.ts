// What a person is asked, and what they may answer. An approval is bound to bytes: the digest covers the input and the
// digests of every file the call would change, and is checked again before anything happens.

import * as z from "zod";
import { Plan } from "./plan.ts";
import { Grade } from "./policy/grade.ts";
import { Decision, Rule } from "./policy/rules.ts";
import { HunkAnswer } from "./review/decision.ts";
import { Preview } from "./tool/observation.ts";
import { Risk } from "./tool/risk.ts";
import { Touch } from "./touch.ts";

/** Running cost of the run when the question was put. */
export type Spend = z.infer<typeof Spend>;
export const Spend = z.object({
  requests: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number(),
  /** Requests whose price is unknown; their cost is not in `usd`. */
  unpriced: z.number(),
});

/** What waits: a plan, a call, one that began before a crash, one that the sandbox broke, a step that failed and asks how to go on, or a limit. */
export type ApprovalSubject = z.infer<typeof ApprovalSubject>;
export const ApprovalSubject = z.discriminatedUnion("of", [
  z.object({ of: z.literal("plan"), revision: z.number() }),
  z.object({ of: z.literal("call"), call: z.string() }),
  z.object({ of: z.literal("recovery"), call: z.string() }),
  z.object({ of: z.literal("outside"), call: z.string() }),
  z.object({ of: z.literal("step"), step: z.string(), attempt: z.number() }),
  /** A limit that was hit, and what it would be raised to. */
  z.object({
    of: z.literal("limit"),
    scope: z.enum(["step", "run", "day"]),
    what: z.enum(["usd", "tokens", "requests", "minutes", "calls"]),
    step: z.string().optional(),
    from: z.number(),
    to: z.number(),
  }),
]);

export type ApprovalRequest = z.infer<typeof ApprovalRequest>;
export const ApprovalRequest = z.object({
  subject: ApprovalSubject,
  /** What the answer must repeat, so that what is executed is what was shown. */
  digest: z.string(),
  /** A question that names the act: "Run a command?" */
  title: z.string(),
  why: z.string().optional(),
  tool: z.string().optional(),
  input: z.json().optional(),
  risk: Risk.optional(),
  /** How loud to ask. */
  grade: Grade.optional(),
  decision: Decision.optional(),
  /** How sure one may be of the agent here, 0 to 1; absent while nothing is known. */
  confidence: z.number().optional(),
  preview: Preview.optional(),
  /** The change that was shown, file by file; what is approved is this, and is merged where a file has changed by then. */
  touches: z.array(Touch).optional(),
  plan: Plan.optional(),
  /** What undoes it, in words. */
  undo: z.string().optional(),
  spend: Spend,
  /** Milliseconds since the epoch; no answer by then counts as a rejection. Absent: it waits for ever. */
  deadline: z.number().optional(),
});

export type Resolution = z.infer<typeof Resolution>;
export const Resolution = z.discriminatedUnion("answer", [
  z.object({
    answer: z.literal("approve"),
    digest: z.string(),
    remember: Rule.optional(),
    /** A change decided hunk by hunk: what is not accepted or changed here is not made. Absent: all of it, and only onto what was shown. */
    hunks: z.array(HunkAnswer).optional(),
    by: z.enum(["person", "policy"]).default("person"),
  }),
  /** A changed input is a new call and is judged anew; a changed plan is validated anew. */
  z.object({ answer: z.literal("amend"), input: z.json().optional(), plan: Plan.optional() }),
  /** `unattended`: nobody could be asked; `resume` asks again. */
  z.object({ answer: z.literal("reject"), why: z.string(), unattended: z.boolean().default(false) }),
  z.object({ answer: z.literal("timed out") }),
]);
