// Performs "restore": puts files back as a person wanted it, after the intent was journaled. Safe to repeat: what a process that died
// had put back already counts as done, and a file that someone changed in between is left alone and named.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { isChange, type Left, type Touch } from "../touch.ts";
import { restoreTouches } from "../unwind.ts";

export async function restore(run: Run, _command: { readonly do: "restore" }, signal: AbortSignal): Promise<EventBody | undefined> {
  const { restoring } = run.state;
  if (!restoring) return undefined;
  await run.synced();
  const open: Touch[] = [];
  const done: Touch[] = [];
  const left: Left[] = [];
  for (const touch of restoring.files.filter(isChange)) {
    const image = await run.world.files.read(touch.path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
    const missing = !image.ok && image.fault.kind === "missing";
    const digest = image.ok ? image.value.digest : null;
    const mode = image.ok ? image.value.mode : undefined;
    if (!image.ok && !missing) left.push({ shown: touch.shown, why: image.fault.message });
    else if (digest === touch.after && (mode === undefined || touch.modeAfter === undefined || mode === touch.modeAfter)) done.push(touch);
    else if (digest === touch.before) open.push(touch);
    else left.push({ shown: touch.shown, why: "It was changed while it was to be restored; it stays as it is." });
  }
  const { changed, kept } = await restoreTouches(run.world, open);
  return { type: "restore.ended", changed: [...done, ...changed], kept: [...restoring.kept, ...left, ...kept] };
}
