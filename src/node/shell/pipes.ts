// Real pipes for a child's output. Node would give it a socket, on which "> /dev/stdout" and "tee /dev/stderr" fail.
// A named pipe is opened at both ends and unlinked at once, so nothing stays on disk and nobody else can open it.

import { execFile } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Both ends as descriptors; whoever takes a pipe closes them. */
export interface Pipe {
  readonly read: number;
  readonly write: number;
}

/** Hands out pipes, making several at a time because each batch costs a process. */
export class PipeStore {
  readonly #ready: Pipe[] = [];
  #making: Promise<void> | undefined;

  /** Two pipes, or undefined where named pipes cannot be had. */
  async takePair(): Promise<readonly [Pipe, Pipe] | undefined> {
    for (let tries = 0; this.#ready.length < 2 && tries < 8; tries++) {
      this.#making ??= makePipes(8).then((made) => {
        this.#ready.push(...made);
        this.#making = undefined;
      });
      await this.#making;
    }
    const [first, second] = this.#ready.splice(0, 2);
    return first === undefined || second === undefined ? undefined : [first, second];
  }

  close(): void {
    for (const pipe of this.#ready.splice(0)) closePipe(pipe);
  }
}

export function closePipe(pipe: Pipe): void {
  closeSync(pipe.read);
  closeSync(pipe.write);
}

async function makePipes(count: number): Promise<readonly Pipe[]> {
  const folder = mkdtempSync(join(tmpdir(), "proviso-"));
  try {
    const names = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    await promisify(execFile)("mkfifo", ["-m", "600", ...names]);
    return names.map((name) => {
      const read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
      return { read, write: openSync(name, "w") };
    });
  } catch {
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
