// Files that lie in memory and that no process has mapped: memory which counts for none of them. Linux only; elsewhere there are none
// to be found. To look through every descriptor is dear, so it is done only where the machine's shared memory has grown that much.

import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** Watches the machine's shared memory from its making on. */
export class MemoryFiles {
  #least = sharedBytes();

  /** How much these processes hold in such files; 0 where all the machine's shared memory grew by less than `atLeast`. Never fails. */
  bytes(pids: readonly number[], atLeast: number): number {
    const now = sharedBytes();
    this.#least = Math.min(this.#least, now);
    return now - this.#least < atLeast ? 0 : heldBytes(pids);
  }
}

function sharedBytes(): number {
  const [, kib = "0"] = /^Shmem:\s+(\d+) kB/m.exec(orNothing(() => readFileSync("/proc/meminfo", "latin1")) ?? "") ?? [];
  return Number(kib) * 1024;
}

/** Each file once, by however many it is held. */
function heldBytes(pids: readonly number[]): number {
  const found = new Map<number, number>();
  for (const pid of pids) {
    for (const name of orNothing(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const path = `/proc/${pid}/fd/${name}`;
      if (orNothing(() => readlinkSync(path))?.startsWith("/memfd:") !== true) continue;
      const file = orNothing(() => statSync(path));
      if (file) found.set(file.ino, file.blocks * 512);
    }
  }
  return [...found.values()].reduce((total, size) => total + size, 0);
}

/** A process may end while it is looked at. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
