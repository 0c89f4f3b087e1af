// What a run was doing when: every event is the landing of a flight, and a flight begins with the event after which `next` first
// offered it. So spans with durations come out of the journal alone; nothing is measured twice. Also the ground of replay: an event
// that nothing offered explains did not come from this engine.

import type { Event } from "../event.ts";
import { type Command, next, subjectOf } from "../next.ts";
import { reduce } from "../reduce.ts";
import { emptyState, type RunState } from "../state.ts";

export interface Flight {
  readonly word: Command["do"];
  /** "step fix", "call fix.1.0.0", "criterion 0", "run". */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** One event of a replay: the state around it, what could happen next, and the flight that landed with it. */
export interface Frame {
  readonly event: Event;
  readonly before: RunState;
  readonly after: RunState;
  /** What `next` offers after this event, as "execute call fix.1.0.0"; a limit that is hit is "blow FUSE". */
  readonly next: readonly string[];
  /** Absent for events that come from outside the loop, and for stages of a flight that goes on. */
  readonly flight: Flight | undefined;
  /** False where nothing `next` had offered leads to this event. */
  readonly explained: boolean;
}

type Aloft = Map<string, { readonly word: Command["do"]; readonly since: number }>;

/** Folds the journal event by event, as the engine did. Pure: the time of an event stands for the time it was decided on. */
export function frames(events: readonly Event[]): readonly Frame[] {
  let state = emptyState;
  const aloft: Aloft = new Map();
  return events.map((event) => {
    const before = state;
    const landing = landingOf(event, before, aloft);
    state = reduce(before, event);
    const flight = typeof landing === "string" ? take(aloft, landing, event.at) : undefined;
    // After a fuse or a resume nothing that flew before flies any more.
    if (event.type === "fuse.blown" || event.type === "run.resumed") aloft.clear();
    return { event, before, after: state, next: offer(state, event.at, aloft), flight, explained: landing !== false };
  });
}

function take(aloft: Aloft, subject: string, to: number): Flight | undefined {
  const begun = aloft.get(subject);
  aloft.delete(subject);
  return begun && { word: begun.word, subject, from: begun.since, to };
}

function offer(state: RunState, now: number, aloft: Aloft): readonly string[] {
  const decision = next(state, now);
  if ("blow" in decision) return [`blow ${decision.blow.fuse}`];
  for (const command of decision.commands) {
    const subject = subjectOf(command);
    if (!aloft.has(subject)) aloft.set(subject, { word: command.do, since: now });
  }
  return decision.commands.map((command) => `${command.do} ${subjectOf(command)}`);
}

/** The subject of the flight that lands with the event; true for what needs none; false where nothing explains the event. */
function landingOf(event: Event, before: RunState, aloft: Aloft): string | boolean {
  switch (event.type) {
    case "run.started":
    case "run.resumed":
    case "user.said":
    case "restore.begun":
    case "run.forked":
    case "run.imported":
    case "job.ended":
      return true;
    case "fuse.blown": {
      const decision = next(before, event.at);
      return event.fuse === "internal" || ("blow" in decision && decision.blow.fuse === event.fuse);
    }
    case "run.ended":
      return event.outcome === "cancelled" || (aloft.get("run")?.word === "answer" && "run");
    case "model.failed":
      return asking(event, aloft) ?? false;
    case "model.switched":
      return asking(event, aloft) !== undefined;
    default: {
      const { subject, words, midway } = stageOf(event);
      const word = aloft.get(subject)?.word;
      if (word === undefined || !words.includes(word)) return false;
      return midway || subject;
    }
  }
}

/** The flight that asked a model for this purpose. */
const asking = ({ purpose, step }: { readonly purpose: string; readonly step?: string | undefined }, aloft: Aloft): string | undefined =>
  [...aloft].find(([subject, { word }]) => word === failing[purpose] && subject === (step === undefined ? subject : `step ${step}`))?.[0];

const failing: Readonly<Record<string, Command["do"]>> = {
  plan: "plan",
  act: "think",
  reflect: "reflect",
  judge: "verify",
  summarise: "summarise",
};

interface Stage {
  readonly subject: string;
  /** Commands that may bring the event. */
  readonly words: readonly Command["do"][];
  /** The flight goes on after it. */
  readonly midway: boolean;
}

function stageOf(
  event: Exclude<
    Event,
    {
      type:
        | "run.started"
        | "run.resumed"
        | "user.said"
        | "restore.begun"
        | "run.forked"
        | "run.imported"
        | "job.ended"
        | "fuse.blown"
        | "run.ended"
        | "model.failed"
        | "model.switched";
    }
  >,
): Stage {
  const landing = (subject: string, ...words: Command["do"][]): Stage => ({ subject, words, midway: false });
  switch (event.type) {
    case "plan.made":
      return landing("run", "plan");
    case "plan.settled":
      return landing("run", "settle");
    case "model.replied":
      // Journals of versions that summed nothing up hold a thought where now a summary would be due.
      return landing(`step ${event.step}`, "think", "summarise");
    case "step.summarised":
      return landing(`step ${event.step}`, "summarise");
    case "call.judged":
      return landing(`call ${event.call}`, "judge");
    case "approval.asked":
    case "approval.given": {
      const subject = event.type === "approval.asked" ? event.request.subject : event.subject;
      const midway = event.type === "approval.asked" || subject.of === "recovery";
      if (subject.of === "plan") return { subject: "run", words: ["settle"], midway };
      if (subject.of === "step") return { subject: `step ${subject.step}`, words: ["approve"], midway };
      if (subject.of === "limit") return { subject: "limit", words: ["approve"], midway };
      return { subject: `call ${subject.call}`, words: [subject.of === "recovery" ? "recover" : "approve"], midway };
    }
    case "hunks.decided":
      return { subject: `call ${event.call}`, words: ["approve"], midway: true };
    case "call.begun":
      return { ...landing(`call ${event.call}`, "execute"), midway: true };
    case "call.ended":
      return landing(`call ${event.call}`, "execute", "recover", "approve", "judge");
    case "step.checked":
      return landing(`step ${event.step}`, "verify");
    case "criterion.checked":
      return landing(`criterion ${event.criterion}`, "verify");
    case "step.reflected":
      return landing(`step ${event.step}`, "reflect");
    case "restore.ended":
      return landing("run", "restore");
    case "step.restored":
      return landing(`step ${event.step}`, "rollback");
  }
}
