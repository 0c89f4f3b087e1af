// Empty folders that stand for a moment where something protected is absent, so that a command cannot create it.
// Made by us, never by bwrap. Counted, because removing one that another sandbox has mounted over would lift that mount;
// noted on disk, so that a later process removes what a killed one left.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { statOrNothing, textOrNothing } from "../shell/look.ts";
import { readProcess } from "../shell/process-table.ts";

const Note = z.object({ path: z.string(), pid: z.number(), start: z.string() });

export class Placeholders {
  readonly #notes: string;
  readonly #held = new Map<string, number>();
  readonly #released = new Map<string, number>();

  /** `notes` is a folder of ours. */
  constructor(notes: string) {
    this.#notes = notes;
    this.#removeAbandoned();
  }

  /** Makes those that are missing and answers those that are placeholders now, ours in either case. */
  take(paths: readonly string[]): readonly string[] {
    return paths.filter((path) => {
      const count = this.#held.get(path) ?? 0;
      if (count === 0) {
        if (statOrNothing(path) !== undefined) return false;
        this.#make(path);
      }
      this.#held.set(path, count + 1);
      return true;
    });
  }

  release(paths: readonly string[]): void {
    for (const path of paths) {
      const count = (this.#held.get(path) ?? 1) - 1;
      if (count > 0) this.#held.set(path, count);
      else this.#remove(path);
    }
  }

  /** Whether a placeholder stood there at some moment since then, for whichever command; times as of `performance.now`. */
  stoodSince(path: string, moment: number): boolean {
    return this.#held.has(path) || (this.#released.get(path) ?? Number.NEGATIVE_INFINITY) >= moment;
  }

  #make(path: string): void {
    mkdirSync(this.#notes, { recursive: true, mode: 0o700 });
    const note: z.infer<typeof Note> = { path, pid: process.pid, start: readProcess(process.pid)?.start ?? "" };
    writeFileSync(this.#note(path), JSON.stringify(note));
    mkdirSync(path);
  }

  #remove(path: string): void {
    this.#held.delete(path);
    this.#released.set(path, performance.now());
    removeIfEmpty(path);
    rmSync(this.#note(path), { force: true });
  }

  #note(path: string): string {
    return join(this.#notes, `${createHash("sha256").update(path).digest("hex").slice(0, 24)}.json`);
  }

  #removeAbandoned(): void {
    for (const name of namesIn(this.#notes)) {
      const note = join(this.#notes, name);
      const { data } = Note.safeParse(parseOrNothing(textOrNothing(note)));
      if (data !== undefined && readProcess(data.pid)?.start === data.start) continue;
      if (data !== undefined) removeIfEmpty(data.path);
      rmSync(note, { force: true });
    }
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // someone put something there, or took it away: either way it is not ours any more
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
