// All the processes that came of one command, and their end. Follows parents and process groups, remembers whom it has
// seen, and finds those who left both (setsid, double fork) by a mark in their environment.

import { environmentHas, listProcesses, type ProcessEntry } from "./process-table.ts";

/** Name of the environment variable that marks every process of a command. */
export const markName = "PROVISO_TASK";

export class ProcessTree {
  readonly #root: number | undefined;
  readonly #mark: string;
  readonly #seen = new Map<number, string>();
  /** Groups that are ours whether or not their leader still lives. */
  readonly #groups: number[];

  /** `root` is a child of ours that leads its own group, undefined when only the mark is known; `mark` is the marking variable's value. */
  constructor(root: number | undefined, mark: string) {
    this.#root = root;
    this.#mark = `${markName}=${mark}`;
    this.#groups = root === undefined ? [] : [root];
  }

  /** Tells of a process group that one of the tree leads. */
  adopt(group: number): void {
    this.#groups.push(group);
  }

  /** Those alive now, the root included. */
  alive(): readonly ProcessEntry[] {
    const listed = listProcesses(this.#root ?? 0).filter((entry) => entry.pid !== process.pid && entry.pid > 1);
    const members = new Set<ProcessEntry>();
    const pids = new Set<number>();
    const groups = new Set(this.#groups);
    const belongs = (entry: ProcessEntry): boolean =>
      entry.pid === this.#root || pids.has(entry.parent) || groups.has(entry.group) || this.#seen.get(entry.pid) === entry.start;
    const add = (entry: ProcessEntry): void => {
      members.add(entry);
      pids.add(entry.pid);
      groups.add(entry.group);
      this.#seen.set(entry.pid, entry.start);
    };
    for (let before = -1; before !== members.size; ) {
      before = members.size;
      for (const entry of listed) if (!members.has(entry) && belongs(entry)) add(entry);
    }
    for (const entry of listed) if (!members.has(entry) && environmentHas(entry.pid, this.#mark)) add(entry);
    return [...members];
  }

  /** Sends a signal to every member but those named. */
  signal(signal: "SIGTERM" | "SIGKILL", spare: readonly number[] = []): void {
    for (const { pid } of this.alive()) if (!spare.includes(pid)) send(pid, signal);
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}
