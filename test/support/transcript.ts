// A journal as text, one line per event, stable across machines: what golden tests compare and people read.

import type { Event } from "../../src/agent/event.ts";

export const transcript = (events: readonly Event[]): string =>
  `${events.map((event) => `${String(event.seq).padStart(3)} ${line(event)}`).join("\n")}\n`;

function line(event: Event): string {
  switch (event.type) {
    case "run.started":
      return `run.started "${event.goal}" model ${event.model}`;
    case "run.resumed":
      return "run.resumed";
    case "user.said":
      return `user.said "${event.text}"`;
    case "plan.made":
      return `plan.made by ${event.by}: ${event.plan.steps.map(({ id, role, needs, check }) => `${id}(${role}; ${check.by}${needs.length > 0 ? `; needs ${needs.join(",")}` : ""})`).join(" ")}`;
    case "plan.settled":
      return `plan.settled ${event.answer} by ${event.by}${event.why ? `: ${event.why}` : ""}`;
    case "model.replied":
      return `model.replied ${event.step} attempt ${event.attempt} turn ${event.turn}: ${event.calls.map((call) => `${call.tool} ${call.args}`).join(" | ") || quote(event.text)}`;
    case "model.failed":
      return `model.failed ${event.purpose}: ${event.fault.message}`;
    case "model.switched":
      return `model.switched ${event.purpose}: ${event.from} -> ${event.to}: ${event.because}`;
    case "call.judged":
      return `call.judged ${event.call} ${event.decision.verdict} by ${event.decision.list} ${event.decision.rule ?? "(no rule)"}`;
    case "approval.asked":
      return `approval.asked ${subject(event.request.subject)} ${event.request.title}`;
    case "hunks.decided":
      return `hunks.decided ${event.call} ${event.answers.map(({ file, hunk, decision }) => `${file}#${hunk} ${decision?.is ?? "open"}`).join(" ")}`;
    case "approval.given":
      return `approval.given ${subject(event.subject)} ${event.resolution.answer}`;
    case "call.begun":
      return `call.begun ${event.call}${event.touches.map((touch) => ` ${touch.shown}`).join("")}`;
    case "call.ended":
      return `call.ended ${event.call} ${event.outcome.ok ? `ok: ${quote(event.outcome.observation.text)}` : `${event.outcome.fault.kind}: ${event.outcome.fault.message}`}${event.changed.length > 0 ? ` [changed ${event.changed.map((touch) => touch.shown).join(", ")}]` : ""}`;
    case "job.ended":
      return `job.ended ${event.job} ${event.why}`;
    case "step.summarised":
      return `step.summarised ${event.step} attempt ${event.attempt} turns ${event.turns}: ${quote(event.text ?? "")}`;
    case "step.checked":
      return `step.checked ${event.step} attempt ${event.attempt} ${event.evidence.pass ? "pass" : "fail"}: ${event.evidence.said}`;
    case "criterion.checked":
      return `criterion.checked ${event.criterion} ${event.evidence.pass ? "pass" : "fail"}: ${event.evidence.said}`;
    case "step.reflected":
      return `step.reflected ${event.step} attempt ${event.attempt}: ${event.because} ${event.lesson} -> ${event.then}`;
    case "step.restored":
      return `step.restored ${event.step} attempt ${event.attempt}: ${event.restored.join(", ") || "nothing"}${event.kept.length > 0 ? `; kept ${event.kept.join(", ")}` : ""}`;
    case "restore.begun":
      return `restore.begun ${event.point}: ${event.files.map((touch) => touch.shown).join(", ")}`;
    case "restore.ended":
      return `restore.ended ${event.changed.map((touch) => touch.shown).join(", ")}${event.kept.length > 0 ? `; kept ${event.kept.map((left) => left.shown).join(", ")}` : ""}`;
    case "run.forked":
      return `run.forked from ${event.from} after ${event.events}`;
    case "run.imported":
      return `run.imported into ${event.workspace}`;
    case "fuse.blown":
      return `fuse.blown ${event.fuse}: ${event.diagnosis}`;
    case "run.ended":
      return `run.ended ${event.outcome}: ${quote(event.answer)} ledger ${event.ledger.map((entry) => `${entry.of}=${entry.status}`).join(" ")}`;
  }
}

const quote = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);

function subject(of: { readonly of: string; readonly call?: string; readonly step?: string | undefined }): string {
  return [of.of, of.call ?? of.step].filter((word) => word !== undefined).join(" ");
}
