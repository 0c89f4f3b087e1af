// Restoring the files of a run for a person: planned so that it can be shown, journaled before anything is touched, then performed.
// A restore is a change like any other: it is in the journal with its images, and can itself be taken back.

import { changesAfter, type Point } from "./checkpoint.ts";
import type { Event, EventBody } from "./event.ts";
import type { Run } from "./engine.ts";
import type { Ground } from "./gate.ts";
import { restore } from "./perform/restore.ts";
import { type Prefer, unwind, type Unwound } from "./unwind.ts";

/** What going back to a point would do to the files. Nothing is touched but the blobs. */
export const planRestore = (
  world: Ground,
  events: readonly Event[],
  to: number,
  prefer: (shown: string) => Prefer,
  signal: AbortSignal,
): Promise<Unwound> => unwind(world, changesAfter(events, to), signal, prefer);

export type RestoreEnded = Extract<EventBody, { type: "restore.ended" }>;

/** Does what was planned. A restore that a killed process left half done is finished first by `finishRestore`. */
export async function restoreFiles(run: Run, { to, point }: Point, plan: Unwound, signal: AbortSignal): Promise<RestoreEnded> {
  const { touches, merged, kept } = plan;
  await run.append({ type: "restore.begun", to, point, files: [...touches], merged: [...merged], kept: [...kept] });
  return finishRestore(run, signal);
}

/** Ends a restore that was begun. */
export async function finishRestore(run: Run, signal: AbortSignal): Promise<RestoreEnded> {
  const ended = await restore(run, { do: "restore" }, signal);
  if (ended?.type !== "restore.ended") throw new Error("no restore was begun");
  await run.append(ended);
  return ended;
}
