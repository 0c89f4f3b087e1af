// Looks for processes by a word in their arguments, which a test chose so that nobody else has it.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Pids of live processes whose command line holds the word, this one aside. */
export function processesNaming(word: string): readonly number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0 && pid !== process.pid && isNamed(pid, word));
}

/** Waits until the condition holds; a test that waits in vain runs into its own time-out. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

function isNamed(pid: number, word: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
