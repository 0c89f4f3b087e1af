// What the policy and the person decided, counted: a fold of one journal, and the sum of many. Pure.

import * as z from "zod";
import type { ApprovalSubject } from "../approval.ts";
import type { Event } from "../event.ts";

/** Counts of one journal, small enough to be kept beside it. */
export type Tally = z.infer<typeof Tally>;
export const Tally = z.object({
  /** Calls that the policy let pass, denied, or had put to the person. */
  allowed: z.number(),
  denied: z.number(),
  asked: z.number(),
  /** Questions put: calls, plans, failed steps, unknown endings. */
  questions: z.number(),
  /** Of them of critical risk. */
  escalated: z.number(),
  approved: z.number(),
  /** Approved by --approve on a person's behalf. */
  covered: z.number(),
  amended: z.number(),
  rejected: z.number(),
  unattended: z.number(),
  timedOut: z.number(),
  /** Milliseconds from question to answer, of those that a person answered. */
  waits: z.array(z.number()),
  /** How many calls each rule decided a part of, by "list:id". */
  rules: z.record(z.string(), z.number()),
});

export const emptyTally: Tally = {
  allowed: 0,
  denied: 0,
  asked: 0,
  questions: 0,
  escalated: 0,
  approved: 0,
  covered: 0,
  amended: 0,
  rejected: 0,
  unattended: 0,
  timedOut: 0,
  waits: [],
  rules: {},
};

type Count = Exclude<keyof Tally, "waits" | "rules">;

/** The counts of one run's events. */
export function tallyOf(events: readonly Event[]): Tally {
  const counts = { ...emptyTally };
  const waits: number[] = [];
  const rules: Record<string, number> = {};
  const asked = new Map<string, number>();
  const answered = (subject: ApprovalSubject, at: number, as: Count): void => {
    const since = asked.get(subjectKey(subject));
    if (since === undefined) return;
    asked.delete(subjectKey(subject));
    counts[as]++;
    if (as === "approved" || as === "amended" || as === "rejected") waits.push(at - since);
  };
  for (const event of events) {
    switch (event.type) {
      case "call.judged": {
        const { decision } = event;
        counts[verdictCounts[decision.verdict]]++;
        const parts = decision.parts.length > 0 ? decision.parts : [decision];
        for (const key of new Set(parts.flatMap(({ list, rule }) => (rule === undefined ? [] : [`${list}:${rule}`]))))
          rules[key] = (rules[key] ?? 0) + 1;
        break;
      }
      case "approval.asked":
        counts.questions++;
        if (event.request.grade === "critical") counts.escalated++;
        asked.set(subjectKey(event.request.subject), event.at);
        break;
      case "approval.given":
        answered(event.subject, event.at, countOf(event.resolution));
        break;
      case "plan.settled":
        answered(
          { of: "plan", revision: 0 },
          event.at,
          event.late
            ? "timedOut"
            : event.unattended
              ? "unattended"
              : event.by === "policy"
                ? "covered"
                : event.answer === "approved"
                  ? "approved"
                  : event.answer === "edited"
                    ? "amended"
                    : "rejected",
        );
        break;
      default:
    }
  }
  return { ...counts, waits, rules };
}

const verdictCounts = { allow: "allowed", ask: "asked", deny: "denied" } as const;

function countOf(resolution: Extract<Event, { type: "approval.given" }>["resolution"]): Count {
  switch (resolution.answer) {
    case "approve":
      return resolution.by === "policy" ? "covered" : "approved";
    case "amend":
      return "amended";
    case "reject":
      return resolution.unattended ? "unattended" : "rejected";
    case "timed out":
      return "timedOut";
  }
}

/** One plan waits at a time, whatever its revision. */
const subjectKey = (subject: ApprovalSubject): string => (subject.of === "plan" ? "plan" : JSON.stringify(subject));

/** The counts of several journals together. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = { ...emptyTally };
  const rules: Record<string, number> = {};
  for (const tally of tallies) {
    for (const key of Object.keys(emptyTally) as (keyof Tally)[]) if (key !== "waits" && key !== "rules") sum[key] += tally[key];
    for (const [key, count] of Object.entries(tally.rules)) rules[key] = (rules[key] ?? 0) + count;
  }
  return { ...sum, waits: tallies.flatMap(({ waits }) => waits), rules };
}

/** The middle of what a person took to answer; undefined where nobody answered yet. */
export function medianWait({ waits }: Tally): number | undefined {
  const order = [...waits].sort((a, b) => a - b);
  const half = Math.floor(order.length / 2);
  const [low, high] = order.length % 2 === 1 ? [order[half], order[half]] : [order[half - 1], order[half]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Milliseconds in the words people use for a wait: "8 s", "3 min". */
export function waitText(ms: number): string {
  if (ms < 1000) return "under 1 s";
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`;
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
