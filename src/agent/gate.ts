// The one gate through which files are changed: every changing tool is measured, shown, applied, recovered and undone here.
// Invariants: nothing is touched before the caller has journaled its intent; every file is compared with what was shown before it is
// swapped; before-images are stored before the first swap; a change that did not happen is reported as not having happened.

import type { Touch } from "./event.ts";
import { fail, ok, type Result } from "./result.ts";
import type { AnyChangingTool, Change } from "./tool/tool.ts";
import type { World } from "./world.ts";

/** A call measured against the files as they are now. Its digest names the input and every base it was computed from. */
export interface Measured {
  readonly digest: string;
  readonly changes: readonly Change[];
  readonly touches: readonly Touch[];
}

/** Digest of a call that changes no file, or of the input part of one that does. */
export const inputDigest = (world: World, tool: string, input: unknown): string => world.digest(JSON.stringify([tool, input, []]));

/** Computes what the call would change, without touching anything. */
export async function measure(world: World, tool: AnyChangingTool, input: unknown, signal: AbortSignal): Promise<Result<Measured>> {
  const changes = await tool.change(world, input, signal);
  if (!changes.ok) return changes;
  const touches = changes.value.map((change) => toTouch(world, change));
  const digest = world.digest(JSON.stringify([tool.name, input, touches.map(({ path, before }) => [path, before])]));
  return ok({ digest, changes: changes.value, touches });
}

function toTouch(world: World, { path, shown, before, after }: Change): Touch {
  const touch = { path, shown, before: before?.digest ?? null, after: after === null ? null : world.digest(after) };
  return before ? { ...touch, mode: before.mode } : touch;
}

/** Stores what the files hold now, and what they will hold, so that both undoing and finishing later are possible. */
export async function keepImages(world: World, measured: Measured): Promise<Result<void>> {
  const images = measured.changes.flatMap(({ before, after }) => [before?.bytes, after]).filter((bytes) => bytes instanceof Uint8Array);
  const kept = await Promise.all(images.map((bytes) => world.blobs.put(bytes)));
  return kept.find((put) => !put.ok) ?? ok(undefined);
}

/** Makes the touches true, each by compare-and-swap from the blobs. Answers those that really changed; stops at the first that cannot. */
export async function applyTouches(
  world: World,
  touches: readonly Touch[],
): Promise<{ readonly changed: readonly Touch[]; readonly result: Result<void> }> {
  const changed: Touch[] = [];
  for (const touch of touches) {
    const swapped = await swapTo(world, touch.path, touch.before, touch.after, touch.mode);
    if (!swapped.ok) return { changed, result: swapped };
    if (touch.before !== touch.after) changed.push(touch);
  }
  return { changed, result: ok(undefined) };
}

/**
 * Settles touches begun by a process that died: what already holds its new content counts as done, what still holds its old
 * content is done now, anything else was changed by someone else and is left alone.
 */
export async function finishTouches(
  world: World,
  touches: readonly Touch[],
  signal: AbortSignal,
): Promise<{ readonly changed: readonly Touch[]; readonly result: Result<void> }> {
  const changed: Touch[] = [];
  for (const touch of touches) {
    const now = await digestOf(world, touch.path, signal);
    if (!now.ok) return { changed, result: now };
    if (now.value === touch.before && touch.before !== touch.after) {
      const swapped = await swapTo(world, touch.path, touch.before, touch.after, touch.mode);
      if (!swapped.ok) return { changed, result: swapped };
    } else if (now.value !== touch.after) {
      const fault = fail(
        "stale",
        `${touch.shown} was changed by someone else while the run was interrupted; read it again before editing it.`,
      );
      return { changed, result: fault };
    }
    if (touch.before !== touch.after) changed.push(touch);
  }
  return { changed, result: ok(undefined) };
}

/** Puts back what the files held before. A file someone else changed since is left alone and named in `kept`. */
export async function undoTouches(
  world: World,
  touches: readonly Touch[],
  signal: AbortSignal,
): Promise<{ readonly restored: readonly string[]; readonly kept: readonly string[] }> {
  const restored: string[] = [];
  const kept: string[] = [];
  for (const touch of touches) {
    const now = await digestOf(world, touch.path, signal);
    const done = now.ok && now.value === touch.before;
    const undone =
      done || (now.ok && now.value === touch.after && (await swapTo(world, touch.path, touch.after, touch.before, touch.mode)).ok);
    (undone ? restored : kept).push(touch.shown);
  }
  return { restored, kept };
}

/** What the model hears of a change that was made. */
export function changeText(touches: readonly Touch[]): string {
  return touches
    .map(({ shown, before, after }) => {
      if (before === after) return `${shown} already had this content.`;
      return after === null ? `Deleted ${shown}.` : before === null ? `Created ${shown}.` : `Changed ${shown}.`;
    })
    .join("\n");
}

async function digestOf(world: World, path: string, signal: AbortSignal): Promise<Result<string | null>> {
  const image = await world.files.read(path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
  if (image.ok) return ok(image.value.digest);
  return image.fault.kind === "missing" ? ok(null) : image;
}

async function swapTo(world: World, path: string, from: string | null, to: string | null, mode: number | undefined): Promise<Result<void>> {
  if (to === null) return world.files.swap(path, from, null);
  const bytes = await world.blobs.get(to);
  return bytes.ok ? world.files.swap(path, from, bytes.value, mode) : bytes;
}
