// Where a journal ended when it was last safely on disk, kept beside it: a chain alone cannot tell that its last lines were cut off.
// One record of fixed length, written over itself. It may lag behind the journal, after a kill by a few lines; it is never ahead of it.

import { closeSync, fdatasyncSync, openSync, renameSync, writeSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { writeDurably } from "../durable.ts";
import { isMissing } from "../errno.ts";
import { privateFile } from "../state-home.ts";
import type { Head } from "./chain.ts";

const recordLength = 128;

const Record = z.object({ lines: z.number().int().nonnegative(), digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** `runs/<id>/journal.head` for `runs/<id>/journal.jsonl`. */
export const headPath = (journal: string): string => join(dirname(journal), `${basename(journal, ".jsonl")}.head`);

/** Undefined where there is none; `unreadable` where there is one and it says nothing, as a power cut may leave it. */
export async function readHead(path: string): Promise<Head | "unreadable" | undefined> {
  try {
    return parseHead(await readFile(path, "utf8"));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parseHead(text: string): Head | "unreadable" {
  try {
    return Record.safeParse(JSON.parse(text)).data ?? "unreadable";
  } catch {
    return "unreadable";
  }
}

/** Heads that did not fit the journal when it was opened for more; they are kept, for they are evidence. */
export async function readLostHeads(journal: string): Promise<readonly (Head | "unreadable")[]> {
  const prefix = `${basename(headPath(journal))}.`;
  // One that was being written when its process died has replaced nothing.
  const names = (await readdir(dirname(journal))).filter((name) => name.startsWith(prefix) && !name.endsWith(".new")).sort();
  const heads = await Promise.all(names.map((name) => readHead(join(dirname(journal), name))));
  return heads.filter((head) => head !== undefined);
}

/** Puts a head that does not fit aside, so that a new one can be kept. */
export function setHeadAside(path: string, head: Head | "unreadable"): void {
  renameSync(path, `${path}.${head === "unreadable" ? "unreadable" : `${head.lines}-${head.digest.slice(0, 12)}`}`);
}

const recordOf = (head: Head): string => `${JSON.stringify(head).padEnd(recordLength - 1)}\n`;

/** The head of one journal that is open for writing. */
export class HeadFile {
  readonly #fd: number;

  private constructor(path: string) {
    this.#fd = openSync(path, "r+");
  }

  /** At no time is there a file without a head in it, which whoever is killed then would leave. */
  static async open(path: string, head: Head): Promise<HeadFile> {
    await writeDurably(path, recordOf(head), privateFile);
    return new HeadFile(path);
  }

  /** Not synced: a head that is older than the journal is no lie. */
  write(head: Head): void {
    writeSync(this.#fd, recordOf(head), 0);
  }

  close(): void {
    try {
      fdatasyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
  }
}
