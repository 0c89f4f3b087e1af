// Tries candidates: each is some files with new text, put into a private copy of the workspace, where the line is run.
// Several at once, each lane with a copy of its own; files are put back between trials; the workspace is never touched.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { TrialOutcome, TrialRequest } from "../../agent/world.ts";
import { type CopyBounds, type CopyPlan, makeCopy, planCopy } from "./copy.ts";
import { Lane } from "./lane.ts";
import { readProcess } from "./process-table.ts";

export interface TrialGround {
  readonly root: string;
  /** How packages and shared folders reach a copy: mounted by the sandbox, or as links. */
  readonly packages: "mount" | "link";
  readonly bounds: CopyBounds;
  /** Runs the request's line with the copy in place of the workspace; cancelling rejects. */
  readonly run: (copy: string, plan: CopyPlan, signal: AbortSignal) => Promise<Result<TrialRun>>;
}
export type TrialRun = Omit<TrialOutcome, "candidate">;

/** Environment of every trial: no compiled files, which Python tells apart by size and whole seconds only. */
export const trialEnvironment: Readonly<Record<string, string>> = { PYTHONDONTWRITEBYTECODE: "1" };

const prefix = "proviso-trial-";
/** Trials side by side without a sandbox may want the same port; such an outcome says nothing about the candidate. */
const portTaken = /EADDRINUSE|address already in use/i;

/** Outcomes in the order of the candidates. A fault when no copy can be made; cancelling rejects and leaves nothing behind. */
export async function runTrials(ground: TrialGround, request: TrialRequest, signal: AbortSignal): Promise<Result<readonly TrialOutcome[]>> {
  const deadline = performance.now() + request.budgetMs;
  if (request.candidates.length === 0) return ok([]);
  const paths = [...new Set(request.candidates.flatMap((candidate) => Object.keys(candidate.files)))];
  const plan = await planCopy(
    ground.root,
    { needed: paths, bounds: ground.bounds, secrets: ground.packages === "mount" ? "empty" : "copied" },
    signal,
  );
  if (!plan.ok) return plan;
  const unfit = findUnfit(plan.value, paths, ground.packages);
  if (unfit !== undefined) return unfit;
  await removeStale();
  const folder = await realpath(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)));
  try {
    const count = Math.min(availableParallelism(), request.candidates.length);
    const copies = await makeCopies(plan.value, folder, count, ground.packages, signal);
    return await race(ground, request, plan.value, copies, deadline, signal);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs the candidates through the lanes until all are tried, enough have passed, or time is up. */
async function race(
  ground: TrialGround,
  request: TrialRequest,
  plan: CopyPlan,
  copies: readonly string[],
  deadline: number,
  signal: AbortSignal,
): Promise<Result<readonly TrialOutcome[]>> {
  const outcomes: TrialOutcome[] = [];
  const again: number[] = [];
  const enough = new AbortController();
  const stop = AbortSignal.any([signal, enough.signal]);
  const queue = [...request.candidates.keys()];
  const attempt = async (lane: Lane, candidate: number, patience: "may repeat" | "last word"): Promise<Result<void>> => {
    const run = await lane.run(request.candidates[candidate]?.files ?? {}, (copy) => ground.run(copy, plan, stop));
    if (!run.ok) return run;
    if (patience === "may repeat" && ground.packages === "link" && run.value.exit !== 0 && portTaken.test(run.value.output)) {
      again.push(candidate);
      return ok(undefined);
    }
    outcomes.push({ candidate, ...run.value });
    if (outcomes.filter((each) => each.exit === 0).length >= request.enough) enough.abort();
    return ok(undefined);
  };
  const drain = async (lane: Lane, from: number[], patience: "may repeat" | "last word"): Promise<Result<void>> => {
    while (!stop.aborted && performance.now() < deadline) {
      const candidate = from.shift();
      if (candidate === undefined) break;
      const done = await attempt(lane, candidate, patience);
      if (!done.ok) return done;
    }
    return ok(undefined);
  };
  const lanes = copies.map((copy) => new Lane(copy, plan, ground.packages));
  const [first] = lanes;
  const settled = await Promise.allSettled(lanes.map((lane) => drain(lane, queue, "may repeat")));
  if (first !== undefined) settled.push(...(await Promise.allSettled([drain(first, again, "last word")])));
  signal.throwIfAborted();
  for (const each of settled) {
    if (each.status === "rejected" && !enough.signal.aborted) throw each.reason;
    if (each.status === "fulfilled" && !each.value.ok) return each.value;
  }
  return ok(outcomes.sort((a, b) => a.candidate - b.candidate));
}

function findUnfit(plan: CopyPlan, paths: readonly string[], packages: "mount" | "link"): Result<never> | undefined {
  const files = new Set(plan.files.map((file) => file.path));
  const folders = new Set(["", ...plan.folders]);
  const parent = (path: string): string => path.split("/").slice(0, -1).join("/");
  const taken = new Set([...plan.links, ...plan.masked, ...plan.packages, ...plan.shared, ...plan.folders]);
  const unfit = paths.find((path) => !files.has(path) && (taken.has(path) || !folders.has(parent(path))));
  if (unfit !== undefined) {
    return fail(
      "invalid",
      `${unfit} cannot be tried in a copy; name ordinary files in the workspace's own folders, by their relative paths.`,
    );
  }
  if (packages === "link" && plan.shared.some((path) => !/(^|\/)\.(git|hg|svn)$/.test(path))) {
    return fail("unavailable", "The workspace is too large to copy for trials without a sandbox; try one change at a time in it instead.");
  }
  return undefined;
}

/** One copy made file by file, the others from it. */
async function makeCopies(
  plan: CopyPlan,
  folder: string,
  count: number,
  packages: "mount" | "link",
  signal: AbortSignal,
): Promise<readonly string[]> {
  const copies = Array.from({ length: count }, (_, index) => join(folder, String(index)));
  const [first, ...others] = copies;
  if (first === undefined) return [];
  await mkdir(first);
  await makeCopy(plan, first, packages, signal);
  await Promise.all(others.map((copy) => promisify(execFile)("cp", ["-a", first, copy], { signal })));
  return copies;
}

/** Removes the copies of processes that were killed before they could. */
async function removeStale(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && readProcess(Number(owner)) === undefined) {
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
