// The runs of one workspace: made, found by a short name, listed. The folders are the list; there is no index to lose.
// Listing reads only both ends of each journal, so it stays cheap however long the runs were. A folder whose journal never got a
// byte is no run: its process was killed before anything happened.

import { type FileHandle, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import * as z from "zod";
import { Outcome } from "../agent/event.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { codeOf, isMissing, refused } from "./errno.ts";
import { headPath, readHead } from "./journal/head.ts";
import { lastLine } from "./journal/lines.ts";
import type { Foundation } from "./journal.ts";
import { lockHolder } from "./lock.ts";
import { isRunId, runId } from "./run-id.ts";
import { privateFolder, type WorkspaceHome } from "./state-home.ts";

/** Where a run keeps what it has. Only the run's own folder is sure to exist. */
export interface RunFolder {
  readonly id: string;
  readonly path: string;
  readonly journal: string;
  readonly blobs: string;
  /** Whole outputs of commands that were capped, one file per call. */
  readonly output: string;
}

export interface RunSummary extends RunFolder {
  readonly goal: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly lastAt: number;
  readonly events: number;
  readonly parent: string | undefined;
  /** How it ended; or `running` in the process `pid`; or `interrupted`: it can be resumed; or `damaged`: its ends cannot be read. */
  readonly status: Outcome | "running" | "interrupted" | "damaged";
  readonly pid: number | undefined;
}

/** Makes a new run's folder. It is durable once its journal's first line is. */
export async function createRun(home: WorkspaceHome, now: number): Promise<Result<RunFolder>> {
  try {
    for (;;) {
      const folder = folderOf(home, runId(now, Math.random()));
      const made = await mkdir(folder.path, { mode: privateFolder }).then(() => true, ifTaken);
      if (!made) continue;
      return ok(folder);
    }
  } catch (error) {
    return refused(`A new run could not be kept in ${home.runs}`, error);
  }
}

/** The run of that id, or the only one whose id begins or ends so; "latest" or nothing for the newest. */
export async function findRun(home: WorkspaceHome, name = "latest"): Promise<Result<RunFolder>> {
  const ids = await runIds(home);
  if (!ids.ok) return ids;
  if (name === "latest") return findLatest(home, ids.value);
  const found = ids.value.filter((id) => name !== "" && (id.startsWith(name) || id.endsWith(name)));
  const [only] = found;
  if (only === undefined) return fail("missing", `There is no run "${name}" of ${home.root}; "proviso runs" lists them.`);
  if (found.length > 1)
    return fail("invalid", `"${name}" could be ${found.slice(0, 4).join(", ")}${found.length > 4 ? ", …" : ""}; write more of it.`);
  return ok(folderOf(home, only));
}

/** Where the newest of the earlier runs ended when last noted: what the next run's chain stands on. */
export const endBefore = (home: WorkspaceHome, id: string): Promise<Foundation | undefined> => newestEndOf(home, (run) => run < id);

/** The same of all runs but one: what an imported run stands on here. */
export const newestEnd = (home: WorkspaceHome, but: string): Promise<Foundation | undefined> => newestEndOf(home, (run) => run !== but);

async function newestEndOf(home: WorkspaceHome, counts: (run: string) => boolean): Promise<Foundation | undefined> {
  const ids = await runIds(home);
  for (const run of ids.ok ? ids.value : []) {
    if (!counts(run)) continue;
    const head = await readHead(headPath(folderOf(home, run).journal)).catch(() => undefined);
    if (head !== undefined && head !== "unreadable" && head.lines > 0) return { run, line: head.lines, digest: head.digest };
  }
  return undefined;
}

/** Deletes what a run holds, but for where it ended: so the chain of the runs after it can still be followed. */
export async function deleteRun({ path, journal }: RunFolder): Promise<void> {
  const kept = basename(headPath(journal));
  const names = (await readdir(path)).filter((name) => name !== kept);
  await Promise.all(names.map((name) => rm(join(path, name), { recursive: true, force: true })));
}

async function findLatest(home: WorkspaceHome, newestFirst: readonly string[]): Promise<Result<RunFolder>> {
  for (const id of newestFirst) {
    const folder = folderOf(home, id);
    if (await hasBegun(folder)) return ok(folder);
  }
  return fail("missing", `There is no run of ${home.root} yet; start one with "proviso run".`);
}

/** Every run, newest first. One that cannot be read is listed as damaged and hides no other. */
export async function listRuns(home: WorkspaceHome): Promise<Result<readonly RunSummary[]>> {
  const ids = await runIds(home);
  if (!ids.ok) return ids;
  const summaries: RunSummary[] = [];
  for (const id of ids.value) {
    const folder = folderOf(home, id);
    if (await hasBegun(folder)) summaries.push(await summarize(folder));
  }
  return ok(summaries);
}

async function runIds(home: WorkspaceHome): Promise<Result<string[]>> {
  try {
    return ok((await readdir(home.runs)).filter(isRunId).sort().reverse());
  } catch (error) {
    return isMissing(error) ? ok([]) : refused(`The runs in ${home.runs} could not be listed`, error);
  }
}

/** Where the run of that name has its place, whether it is there or not. */
export function folderOf(home: WorkspaceHome, id: string): RunFolder {
  const path = join(home.runs, id);
  return { id, path, journal: join(path, "journal.jsonl"), blobs: join(path, "blobs"), output: join(path, "output") };
}

async function hasBegun({ journal }: RunFolder): Promise<boolean> {
  return stat(journal).then(
    ({ size }) => size > 0,
    () => false,
  );
}

function ifTaken(error: unknown): false {
  if (codeOf(error) === "EEXIST") return false;
  throw error;
}

const Started = z.object({ type: z.literal("run.started"), at: z.number(), goal: z.string(), parent: z.string().optional() });
const Last = z.object({ seq: z.number(), at: z.number(), type: z.string(), outcome: Outcome.optional().catch(undefined) });

async function summarize(folder: RunFolder): Promise<RunSummary> {
  const ends = await readEnds(folder.journal).catch(() => undefined);
  const started = Started.safeParse(ends?.first);
  const last = Last.safeParse(ends?.last);
  if (!started.success || !last.success) {
    return { ...folder, goal: "", startedAt: 0, lastAt: 0, events: 0, parent: undefined, status: "damaged", pid: undefined };
  }
  const { goal, at: startedAt, parent } = started.data;
  const { seq: events, at: lastAt, type, outcome } = last.data;
  const holder = await lockHolder(join(folder.path, "lock")).catch(() => undefined);
  const ending = type === "run.ended" || type === "run.imported" ? outcome : undefined;
  const status = ending ?? (holder ? "running" : "interrupted");
  return { ...folder, goal, startedAt, lastAt, events, parent, status, pid: holder?.pid };
}

async function readEnds(path: string): Promise<{ readonly first: unknown; readonly last: unknown }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const first = await widening(size, async (length) => {
      const head = await readAt(file, 0, length);
      return lastLine(head.subarray(0, head.indexOf(0x0a) + 1));
    });
    const last = await widening(size, async (length) => lastLine(await readAt(file, size - length, length)));
    return { first, last };
  } finally {
    await file.close();
  }
}

/** Tries ever larger windows until one holds a whole line. */
async function widening(size: number, read: (length: number) => Promise<unknown>): Promise<unknown> {
  for (const length of [8 * 1024, 256 * 1024, 8 * 1024 * 1024]) {
    const line = length < size ? await read(length) : undefined;
    if (line !== undefined) return line;
  }
  return read(size);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await file.read(bytes, 0, length, position);
  return bytes;
}
