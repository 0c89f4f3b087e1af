// The one gate through which files are changed: every changing tool is measured, shown, applied and recovered here.
// Invariants: nothing is touched before the caller has journaled its intent; the files of one change are replaced together, each
// compared with what was shown; before-images are stored before the first swap; a change that did not happen is reported as such.

import { unifiedDiff } from "./edit/diff.ts";
import { decode } from "./edit/text.ts";
import { fail, ok, type Result } from "./result.ts";
import type { AnyChangingTool, Change } from "./tool/tool.ts";
import { isChange, type Touch } from "./touch.ts";
import type { FileSwap, World } from "./world.ts";

/** What changing and undoing need of the world. */
export type Ground = Pick<World, "files" | "blobs" | "digest">;

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
  return ok(measureChanges(world, { tool: tool.name, input }, changes.value));
}

/** Changes that are computed already, measured the same way. */
export function measureChanges(
  world: World,
  { tool, input }: { readonly tool: string; readonly input: unknown },
  changes: readonly Change[],
): Measured {
  const touches = changes.map((change) => toTouch(world, change));
  const digest = world.digest(JSON.stringify([tool, input, touches.map(({ path, before }) => [path, before])]));
  return { digest, changes, touches };
}

function toTouch(world: World, { path, shown, before, after, mode }: Change): Touch {
  const touch = { path, shown, before: before?.digest ?? null, after: after === null ? null : world.digest(after) };
  return {
    ...touch,
    ...(before ? { mode: before.mode } : {}),
    ...(mode === undefined || after === null || mode === before?.mode ? {} : { modeAfter: mode }),
  };
}

/** Stores what the files hold now, and what they will hold, so that undoing, merging and finishing later are possible. */
export async function keepImages(world: Pick<World, "blobs">, changes: readonly Pick<Change, "before" | "after">[]): Promise<Result<void>> {
  const images = changes.flatMap(({ before, after }) => [before?.bytes, after]).filter((bytes) => bytes instanceof Uint8Array);
  const kept = await Promise.all(images.map((bytes) => world.blobs.put(bytes)));
  return kept.find((put) => !put.ok) ?? ok(undefined);
}

/** What came of touches: those that really changed something, with what the files hold now. */
export interface Applied {
  readonly changed: readonly Touch[];
  readonly result: Result<void>;
  /** What the editor made of what was written, where it changed it again on saving: one unified diff per file. */
  readonly saved: readonly string[];
}

/** Makes the touches true, all or none, each by compare-and-swap from the blobs. */
export async function applyTouches(world: World, touches: readonly Touch[], signal: AbortSignal): Promise<Applied> {
  const swaps = await swapsOf(world, touches);
  if (!swaps.ok) return { changed: [], result: swaps, saved: [] };
  const landed = await world.files.swapAll(swaps.value);
  if (!landed.ok) return { changed: await standing(world, touches, signal), result: landed, saved: [] };
  const found = new Map(landed.value.map(({ path, digest }) => [path, digest]));
  const changed: Touch[] = [];
  const saved: string[] = [];
  for (const touch of touches) {
    const after = found.get(touch.path);
    if (after === undefined || after === touch.after) changed.push(touch);
    else {
      changed.push({ ...touch, after });
      saved.push(await laterDiff(world, touch, signal));
    }
  }
  return { changed: changed.filter(isChange), result: ok(undefined), saved };
}

/**
 * Settles touches begun by a process that died: what already holds its new content counts as done, what still holds its old
 * content is done now. Where a file was changed by someone else meanwhile, that one is left alone and the others are put back.
 */
export async function finishTouches(world: World, touches: readonly Touch[], signal: AbortSignal): Promise<Applied> {
  const open: Touch[] = [];
  for (const touch of touches) {
    const now = await digestOf(world, touch.path, signal);
    if (!now.ok) return { changed: await standing(world, touches, signal), result: now, saved: [] };
    if (now.value === touch.before && touch.before !== touch.after) open.push(touch);
    else if (now.value !== touch.after) {
      const done = await standing(world, touches, signal);
      await putBack(world, done);
      const fault = fail(
        "stale",
        `${touch.shown} was changed by someone else while the run was interrupted; read it again before editing it.`,
      );
      return { changed: await standing(world, done, signal), result: fault, saved: [] };
    }
  }
  const { result } = await applyTouches(world, open, signal);
  return { changed: await standing(world, touches, signal), result, saved: [] };
}

/** Swaps from the blobs; a fault where an image is gone. */
export async function swapsOf(world: Pick<World, "blobs">, touches: readonly Touch[]): Promise<Result<readonly FileSwap[]>> {
  const swaps: FileSwap[] = [];
  for (const { path, before, after, mode, modeAfter } of touches) {
    const bytes = after === null ? ok(null) : await world.blobs.get(after);
    if (!bytes.ok) return bytes;
    const created = modeAfter ?? mode;
    swaps.push({
      path,
      before,
      after: bytes.value,
      ...(before === null && created !== undefined ? { mode: created } : {}),
      ...(before !== null && modeAfter !== undefined ? { chmod: modeAfter } : {}),
    });
  }
  return ok(swaps);
}

/** Those of the touches that hold what they were to become. */
async function standing(world: World, touches: readonly Touch[], signal: AbortSignal): Promise<readonly Touch[]> {
  const found: Touch[] = [];
  for (const touch of touches.filter(isChange)) {
    const now = await digestOf(world, touch.path, signal);
    if (now.ok && now.value === touch.after) found.push(touch);
  }
  return found;
}

async function putBack(world: World, touches: readonly Touch[]): Promise<void> {
  const swaps = await swapsOf(world, touches.map(reversed));
  if (swaps.ok) await world.files.swapAll(swaps.value);
}

const reversed = ({ path, shown, before, after, mode, modeAfter }: Touch): Touch => ({
  path,
  shown,
  before: after,
  after: before,
  ...(modeAfter === undefined ? {} : { mode: modeAfter }),
  ...(mode === undefined ? {} : { modeAfter: mode }),
});

/** Keeps what the file holds now, and tells how it differs from what was written. */
async function laterDiff(world: World, touch: Touch, signal: AbortSignal): Promise<string> {
  const now = await world.files.read(touch.path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
  const written = touch.after === null ? undefined : await world.blobs.get(touch.after);
  if (!now.ok || !written?.ok) return `${touch.shown} holds something else than what was written; read it again.`;
  await world.blobs.put(now.value.bytes);
  const [old, fresh] = [decode(written.value), decode(now.value.bytes)];
  return old.ok && fresh.ok ? unifiedDiff(touch.shown, old.value.text, fresh.value.text).diff : `${touch.shown} was changed on saving.`;
}

const mostSavedChars = 4000;

/** What the model hears of a change that was made. */
export function changeText(touches: readonly Touch[], { saved = [] }: Partial<Pick<Applied, "saved">> = {}): string {
  const lines = touches.map((touch) => {
    const { shown, before, after } = touch;
    if (!isChange(touch)) return `${shown} already had this content.`;
    return after === null ? `Deleted ${shown}.` : before === null ? `Created ${shown}.` : `Changed ${shown}.`;
  });
  if (saved.length === 0) return lines.join("\n");
  const diffs = saved.join("\n");
  const shown = diffs.length > mostSavedChars ? `${diffs.slice(0, mostSavedChars)}\n[cut; read the file again]` : diffs;
  return [...lines, "The editor changed it further when it was saved (formatter or other save actions):", shown].join("\n");
}

/** Digest of what a file holds; null where there is none. */
async function digestOf(world: World, path: string, signal: AbortSignal): Promise<Result<string | null>> {
  const image = await world.files.read(path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
  if (image.ok) return ok(image.value.digest);
  return image.fault.kind === "missing" ? ok(null) : image;
}
