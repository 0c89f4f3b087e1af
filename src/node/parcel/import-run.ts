// Takes a run from elsewhere in among the runs of a workspace, under its own name and with every line as it was, so that the digests its
// sender tells are those found here. It runs nothing. The run is there whole or not at all, and says itself that it was brought.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { brief } from "../../agent/briefing.ts";
import { cleanse } from "../../agent/cleanse.ts";
import type { Event, EventBody, Limits } from "../../agent/event.ts";
import { fold } from "../../agent/reduce.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Secrets } from "../../agent/world.ts";
import { createBlobs } from "../blobs.ts";
import { makeFolder } from "../durable.ts";
import { refused } from "../errno.ts";
import { openFiles } from "../files.ts";
import { headPath, readHead } from "../journal/head.ts";
import { chainLines, foundJournal } from "../journal/found.ts";
import { takeLock } from "../lock.ts";
import { folderOf, newestEnd, type RunFolder } from "../runs.ts";
import { privateFolder, type WorkspaceHome } from "../state-home.ts";
import { unpack, type Unpacked } from "./unpack.ts";

/** What holds of the run from now on, in this place. */
export interface Place {
  readonly mode: string;
  readonly limits: Limits;
  /** Whether what the workspace says to agents is to be heeded. */
  readonly trust: "trusted" | "untrusted";
  readonly secrets: Secrets;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Imported {
  readonly folder: RunFolder;
  readonly goal: string;
  /** The workspace it comes from. */
  readonly from: string;
  /** Lines of its journal, and the digest of the last of them. */
  readonly lines: number;
  readonly head: string;
  readonly images: number;
}

/** Faults: no exported run, a damaged one, one of a newer Proviso; a run of that name is here. */
export async function importRun(home: WorkspaceHome, path: string, place: Place, signal: AbortSignal): Promise<Result<Imported>> {
  const content = await readFile(path).catch((error: unknown) => refused(`The file ${path} could not be read`, error));
  if (!(content instanceof Uint8Array)) return content;
  const parcel = unpack(content, path);
  if (!parcel.ok) return parcel;
  const folder = folderOf(home, parcel.value.run);
  try {
    await makeFolder(folder.path, privateFolder);
    const lock = await takeLock(join(folder.path, "lock"), `run ${folder.id}`);
    if (!lock.ok) return lock;
    try {
      return await take(home, folder, parcel.value, place, signal);
    } finally {
      await lock.value.release();
    }
  } catch (error) {
    return refused(`The run ${folder.id} could not be kept in ${folder.path}`, error);
  }
}

async function take(
  home: WorkspaceHome,
  folder: RunFolder,
  { run, lines, events, digests, images }: Unpacked,
  place: Place,
  signal: AbortSignal,
): Promise<Result<Imported>> {
  const here = await stat(folder.journal).catch(() => undefined);
  if (here) return fail("invalid", `Run ${run} is here already; delete it first where you want it anew.`);
  // What was deleted left a note of where it ended: only the same run can take its place in the chain.
  const end = await readHead(headPath(folder.journal));
  if (end === "unreadable" || (end && end.lines > 0 && digests[end.lines - 1] !== end.digest))
    return fail("invalid", `Another run ${run} was here and was deleted; this one does not fit its place in the chain of this workspace.`);
  const files = await openFiles(home.root);
  if (!files.ok) return files;
  const state = fold(events);
  const briefing = await brief({ files: files.value }, signal);
  const stands = await newestEnd(home, run);
  const body: EventBody = {
    type: "run.imported",
    workspace: home.root,
    mode: place.mode,
    limits: place.limits,
    briefing: place.trust === "trusted" ? briefing : { entries: briefing.entries },
    ...(state.ended ? { outcome: state.ended.outcome } : {}),
    ...(stands ? { stands } : {}),
  };
  const event: Event = { v: 1, seq: events.length + 1, at: place.now, ...(await cleanse(body, place.secrets)) };
  const blobs = createBlobs(folder.blobs);
  for (const image of images) {
    const put = await blobs.put(image);
    if (!put.ok) return put;
  }
  signal.throwIfAborted();
  await foundJournal(folder.journal, chainLines(lines, [event], undefined), lines.length);
  const { goal = "", workspace = "" } = state.run ?? {};
  return ok({ folder, goal, from: workspace, lines: lines.length, head: digests.at(-1) ?? "", images: images.length });
}
