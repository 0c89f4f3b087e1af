// The file that holds the whole of an output too long to keep in memory. Made on the first write, private to the user,
// bounded; a disk that refuses ends the file, never the command.

import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import { isMissing, refused } from "../errno.ts";

/** Where the whole output of a call goes. No call id leads out of the folder. */
export const spillPath = (folder: string, call: string): string => join(folder, `${encodeURIComponent(call)}.txt`);

/** The whole output of a call; it is text by then, and safe to show. */
export async function readSpill(folder: string, call: string, signal: AbortSignal): Promise<Result<string>> {
  try {
    return ok(await readFile(spillPath(folder, call), { encoding: "utf8", signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (isMissing(error)) return fail("missing", `There is no longer output of ${call}; what it printed was told whole, or it never ran.`);
    return refused(`The output of ${call} could not be read`, error);
  }
}

export class Spill {
  readonly path: string;
  readonly #maxBytes: number;
  #fd: number | undefined;
  #written = 0;
  #failed = false;

  constructor(path: string, maxBytes: number) {
    this.path = path;
    this.#maxBytes = maxBytes;
  }

  /** True once the file exists. */
  get used(): boolean {
    return this.#written > 0;
  }

  write(bytes: Uint8Array): void {
    if (this.#failed) return;
    const room = Math.min(bytes.length, this.#maxBytes - this.#written);
    if (room <= 0) return;
    try {
      this.#fd ??= this.#create();
      for (let from = 0; from < room; ) from += writeSync(this.#fd, bytes, from, room - from);
      this.#written += room;
    } catch {
      this.#failed = true;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #create(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    return openSync(this.path, "w", 0o600);
  }
}
