// Who a process is, so that a number used again by another process is not mistaken for it.
// A process is its number, when it started, and where that number counts: machine, boot, container.

import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";
import * as z from "zod";
import { codeOf } from "./errno.ts";

export type ProcessIdentity = z.infer<typeof ProcessIdentity>;
export const ProcessIdentity = z.object({
  pid: z.number().int().positive(),
  /** Linux: clock ticks since boot. Elsewhere: seconds since the epoch, known to about two seconds. */
  started: z.number(),
  host: z.string(),
  /** Linux only: the kernel's id of this boot, and the namespace in which the number counts. */
  boot: z.string().optional(),
  space: z.string().optional(),
});

/** `elsewhere`: on another machine or in another container, so it cannot be looked for from here. */
export type Sighting = "running" | "gone" | "elsewhere";

export async function ownIdentity(): Promise<ProcessIdentity> {
  const here = await ownPlace();
  const ticks = here.boot === undefined ? undefined : await startTicks(process.pid);
  return { pid: process.pid, started: ticks ?? Math.round(performance.timeOrigin / 1000), ...here };
}

/** Looks for a process. In doubt it is said to be running, for two writers are worse than a question. */
export async function sight(identity: ProcessIdentity): Promise<Sighting> {
  const here = await ownPlace();
  if (identity.boot !== here.boot) return identity.host === here.host ? "gone" : "elsewhere";
  if (identity.boot === undefined && identity.host !== here.host) return "elsewhere";
  if (identity.space !== here.space) return "elsewhere";
  if (!processExists(identity.pid)) return "gone";
  if (identity.boot !== undefined) {
    const ticks = await startTicks(identity.pid);
    return ticks === undefined || ticks === identity.started ? "running" : "gone";
  }
  const started = process.platform === "win32" ? undefined : await startSeconds(identity.pid);
  return started === undefined || Math.abs(started - identity.started) <= 2 ? "running" : "gone";
}

type Place = Pick<ProcessIdentity, "host" | "boot" | "space">;

async function ownPlace(): Promise<Place> {
  const host = hostname();
  if (process.platform !== "linux") return { host };
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return { host, boot: boot.trim(), space: await readlink("/proc/self/ns/pid") };
  } catch {
    return { host };
  }
}

/** Whether any process has this number now. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to someone else.
    return codeOf(error) !== "ESRCH";
  }
}

/** When a process of this machine started, or NaN (equal to nothing) for one that has died and only waits to be buried. */
async function startTicks(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // The name before may hold spaces and brackets; the fields after its last bracket begin with the state.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? Number.NaN : Number(fields[19]);
  } catch {
    return undefined;
  }
}

async function startSeconds(pid: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)], { env: { ...process.env, LC_ALL: "C" } });
    const started = Date.parse(stdout.trim()) / 1000;
    return Number.isNaN(started) ? undefined : started;
  } catch {
    return undefined;
  }
}
