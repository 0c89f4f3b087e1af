// Who decided what, and what came of it: every decision, approval and effect of a run, and nothing else. A pure fold of the journal.

import type { Event } from "../event.ts";
import { reduce } from "../reduce.ts";
import { emptyState, findCall, type RunState } from "../state.ts";
import { callWords, touchWords } from "./call-words.ts";
import { countsOf } from "../review/told.ts";

export interface AuditEntry {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: "decision" | "approval" | "effect";
  /** What it was about: "run_command npm test", "plan 1". */
  readonly of: string;
  /** Who: a list of the policy with its rule, the person, `--approve`, or the agent. */
  readonly by: string;
  /** allow, ask, deny, approve, amend, reject, timed out; or what happened: "changed src/a.js", "exit 0". */
  readonly said: string;
  readonly why: string;
  /** Digest of what was shown, where something was approved; of what was done, where something began. */
  readonly digest?: string;
}

export function audit(events: readonly Event[]): readonly AuditEntry[] {
  let state = emptyState;
  return events.flatMap((event) => {
    const before = state;
    state = reduce(before, event);
    const entry = entryOf(event, before);
    return entry ? [{ seq: event.seq, at: event.at, ...entry }] : [];
  });
}

function entryOf(event: Event, state: RunState): Omit<AuditEntry, "seq" | "at"> | undefined {
  switch (event.type) {
    case "call.judged": {
      const { list, rule, verdict, reason } = event.decision;
      return {
        kind: "decision",
        of: wordsOf(state, event.call, event.input),
        by: `${list}${rule ? ` ${rule}` : ""}`,
        said: verdict,
        why: reason,
      };
    }
    case "approval.given": {
      const { subject, resolution } = event;
      const of =
        "call" in subject
          ? `${wordsOf(state, subject.call)}${subject.of === "outside" ? " outside the sandbox" : ""}`
          : subject.of === "step"
            ? `step ${subject.step} attempt ${subject.attempt + 1}`
            : `plan ${subject.revision}`;
      const who =
        resolution.answer === "approve" && resolution.by === "policy"
          ? "--approve"
          : resolution.answer === "timed out" || (resolution.answer === "reject" && resolution.unattended)
            ? "nobody"
            : "person";
      const why =
        resolution.answer === "reject"
          ? resolution.why
          : resolution.answer === "approve"
            ? [
                ...(resolution.hunks ? [countsOf(resolution.hunks, resolution.hunks.length)] : []),
                ...(resolution.remember ? [`remembered as ${resolution.remember.id}`] : []),
              ].join("; ")
            : "";
      return {
        kind: "approval",
        of,
        by: who,
        said: resolution.answer,
        why,
        ...(resolution.answer === "approve" ? { digest: resolution.digest } : {}),
      };
    }
    case "plan.settled":
      return {
        kind: "approval",
        of: `plan ${state.plan?.revision ?? ""}`.trim(),
        by: event.unattended ? "nobody" : event.by,
        said: event.answer,
        why: event.why ?? "",
      };
    case "call.ended": {
      if (event.changed.length === 0 && !event.effects.some((effect) => effect !== "read")) return undefined;
      const call = findCall(state, event.call)?.call;
      if (!call?.begun) return undefined;
      const said = event.outcome.ok
        ? event.changed.map(touchWords).join(", ") || firstLine(event.outcome.observation.text)
        : event.outcome.fault.kind;
      return {
        kind: "effect",
        of: wordsOf(state, event.call),
        by: "agent",
        said,
        why: event.outcome.ok ? "" : event.outcome.fault.message,
        digest: call.begun.digest,
      };
    }
    case "step.checked":
      return event.evidence.check.by === "command"
        ? { kind: "effect", of: event.evidence.check.line, by: `check of ${event.step}`, said: event.evidence.said, why: "" }
        : undefined;
    case "criterion.checked":
      return event.evidence.check.by === "command"
        ? { kind: "effect", of: event.evidence.check.line, by: `criterion ${event.criterion + 1}`, said: event.evidence.said, why: "" }
        : undefined;
    case "step.restored":
      return event.restored.length > 0
        ? {
            kind: "effect",
            of: `step ${event.step}`,
            by: "agent",
            said: `undone ${event.restored.join(", ")}`,
            why: `attempt ${event.attempt} failed`,
          }
        : undefined;
    default:
      return undefined;
  }
}

function wordsOf(state: RunState, id: string, input?: unknown): string {
  const call = findCall(state, id)?.call;
  return call ? callWords(call.tool, input ?? call.judged?.input ?? call.args) : id;
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
