// Going back in a run that nobody drives: its files to an earlier point, its conversation as a run of its own from there.
// Looking takes no lock and works while the run is at work elsewhere; doing takes the run's lock like any other writer.

import { findPoint, type Point } from "../agent/checkpoint.ts";
import type { Event } from "../agent/event.ts";
import { previewOf } from "../agent/edit/preview.ts";
import type { Ground } from "../agent/gate.ts";
import { shippedPolicy } from "../agent/policy/defaults.ts";
import { fold } from "../agent/reduce.ts";
import { finishRestore, planRestore, type RestoreEnded, restoreFiles } from "../agent/restore-run.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Preview } from "../agent/tool/observation.ts";
import type { Touch } from "../agent/touch.ts";
import type { Prefer, Unwound } from "../agent/unwind.ts";
import type { Files, World } from "../agent/world.ts";
import { createBlobs } from "./blobs.ts";
import type { Environment } from "./config.ts";
import { sha256 } from "./digest.ts";
import { openFiles } from "./files.ts";
import { type Forked, forkRun } from "./fork.ts";
import { readJournal } from "./journal.ts";
import { eventFormat } from "./journal/event-format.ts";
import { openRun } from "./open-run.ts";
import type { RunFolder } from "./runs.ts";
import type { WorkspaceHome } from "./state-home.ts";

export interface RewindParts {
  readonly env: Environment;
  readonly cache: string;
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  /** Puts the place's own files before the disk's. */
  readonly around?: (files: Files) => Files;
}

export interface Rewind {
  readonly events: readonly Event[];
  /** The point a word names, as `findPoint` understands it. */
  point(word: string): Result<Point>;
  /** What going back would do to the files; nothing is touched. */
  plan(point: Point, prefer: (shown: string) => Prefer, signal: AbortSignal): Promise<Unwound>;
  /** Both sides of each planned file. */
  images(touches: readonly Touch[]): Promise<Result<readonly Images[]>>;
  /** Does what was planned, as an event of the run. Faults: the run is at work; its journal is damaged. */
  restore(point: Point, plan: Unwound, signal: AbortSignal): Promise<Result<RestoreEnded>>;
  /** A new run that goes on from the point, with what is said first; the old one stays as it is. */
  fork(point: Point, say: string | undefined, now: number): Promise<Result<Forked>>;
}

export interface Images {
  readonly touch: Touch;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** A restore that a killed process left half done is finished first. */
export async function openRewind(parts: RewindParts): Promise<Result<Rewind>> {
  const { home, folder, around = (files: Files) => files } = parts;
  const files = await openFiles(home.root);
  if (!files.ok) return files;
  const first = await eventsOf(folder);
  if (!first.ok) return first;
  const finished = fold(first.value).restoring
    ? await withRun(parts, (run) => finishRestore(run, new AbortController().signal))
    : undefined;
  if (finished?.ok === false) return finished;
  const read = finished ? await eventsOf(folder) : first;
  if (!read.ok) return read;
  const events = read.value;
  const ground: Ground = { files: around(files.value), blobs: createBlobs(folder.blobs), digest: sha256 };
  return ok({
    events,
    point: (word) => findPoint(events, word),
    plan: ({ to }, prefer, signal) => planRestore(ground, events, to, prefer, signal),
    images: (touches) => imagesOf(ground, touches),
    restore: (point, plan, signal) => withRun(parts, (run) => restoreFiles(run, point, plan, signal)),
    fork: (point, say, now) => forkRun(home, { folder, events }, { point, say, now }),
  });
}

/** The planned files as a preview: what would be written over what is there. */
export const rewindPreview = (images: readonly Images[]): Preview =>
  previewOf(
    images.map(({ touch, before, after }) => ({
      path: touch.path,
      shown: touch.shown,
      before: before && { bytes: before, digest: touch.before ?? "", mode: touch.mode ?? 0 },
      after,
    })),
  );

async function eventsOf(folder: RunFolder): Promise<Result<readonly Event[]>> {
  const reading = await readJournal<Event>(folder.journal, eventFormat);
  return !reading.ok ? reading : reading.value.damage ? { ok: false, fault: reading.value.damage } : ok(reading.value.events);
}

async function imagesOf({ blobs }: Ground, touches: readonly Touch[]): Promise<Result<readonly Images[]>> {
  const found: Images[] = [];
  for (const touch of touches) {
    const before = touch.before === null ? ok(null) : await blobs.get(touch.before);
    const after = touch.after === null ? ok(null) : await blobs.get(touch.after);
    if (!before.ok) return before;
    if (!after.ok) return after;
    found.push({ touch, before: before.value, after: after.value });
  }
  return ok(found);
}

/** The run opened for writing, with nobody to ask and no model: restoring needs neither. */
async function withRun<T>(
  { around, ...parts }: RewindParts,
  act: (run: Parameters<typeof finishRestore>[0]) => Promise<T>,
): Promise<Result<T>> {
  const alone = fail("unavailable", "Restoring files asks nobody.");
  const opened = await openRun({
    ...parts,
    person: { attended: false, decide: async () => ({ answer: "timed out" }), answer: async () => alone },
    rules: { policy: shippedPolicy, remember: async () => alone },
    models: () => ({ ask: async () => alone }),
    watch: () => undefined,
    ...(around ? { around: (world: World) => ({ ...world, files: around(world.files) }) } : {}),
  });
  if (!opened.ok) return opened;
  try {
    return ok(await act(opened.value.run));
  } finally {
    await opened.value.close();
  }
}
