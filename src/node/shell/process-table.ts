// What the operating system says about running processes. On Linux from /proc, elsewhere from ps.
// Only reads; a process that vanishes while it is read is simply not listed.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Tells a process from a later one with the same pid. */
  readonly start: string;
  /** Resident memory in bytes, shared pages included. */
  readonly resident: number;
}

/** Every live process (zombies are dead) that may be younger than process `since`. */
export function listProcesses(since: number): readonly ProcessEntry[] {
  if (process.platform !== "linux") return listByPs();
  const floor = lastPid() < since ? 0 : since;
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (Number.isInteger(pid) && pid >= floor) {
      const entry = readProcess(pid);
      if (entry !== undefined) entries.push(entry);
    }
  }
  return entries;
}

export function readProcess(pid: number): ProcessEntry | undefined {
  if (process.platform !== "linux") return listByPs().find((entry) => entry.pid === pid);
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // the second field is the program's name in parentheses and may itself contain anything
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  if (state === undefined || state === "" || state === "Z" || state === "X") return undefined;
  return { pid, parent: Number(parent), group: Number(group), start: fields[19] ?? "", resident: Number(fields[21]) * pageBytes };
}

/** Whether the process was started with this text somewhere in its environment. Unknown counts as no. */
export function environmentHas(pid: number, text: string): boolean {
  return process.platform === "linux" && readOrNothing(`/proc/${pid}/environ`).includes(text);
}

/** Memory that would be freed if the process died, its share of shared pages included; resident size where unknown. */
export function proportionalBytes(entry: ProcessEntry): number {
  const found = /^Pss:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${entry.pid}/smaps_rollup`));
  return found === null ? entry.resident : Number(found[1]) * 1024;
}

/** The same without what lies in memory that is shared as files are; resident size where unknown. */
export function privateBytes(entry: ProcessEntry): number {
  const rollup = readOrNothing(`/proc/${entry.pid}/smaps_rollup`);
  const [all, shared] = ["Pss", "Pss_Shmem"].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1]);
  return all === undefined ? entry.resident : (Number(all) - Number(shared ?? 0)) * 1024;
}

const pageBytes = 4096;

/** The pid given out last: when it is lower than one of ours, numbering has wrapped around. */
function lastPid(): number {
  return Number(readOrNothing("/proc/loadavg").trim().split(" ")[4] ?? 0);
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function listByPs(): readonly ProcessEntry[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,rss=,stat=,lstart="], { encoding: "utf8", timeout: 2000 });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [pid, parent, group, kib, state, ...start] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith("Z")) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), start: start.join(" "), resident: Number(kib) * 1024 }];
  });
}
