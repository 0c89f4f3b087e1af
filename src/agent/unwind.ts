// What undoing changes comes to, file by file, worked out before anything is touched. Changes are taken back one after the other, the
// last first, and each is merged into what the file holds by then: what a person wrote in between or since is never dropped.

import { merge } from "./edit/merge.ts";
import { decode, encodeLike } from "./edit/text.ts";
import type { FileImage } from "./file-image.ts";
import { type Ground, keepImages, swapsOf } from "./gate.ts";
import { linesText } from "./rebase.ts";
import { ok, type Result } from "./result.ts";
import { isChange, type Left, type Touch } from "./touch.ts";

export interface Unwound {
  /** From what each file holds now to what it shall hold; the images of both are kept already. */
  readonly touches: readonly Touch[];
  /** Those of them that keep what someone else wrote. */
  readonly merged: readonly string[];
  /** Files that are as they were. */
  readonly same: readonly string[];
  /** Files left alone: taking the change back would drop what someone else did. */
  readonly kept: readonly Left[];
}

/** Where an edit of a person stands in the way: it stays, or gives way to the file as it was. */
export type Prefer = "mine" | "then";

/** Plans to undo the touches, given in the order they were made. Nothing is touched but the blobs. */
export async function unwind(
  world: Ground,
  touches: readonly Touch[],
  signal: AbortSignal,
  prefer: (shown: string) => Prefer = () => "mine",
): Promise<Unwound> {
  const chains = new Map<string, Touch[]>();
  for (const touch of touches) chains.set(touch.path, [...(chains.get(touch.path) ?? []), touch]);
  const found = { touches: [] as Touch[], merged: [] as string[], same: [] as string[], kept: [] as Left[] };
  for (const chain of chains.values()) {
    const [first] = chain;
    if (!first) continue;
    const one = await unwindFile(world, chain, prefer(first.shown), signal);
    if (!one.ok) found.kept.push({ shown: first.shown, why: one.fault.message });
    else if (one.value.why !== undefined) found.kept.push({ shown: first.shown, why: one.value.why });
    else if (!isChange(one.value.touch)) found.same.push(first.shown);
    else {
      found.touches.push(one.value.touch);
      if (one.value.merged) found.merged.push(first.shown);
    }
  }
  return found;
}

/** Makes the planned touches true: together where that is possible, and else each for itself. */
export async function restoreTouches(
  world: Ground,
  touches: readonly Touch[],
): Promise<{ readonly changed: readonly Touch[]; readonly kept: readonly Left[] }> {
  const changed: Touch[] = [];
  const kept: Left[] = [];
  const together = await swap(world, touches);
  if (together.ok) return { changed: together.value, kept };
  for (const touch of touches) {
    const alone = await swap(world, [touch]);
    if (alone.ok) changed.push(...alone.value);
    else kept.push({ shown: touch.shown, why: alone.fault.message });
  }
  return { changed, kept };
}

async function swap(world: Ground, touches: readonly Touch[]): Promise<Result<readonly Touch[]>> {
  const swaps = await swapsOf(world, touches);
  if (!swaps.ok) return swaps;
  const landed = await world.files.swapAll(swaps.value);
  if (!landed.ok) return landed;
  const found = new Map(landed.value.map(({ path, digest }) => [path, digest]));
  return ok(touches.map((touch) => ({ ...touch, after: found.get(touch.path) ?? touch.after })));
}

type Content = FileImage | null;

interface Step {
  readonly content: Content;
  readonly merged: boolean;
}

interface FilePlan {
  readonly touch: Touch;
  readonly merged: boolean;
  /** Set where the file is to be left alone. */
  readonly why: string | undefined;
}

async function unwindFile(world: Ground, chain: readonly Touch[], prefer: Prefer, signal: AbortSignal): Promise<Result<FilePlan>> {
  const [first] = chain;
  if (!first) throw new Error("a file without a change cannot be unwound");
  const { path, shown } = first;
  const image = await world.files.read(path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
  if (!image.ok && image.fault.kind !== "missing") return image;
  const now: Content = image.ok ? image.value : null;
  let content = now;
  let merged = false;
  for (const touch of chain.toReversed()) {
    const step = await takeBack(world, touch, content);
    if (!step.ok) return step;
    if (typeof step.value === "string") {
      if (prefer === "mine") return ok({ touch: { path, shown, before: null, after: null }, merged: false, why: step.value });
      const then = await contentOf(world, first.before, first.mode);
      return then.ok ? planned(world, first, now, { content: then.value, merged: false }) : then;
    }
    content = step.value.content;
    merged ||= step.value.merged;
  }
  return planned(world, first, now, { content, merged });
}

async function planned(world: Ground, { path, shown }: Touch, now: Content, then: Step): Promise<Result<FilePlan>> {
  const kept = await keepImages(world, [{ before: now, after: then.content?.bytes ?? null }]);
  if (!kept.ok) return kept;
  const modeAfter = then.content && then.content.mode !== now?.mode ? { modeAfter: then.content.mode } : {};
  const touch: Touch = {
    path,
    shown,
    before: now?.digest ?? null,
    ...(now ? { mode: now.mode } : {}),
    after: then.content?.digest ?? null,
    ...modeAfter,
  };
  return ok({ touch, merged: then.merged, why: undefined });
}

/** The content without this one change; a sentence where that would drop what someone else did. */
async function takeBack(world: Ground, touch: Touch, now: Content): Promise<Result<Step | string>> {
  const { before, after, mode, modeAfter } = touch;
  const digest = now?.digest ?? null;
  if (digest === after) {
    if (before === null) return ok({ content: null, merged: false });
    // Permission bits go back only where it was this change that set them.
    const then = await contentOf(world, before, now === null || now.mode === modeAfter ? mode : now.mode);
    return then.ok ? ok({ content: then.value, merged: false }) : then;
  }
  if (digest === before) return ok({ content: now, merged: false });
  if (now === null) return ok(before === null ? { content: null, merged: false } : "It was deleted since; it stays deleted.");
  if (before === null) return ok("It was changed since it was created; it stays as it is.");
  if (after === null) return ok("It was created anew since it was deleted; it stays as it is.");
  return mergeBack(world, touch, now);
}

async function mergeBack(world: Ground, { before, after }: Touch, now: FileImage): Promise<Result<Step | string>> {
  const [then, ours] = await Promise.all([world.blobs.get(before ?? ""), world.blobs.get(after ?? "")]);
  if (!then.ok) return then;
  if (!ours.ok) return ours;
  const [old, made, mine] = [decode(then.value), decode(ours.value), decode(now.bytes)];
  if (!old.ok || !made.ok || !mine.ok) return ok("It was changed since and is not text that could be merged; it stays as it is.");
  const { text, conflicts } = merge(made.value.text, mine.value.text, old.value.text);
  const [conflict] = conflicts;
  if (conflict) return ok(`Changed since in ${linesText(conflict.from, conflict.to)}; it stays as it is.`);
  const bytes = encodeLike(text, mine.value);
  if (!bytes.ok) return bytes;
  return ok({ content: { bytes: bytes.value, digest: world.digest(bytes.value), mode: now.mode }, merged: true });
}

async function contentOf(world: Ground, digest: string | null, mode: number | undefined): Promise<Result<Content>> {
  if (digest === null) return ok(null);
  const bytes = await world.blobs.get(digest);
  return bytes.ok ? ok({ bytes: bytes.value, digest, mode: mode ?? 0o644 }) : bytes;
}
