// Spans of a run: the run, its plan, each attempt of a step, and in them every turn, call, wait and check, with durations. A pure fold
// of the journal, nested by what they are about.

import type { Event } from "../event.ts";
import { type Flight, frames } from "./flights.ts";

export interface Span {
  /** "run", "step fix attempt 2", "think", "execute run_command". */
  readonly name: string;
  /** Nesting: 0 the run, 1 plan and step attempts, 2 what happens in them. */
  readonly depth: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** False where what it was about failed. */
  readonly ok: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** In order of their beginning, parents first. A run in progress ends, for now, with its last event. */
export function spans(events: readonly Event[]): readonly Span[] {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return [];
  const inner: Span[] = [];
  const attempts = new Map<string, { from: number; to: number; ok: boolean }>();
  const tools = new Map<string, string>();
  for (const { event, before, flight } of frames(events)) {
    if (event.type === "model.replied") for (const call of event.calls) tools.set(call.call, call.tool);
    if (!flight || flight.word === "answer") continue;
    const step = stepOf(flight);
    inner.push({ ...describe(event, flight, tools), depth: step === undefined ? 1 : 2, from: flight.from, to: flight.to });
    if (step === undefined) continue;
    const name = `step ${step} attempt ${before.steps[step]?.attempt ?? 1}`;
    const known = attempts.get(name);
    const ok = event.type === "step.checked" ? event.evidence.pass : (known?.ok ?? true);
    attempts.set(name, { from: known?.from ?? flight.from, to: event.at, ok });
  }
  const outer = [...attempts].map(([name, attempt]): Span => ({ name, depth: 1, ...attempt, attributes: {} }));
  const run: Span = {
    name: "run",
    depth: 0,
    from: first.at,
    to: last.at,
    ok: last.type !== "run.ended" || last.outcome === "done",
    attributes: { events: events.length },
  };
  return [run, ...[...outer, ...inner].sort((a, b) => a.from - b.from || a.depth - b.depth)];
}

function stepOf({ subject }: Flight): string | undefined {
  const [of, name = ""] = subject.split(" ");
  return of === "step" ? name : of === "call" ? name.split(".")[0] : undefined;
}

function describe(event: Event, flight: Flight, tools: ReadonlyMap<string, string>): Pick<Span, "name" | "ok" | "attributes"> {
  const tool = tools.get(flight.subject.slice("call ".length));
  const name = tool ? `${flight.word} ${tool}` : flight.word;
  switch (event.type) {
    case "model.replied":
      return {
        name,
        ok: true,
        attributes: { model: event.model, input: event.usage.input, output: event.usage.output, calls: event.calls.length },
      };
    case "plan.made":
      return {
        name,
        ok: true,
        attributes: {
          by: event.by,
          steps: event.plan.steps.length,
          ...(event.usage ? { input: event.usage.input, output: event.usage.output } : {}),
        },
      };
    case "model.failed":
      return { name, ok: false, attributes: { fault: event.fault.kind } };
    case "call.judged":
      return {
        name,
        ok: event.decision.verdict !== "deny",
        attributes: { verdict: event.decision.verdict, rule: event.decision.rule ?? "" },
      };
    case "approval.given":
      return { name, ok: event.resolution.answer === "approve", attributes: { answer: event.resolution.answer } };
    case "plan.settled":
      return { name, ok: event.answer !== "rejected", attributes: { answer: event.answer, by: event.by } };
    case "call.ended":
      return {
        name,
        ok: event.outcome.ok,
        attributes: event.outcome.ok ? { changed: event.changed.length } : { fault: event.outcome.fault.kind },
      };
    case "step.checked":
    case "criterion.checked":
      return { name, ok: event.evidence.pass, attributes: { check: event.evidence.check.by } };
    default:
      return { name, ok: true, attributes: {} };
  }
}
