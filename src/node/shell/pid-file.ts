// Remembers on disk what a call has started, so that a later process can end what a killed one left running.
// One small file per call, there exactly while the call runs. The mark is derived from the call, so that it is known
// even when the host died before the file was written.

import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { readProcess } from "./process-table.ts";
import { ProcessTree } from "./process-tree.ts";

const PidFile = z.object({ pid: z.number().int().positive(), start: z.string() });

export class PidFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Value of the variable that marks all processes of this call, here and in any later process. */
  mark(call: string): string {
    return createHash("sha256").update(`${this.#folder}\0${call}`).digest("hex").slice(0, 24);
  }

  write(call: string, pid: number): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.#path(call), JSON.stringify({ pid, start: readProcess(pid)?.start ?? "" }));
  }

  remove(call: string): void {
    rmSync(this.#path(call), { force: true });
  }

  /** Kills whatever of this call still runs, wherever it hid, and forgets the call. */
  async reap(call: string): Promise<void> {
    const known = await this.#read(call);
    const lives = known !== undefined && readProcess(known.pid)?.start === known.start;
    const tree = new ProcessTree(lives ? known.pid : undefined, this.mark(call));
    for (let tries = 0; tries < 50 && tree.alive().length > 0; tries++) {
      tree.signal("SIGKILL");
      await sleep(10);
    }
    this.remove(call);
  }

  async #read(call: string): Promise<z.infer<typeof PidFile> | undefined> {
    try {
      return PidFile.parse(JSON.parse(await readFile(this.#path(call), "utf8")));
    } catch {
      return undefined;
    }
  }

  #path(call: string): string {
    return join(this.#folder, `${encodeURIComponent(call)}.pid`);
  }
}
