// The points of a run that its files can be put back to: a pure fold of the journal. Every change of ours is an event with the images
// before and after it, so a checkpoint is nothing but a place in the journal, and costs nothing of its own.

import type { Event } from "./event.ts";
import { callWords } from "./observe/call-words.ts";
import { fold, reduce } from "./reduce.ts";
import { relocate } from "./relocate.ts";
import { fail, ok, type Result } from "./result.ts";
import { emptyState, findCall, type RunState } from "./state.ts";
import type { Left, Touch } from "./touch.ts";

export interface Checkpoint {
  /** Restoring takes back every change after this event. */
  readonly to: number;
  /** Milliseconds since the epoch, of the change that follows. */
  readonly at: number;
  /** What follows: a call, the undoing of a failed attempt, or a restore. */
  readonly of: "call" | "rollback" | "restore";
  /** Id of the call; for the others the event's number. */
  readonly id: string;
  readonly step: string | undefined;
  /** "before edit_file src/a.ts". */
  readonly point: string;
  /** What the change that follows did. */
  readonly touches: readonly Touch[];
  /** What a command changed and nobody can put back. */
  readonly unkept: readonly Left[];
}

/** Every point before a change of ours, oldest first. */
export function checkpoints(events: readonly Event[]): readonly Checkpoint[] {
  const found: Checkpoint[] = [];
  const brought = events.findLast((event) => event.type === "run.imported");
  let state = emptyState;
  for (const event of events) {
    const before = state;
    state = reduce(state, event);
    const one = checkpointOf(event, before);
    if (one) found.push(brought && event.seq < brought.seq ? hereInstead(one, state.run?.workspace ?? "", brought.workspace) : one);
  }
  return found;
}

function hereInstead(one: Checkpoint, from: string, to: string): Checkpoint {
  const { touches, left } = relocate(one.touches, from, to);
  return { ...one, touches, unkept: [...one.unkept, ...left] };
}

function checkpointOf(event: Event, state: RunState): Checkpoint | undefined {
  const base = { to: event.seq - 1, at: event.at, unkept: [] };
  switch (event.type) {
    case "call.ended": {
      if (event.changed.length === 0 && !event.unkept?.length) return undefined;
      const call = findCall(state, event.call)?.call;
      const words = call ? callWords(call.tool, call.judged?.input ?? call.args) : event.call;
      const step = event.call.split(".")[0];
      return { ...base, of: "call", id: event.call, step, point: `before ${words}`, touches: event.changed, unkept: event.unkept ?? [] };
    }
    case "step.restored":
      if (!event.changed?.length) return undefined;
      return {
        ...base,
        of: "rollback",
        id: String(event.seq),
        step: event.step,
        point: `before attempt ${event.attempt} of ${event.step} was undone`,
        touches: event.changed,
      };
    case "restore.ended":
      if (event.changed.length === 0) return undefined;
      return {
        ...base,
        of: "restore",
        id: String(event.seq),
        step: undefined,
        point: `before files were restored to ${state.restoring?.point ?? "an earlier point"}`,
        touches: event.changed,
      };
    default:
      return undefined;
  }
}

/** A place in the journal with a name for people. */
export interface Point {
  readonly to: number;
  readonly point: string;
}

/**
 * The point a word names: "start", "fuse" (before the step that a fuse stopped; the start where it names none that changed anything),
 * a call, a step (before its first change), or the number of an event (after it).
 */
export function findPoint(events: readonly Event[], word: string): Result<Point> {
  const all = checkpoints(events);
  const [first] = all;
  const start: Point = { to: first?.to ?? 0, point: "at the start of the run" };
  if (word === "start") return ok(start);
  if (word === "fuse") {
    const stopped = fold(events).fuse?.step;
    const before = all.find((one) => one.of === "call" && one.step !== undefined && one.step === stopped);
    return ok(before ? { to: before.to, point: `before step ${before.step}` } : start);
  }
  const call = all.find((one) => one.of === "call" && one.id === word);
  if (call) return ok({ to: call.to, point: call.point });
  const step = all.find((one) => one.of === "call" && one.step === word);
  if (step) return ok({ to: step.to, point: `before step ${word}` });
  if (/^\d+$/.test(word) && Number(word) < events.length) return ok({ to: Number(word), point: `after event ${word}` });
  return fail(
    "missing",
    `"${word}" names no point of this run; give "start", "fuse", a step, a call or the number of an event, as "proviso checkpoints" lists them.`,
  );
}

/** Where files go back to after a fuse, as "fuse" names it; undefined where no file was changed. */
export function wayBack(events: readonly Event[]): Point | undefined {
  const point = findPoint(events, "fuse");
  return checkpoints(events).length > 0 && point.ok ? point.value : undefined;
}

/** Every change of ours after a point, in the order they were made. */
export const changesAfter = (events: readonly Event[], to: number): readonly Touch[] =>
  checkpoints(events).flatMap((one) => (one.to >= to ? one.touches : []));

/** What nobody can put back of what happened after a point. */
export const unkeptAfter = (events: readonly Event[], to: number): readonly Left[] =>
  checkpoints(events).flatMap((one) => (one.to >= to ? one.unkept : []));

/** How many events of a conversation stand before a point, up to the last moment at which no call was half done. */
export function talkBefore(events: readonly Event[], to: number): number {
  let state = emptyState;
  let last = 0;
  for (const event of events) {
    if (event.seq > to) break;
    state = reduce(state, event);
    if (isWhole(state)) last = event.seq;
  }
  return last;
}

/** No call is half done, nothing waits, and it has not ended: a conversation can go on from here. */
export function isWhole(state: RunState): boolean {
  const half = Object.values(state.steps).some(({ turns }) => turns.at(-1)?.calls.some((call) => !call.ended) ?? false);
  return !half && state.waiting.length === 0 && !state.restoring && !state.ended;
}
