// What files held when they were last looked at, kept aside until a command has shown which of them it changes. One scratch file, for one
// run in one process; gone with it. A file is read once for each of its states, so that a second command costs what changed since the first.

import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { codeOf } from "../errno.ts";
import { plainRead } from "../files/read-image.ts";
import { privateFile, privateFolder } from "../state-home.ts";
import { type Glimpse, keyOf, type Trace } from "./glimpse.ts";

export interface ShelfBounds {
  /** Larger files are not kept. */
  readonly fileBytes: number;
  /** All that is kept. */
  readonly bytes: number;
  /** How long one round of keeping may take. */
  readonly ms: number;
}

interface Kept {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
}

const sliceMs = 8;
/** Where not everything fits, so much of the room is filled, so that the next few changes find some without moving what is there. */
const mostFilled = 7 / 8;

export class Shelf {
  readonly #path: string;
  readonly #bounds: ShelfBounds;
  readonly #kept = new Map<string, Kept>();
  #file: number | undefined;
  #end = 0;

  constructor(path: string, bounds: ShelfBounds) {
    this.#path = path;
    this.#bounds = bounds;
  }

  /** Keeps what is not kept yet, lately changed files first, as far as the bounds allow; what was not changed for longest makes room. */
  async keep(root: string, { files }: Glimpse, signal: AbortSignal): Promise<void> {
    for (const [path, { key }] of this.#kept) if (files.get(path)?.key !== key) this.#kept.delete(path);
    const eligible = [...files].filter(([, { kind, size }]) => kind === "file" && size <= this.#bounds.fileBytes);
    const chosen = sizeOf(eligible) <= this.#bounds.bytes ? eligible : latest(eligible, this.#bounds.bytes * mostFilled);
    const wanted = chosen.filter(([path]) => !this.#kept.has(path)).sort(latestFirst);
    const began = performance.now();
    let slice = began;
    if (this.#end + sizeOf(wanted) > this.#bounds.bytes) {
      const stays = new Set(chosen.map(([path]) => path));
      for (const path of this.#kept.keys()) if (!stays.has(path)) this.#kept.delete(path);
      await this.#squeeze();
    }
    for (const [path] of wanted) {
      if (performance.now() - began > this.#bounds.ms) return;
      if (performance.now() - slice > sliceMs) {
        await setImmediate();
        signal.throwIfAborted();
        slice = performance.now();
      }
      this.#take(root, path);
    }
  }

  /** What the file held in that state; undefined where it was not kept. */
  read(path: string, { key }: Trace): Uint8Array | undefined {
    const kept = this.#kept.get(path);
    return kept?.key === key ? this.#load(kept) : undefined;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#kept.clear();
  }

  #take(root: string, path: string): void {
    const file = openOrNothing(join(root, path));
    if (file === undefined) return;
    try {
      const stats = fstatSync(file);
      const length = stats.size;
      if (!stats.isFile() || length > this.#bounds.fileBytes || this.#end + length > this.#bounds.bytes) return;
      const bytes = Buffer.allocUnsafe(length);
      if (readAll(file, bytes) !== length || keyOf(fstatSync(file)) !== keyOf(stats)) return;
      writeSync(this.#open(), bytes, 0, length, this.#end);
      this.#kept.set(path, { key: keyOf(stats), offset: this.#end, length });
      this.#end += length;
    } finally {
      closeSync(file);
    }
  }

  /** Closes the gaps between what is kept. */
  async #squeeze(): Promise<void> {
    const live = [...this.#kept].sort(([, a], [, b]) => a.offset - b.offset);
    let end = 0;
    for (const [path, kept] of live) {
      if (kept.offset !== end) writeSync(this.#open(), this.#load(kept), 0, kept.length, end);
      this.#kept.set(path, { ...kept, offset: end });
      end += kept.length;
      if (end % (1 << 22) < kept.length) await setImmediate();
    }
    this.#end = end;
    if (this.#file !== undefined) ftruncateSync(this.#file, end);
  }

  #load({ offset, length }: Kept): Uint8Array {
    const bytes = new Uint8Array(length);
    readSync(this.#open(), bytes, 0, length, offset);
    return bytes;
  }

  /** A file without a name from the beginning, where the system lets a file go that is still open: then nothing of it can be left behind. */
  #open(): number {
    if (this.#file !== undefined) return this.#file;
    mkdirSync(dirname(this.#path), { recursive: true, mode: privateFolder });
    rmSync(this.#path, { force: true });
    this.#file = openSync(this.#path, "wx+", privateFile);
    if (process.platform !== "win32") unlinkSync(this.#path);
    return this.#file;
  }
}

type Traced = readonly [path: string, trace: Trace];

const sizeOf = (files: readonly Traced[]): number => files.reduce((sum, [, { size }]) => sum + size, 0);
const latestFirst = ([, a]: Traced, [, b]: Traced): number => b.mtimeMs - a.mtimeMs;

/** The files changed last that fit into so many bytes. */
function latest(files: readonly Traced[], bytes: number): readonly Traced[] {
  const fitting: Traced[] = [];
  let left = bytes;
  for (const file of files.toSorted(latestFirst)) {
    left -= file[1].size;
    if (left < 0) break;
    fitting.push(file);
  }
  return fitting;
}

function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, plainRead);
  } catch (error) {
    // Gone, hidden from us, or a link by now.
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP"].includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function readAll(file: number, into: Uint8Array): number {
  let length = 0;
  while (length < into.length) {
    const read = readSync(file, into, length, into.length - length, length);
    if (read === 0) break;
    length += read;
  }
  return length;
}
