// The places of a conversation that a new run can go on from, and the words that name them. Pure folds of the journal; checkpoint.ts has
// those of the files.

import { isWhole, type Point } from "./checkpoint.ts";
import type { Event } from "./event.ts";
import { callWords } from "./observe/call-words.ts";
import { reduce } from "./reduce.ts";
import { fail, ok, type Result } from "./result.ts";
import { emptyState, findCall, type RunState } from "./state.ts";

/** A place worth listing: something was said, planned or done there. */
export interface Moment extends Point {
  readonly at: number;
}

/** Every moment at which no call was half done, oldest first; what stands up to it, itself included, goes into the fork. */
export function moments(events: readonly Event[]): readonly Moment[] {
  const found: Moment[] = [];
  let state = emptyState;
  for (const event of events) {
    state = reduce(state, event);
    const point = nameOf(event, state);
    if (point !== undefined && isWhole(state)) found.push({ to: event.seq, at: event.at, point });
  }
  return found;
}

function nameOf(event: Event, state: RunState): string | undefined {
  switch (event.type) {
    case "run.started":
      return "at the start of the run";
    case "user.said":
      return `after you said: ${clip(event.text)}`;
    case "plan.settled":
      return event.answer === "rejected" ? "after the plan was sent back" : "after the plan was approved";
    case "model.replied":
      return event.text.trim() === "" ? undefined : `after it said: ${clip(event.text)}`;
    case "call.ended": {
      const call = findCall(state, event.call)?.call;
      return `after ${call ? callWords(call.tool, call.judged?.input ?? call.args) : event.call}`;
    }
    case "step.checked":
      return `after ${event.step} was checked`;
    case "step.reflected":
      return `after the lesson of ${event.step}`;
    default:
      return undefined;
  }
}

const clip = (text: string): string => {
  const [line = ""] = text.trim().split("\n");
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
};

/**
 * The point a word names for a fork: the number of an event (after it), "start", a step (before its first thought), or a call (after
 * all calls that were wanted together with it).
 */
export function forkPoint(events: readonly Event[], word: string): Result<Point> {
  const last = events.length;
  if (/^\d+$/.test(word)) {
    const to = Number(word);
    if (to >= 1 && to <= last) return ok({ to, point: `after event ${to}` });
    return fail("missing", `This run has no event ${word}: its events are 1 to ${last}.`);
  }
  if (word === "start") return ok({ to: 1, point: "at the start of the run" });
  const thought = events.find((event) => event.type === "model.replied" && event.step === word);
  if (thought) return ok({ to: thought.seq - 1, point: `before step ${word}` });
  const turn = word.slice(0, word.lastIndexOf(".") + 1);
  const ended = turn === "" ? undefined : events.findLast((event) => endsCall(event, turn));
  if (ended && events.some((event) => endsCall(event, word))) return ok({ to: ended.seq, point: `after call ${word}` });
  return fail(
    "missing",
    `"${word}" names no point of this run; give the number of an event as "proviso show --timeline" lists them, "start", a step or a call.`,
  );
}

/** A call that was denied or rejected ends with the answer. */
function endsCall(event: Event, id: string): boolean {
  switch (event.type) {
    case "call.ended":
    case "call.judged":
      return event.call.startsWith(id);
    case "approval.given":
      return event.subject.of === "call" && event.subject.call.startsWith(id);
    default:
      return false;
  }
}
