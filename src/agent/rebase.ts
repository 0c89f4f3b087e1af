// Carries an approved change over to files that were changed after it was shown. What was approved is hunks; they are moved to where
// their lines are now, and only where the person changed the very same lines is there something to ask again.

import { merge } from "./edit/merge.ts";
import { decode, encodeLike } from "./edit/text.ts";
import type { Measured } from "./gate.ts";
import { fail, ok, type Result } from "./result.ts";
import type { Change } from "./tool/tool.ts";
import type { Touch } from "./touch.ts";
import type { World } from "./world.ts";

export interface Rebased extends Measured {
  /** Files into which the change was merged. */
  readonly merged: readonly string[];
}

/** The approved touches against the files as they are now. A fault `stale` names the file and the lines that both changed. */
export async function rebaseTouches(
  world: World,
  digest: string,
  approved: readonly Touch[],
  signal: AbortSignal,
): Promise<Result<Rebased>> {
  const changes: Change[] = [];
  const touches: Touch[] = [];
  const merged: string[] = [];
  for (const touch of approved) {
    const image = await world.files.read(touch.path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
    if (!image.ok && image.fault.kind !== "missing") return image;
    const now = image.ok ? image.value : null;
    const after = touch.after === null ? ok(null) : await world.blobs.get(touch.after);
    if (!after.ok) return after;
    const next = (now?.digest ?? null) === touch.before ? after : await merging(world, touch, now?.bytes, after.value);
    if (!next.ok) return next;
    if ((now?.digest ?? null) !== touch.before) merged.push(touch.shown);
    const { path, shown, modeAfter } = touch;
    changes.push({ path, shown, before: now, after: next.value });
    touches.push({
      path,
      shown,
      before: now?.digest ?? null,
      ...(now ? { mode: now.mode } : {}),
      after: next.value === null ? null : world.digest(next.value),
      ...(modeAfter === undefined ? {} : { modeAfter }),
    });
  }
  return ok({ digest, changes, touches, merged });
}

async function merging(world: World, touch: Touch, now: Uint8Array | undefined, after: Uint8Array | null): Promise<Result<Uint8Array>> {
  const { before, shown } = touch;
  if (now === undefined || before === null || after === null) return changedMeanwhile(shown, "");
  const base = await world.blobs.get(before);
  if (!base.ok) return base;
  const [old, mine, proposed] = [decode(base.value), decode(now), decode(after)];
  if (!old.ok || !mine.ok || !proposed.ok) return changedMeanwhile(shown, "");
  const { text, conflicts } = merge(old.value.text, mine.value.text, proposed.value.text);
  const [conflict] = conflicts;
  return conflict ? changedMeanwhile(shown, linesText(conflict.from, conflict.to)) : encodeLike(text, mine.value);
}

/** Lines `[from, to)`, counted from 0, as people name them. */
export const linesText = (from: number, to: number): string => (to - from > 1 ? `lines ${from + 1}-${to}` : `line ${from + 1}`);

const changedMeanwhile = (shown: string, lines: string): ReturnType<typeof fail> =>
  fail(
    "stale",
    `${lines === "" ? shown : `${shown}, ${lines},`} changed after this was shown and approved, so nothing was written; read it again and propose the change anew.`,
  );
