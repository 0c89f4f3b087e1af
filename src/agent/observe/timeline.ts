// The journal as a timeline: one line per event, with the time since the run began. Pure.

import type { ApprovalSubject } from "../approval.ts";
import type { Event } from "../event.ts";
import { assertNever } from "../result.ts";
import { duration, tokens } from "./amount.ts";
import { touchWords } from "./call-words.ts";
import { endText } from "../job-fold.ts";
import type { HunkAnswer } from "../review/decision.ts";
import { countsOf } from "../review/told.ts";

export interface Moment {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds since the first event. */
  readonly since: number;
  readonly type: Event["type"];
  /** What happened, without line breaks of its own. */
  readonly text: string;
}

export function timeline(events: readonly Event[]): readonly Moment[] {
  const start = events[0]?.at ?? 0;
  return events.map((event) => ({
    seq: event.seq,
    at: event.at,
    since: event.at - start,
    type: event.type,
    text: eventText(event).replaceAll(/\s*\n\s*/g, " ⏎ "),
  }));
}

function eventText(event: Event): string {
  switch (event.type) {
    case "run.started":
      return `${clip(event.goal)}, model ${event.model}`;
    case "run.resumed":
      return event.limits ? "with new limits" : "";
    case "user.said":
      return clip(event.text);
    case "plan.made":
      return `by ${event.model ?? event.by}: ${event.plan.steps.map(({ id, needs }) => (needs.length > 0 ? `${id} after ${needs.join("+")}` : id)).join(", ")}`;
    case "plan.settled":
      return `${event.answer} by ${event.by}${event.why ? `: ${clip(event.why)}` : ""}`;
    case "model.replied": {
      const { usage } = event;
      const said = event.calls.length > 0 ? event.calls.map((call) => call.tool).join(", ") : clip(event.text);
      return `${event.step} attempt ${event.attempt} turn ${event.turn + 1}: ${said} (${tokens(usage.input + usage.output)})`;
    }
    case "model.failed":
      return `${event.purpose}${event.step ? ` ${event.step}` : ""}: ${clip(event.fault.message)}`;
    case "model.switched":
      return `${event.purpose}${event.step ? ` ${event.step}` : ""}: ${event.from} → ${event.to}, because ${clip(event.because)}`;
    case "call.judged":
      return `${event.call} ${event.decision.verdict} by ${event.decision.rule ?? "no rule"} (${event.decision.list})`;
    case "approval.asked":
      return `${subjectText(event.request.subject)}: ${event.request.title}`;
    case "hunks.decided":
      return `${event.call}: ${event.answers.map(hunkText).join(", ")}`;
    case "approval.given": {
      const { resolution } = event;
      const more = resolution.answer === "reject" ? clip(resolution.why) : resolution.answer === "approve" ? hunksText(resolution) : "";
      return `${subjectText(event.subject)}: ${resolution.answer}${more === "" ? "" : `: ${more}`}`;
    }
    case "call.begun":
      return [event.call, ...event.touches.map((touch) => touch.shown)].join(" ");
    case "call.ended": {
      const said = event.outcome.ok
        ? event.changed.length > 0
          ? event.changed.map(touchWords).join(", ")
          : clip(event.outcome.observation.text)
        : `${event.outcome.fault.kind}: ${clip(event.outcome.fault.message)}`;
      return `${event.call} after ${duration(event.ms)}: ${said}`;
    }
    case "job.ended":
      return `${event.job} after ${duration(event.ms)}: ${event.said ?? endText(event)}`;
    case "step.summarised":
      return `${event.step} attempt ${event.attempt}, its first ${event.turns} turns: ${clip(event.text ?? "no model could")}`;
    case "step.checked":
      return `${event.step} attempt ${event.attempt} ${event.evidence.pass ? "passes" : "fails"}: ${clip(event.evidence.said)}`;
    case "criterion.checked":
      return `${event.criterion + 1} ${event.evidence.pass ? "passes" : "fails"}: ${clip(event.evidence.said)}`;
    case "step.reflected":
      return `${event.step} attempt ${event.attempt}: ${clip(event.lesson)}, then ${event.then}`;
    case "step.restored":
      return `${event.step} attempt ${event.attempt}: ${event.restored.join(", ") || "nothing"}${event.kept.length > 0 ? `; left alone: ${event.kept.join(", ")}` : ""}${event.commanded?.length ? `; changed by a command: ${event.commanded.join(", ")}` : ""}`;
    case "restore.begun":
      return `to ${event.point}: ${event.files.map(touchWords).join(", ") || "nothing"}`;
    case "restore.ended":
      return `${event.changed.map((touch) => touch.shown).join(", ") || "nothing"}${event.kept.length > 0 ? `; left alone: ${event.kept.map((left) => left.shown).join(", ")}` : ""}`;
    case "run.forked":
      return `from ${event.from} after its event ${event.events}`;
    case "run.imported":
      return `into ${event.workspace}${event.outcome === undefined ? "" : `, where it had ended: ${event.outcome}`}`;
    case "fuse.blown":
      return `${event.fuse}: ${clip(event.diagnosis)}`;
    case "run.ended":
      return `${event.outcome}: ${clip(event.answer)}`;
    default:
      return assertNever(event);
  }
}

const hunkText = ({ file, hunk, decision }: HunkAnswer): string => `${file}#${hunk + 1} ${decision?.is ?? "open"}`;

const hunksText = ({ hunks }: { readonly hunks?: readonly HunkAnswer[] | undefined }): string =>
  hunks ? countsOf(hunks, hunks.length) : "";

const subjectText = (subject: ApprovalSubject): string =>
  subject.of === "plan"
    ? `plan ${subject.revision}`
    : subject.of === "step"
      ? `step ${subject.step}`
      : subject.of === "recovery"
        ? `recovery of ${subject.call}`
        : subject.of === "limit"
          ? `limit ${subject.what}`
          : subject.of === "outside"
            ? `${subject.call} outside the sandbox`
            : subject.call;

const clip = (text: string): string => (text.length <= 120 ? text : `${text.slice(0, 120)}…`);
