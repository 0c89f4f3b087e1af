// What is kept of the runs of a workspace, and what of it goes when: nothing of a run that is at work or could go on, the newest always
// stay, and the images of old runs go before their journals do.

import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ok, type Result } from "../agent/result.ts";
import { writeDurably } from "./durable.ts";
import { refused } from "./errno.ts";
import { deleteRun, listRuns, type RunSummary } from "./runs.ts";
import { privateFile, type WorkspaceHome } from "./state-home.ts";

export interface StoredRun extends RunSummary {
  /** Images of files as they were before and after the run's changes. */
  readonly imageBytes: number;
  /** The journal, whole outputs of commands, and the rest. */
  readonly otherBytes: number;
}

export interface Keep {
  /** Runs that ended longer ago go. */
  readonly days: number;
  /** Where all runs of a workspace take more, images of the oldest go first. */
  readonly megabytes: number;
}

export const usualKeep: Keep = { days: 90, megabytes: 2000 };

/** So many of the newest are never touched. */
const newest = 5;

export interface Collected {
  readonly id: string;
  readonly goal: string;
  /** Its files can no longer be restored; or the whole run is gone. */
  readonly what: "images" | "run";
  readonly bytes: number;
}

export const bytesText = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** Every run with what it takes on disk, newest first. */
export async function storedRuns(home: WorkspaceHome): Promise<Result<readonly StoredRun[]>> {
  const runs = await listRuns(home);
  if (!runs.ok) return runs;
  try {
    const sized = runs.value.map(async (run) => {
      const [all, imageBytes] = await Promise.all([bytesIn(run.path), bytesIn(run.blobs)]);
      return { ...run, imageBytes, otherBytes: all - imageBytes };
    });
    return ok(await Promise.all(sized));
  } catch (error) {
    return refused(`What is kept in ${home.runs} could not be measured`, error);
  }
}

/** Removes what is not to be kept any more, and tells what it was. */
export async function collect(home: WorkspaceHome, keep: Keep, now: number): Promise<Result<readonly Collected[]>> {
  const stored = await storedRuns(home);
  if (!stored.ok) return stored;
  const collected: Collected[] = [];
  const oldestFirst = stored.value.slice(newest).filter(isOver).toReversed();
  const tooOld = oldestFirst.filter(({ lastAt }) => now - lastAt > keep.days * 86_400_000);
  let total = stored.value.reduce((sum, { imageBytes, otherBytes }) => sum + imageBytes + otherBytes, 0);
  const most = keep.megabytes * 1024 * 1024;
  try {
    const remove = async (run: StoredRun, what: Collected["what"]): Promise<void> => {
      const bytes = what === "images" ? run.imageBytes : run.imageBytes + run.otherBytes;
      if (what === "images") await rm(run.blobs, { recursive: true, force: true });
      else await deleteRun(run);
      total -= bytes;
      collected.push({ id: run.id, goal: run.goal, what, bytes });
    };
    for (const run of tooOld) await remove(run, "run");
    const left = oldestFirst.filter((run) => !tooOld.includes(run));
    for (const run of left) if (total > most && run.imageBytes > 0) await remove(run, "images");
    for (const run of left) if (total > most) await remove({ ...run, imageBytes: 0 }, "run");
    return ok(collected);
  } catch (error) {
    return refused(`Old runs in ${home.runs} could not be removed`, error);
  }
}

/** The same, at most once a day: for whoever starts a run. */
export async function collectDaily(home: WorkspaceHome, keep: Keep, now: number): Promise<void> {
  const note = join(home.path, "collected");
  const last = Number(await readFile(note, "utf8").catch(() => "0"));
  if (now - last < 86_400_000) return;
  await writeDurably(note, `${now}\n`, privateFile);
  await collect(home, keep, now);
}

/** A run that could go on is somebody's unfinished work. */
const isOver = ({ status }: RunSummary): boolean => status !== "running" && status !== "interrupted" && status !== "stopped";

/** Bytes of all files below a folder; a file shared with another run counts for each. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await bytesIn(path) : await sizeOf(path);
  }
  return bytes;
}

const sizeOf = (path: string): Promise<number> =>
  lstat(path).then(
    ({ size }) => size,
    () => 0,
  );
