// The Lookout port: which files a command changed, and what they held before. A look before and one after; what differs is kept in the
// run's blobs where it was small enough, and named where it was not. What our own gate or the person's editor wrote meanwhile is not the
// command's, and what two commands at once may both have done is nobody's: it is named, and left to the person.

import { join } from "node:path";
import type { Left, Touch } from "../agent/touch.ts";
import type { Blobs, Lookout, Sighting, Watch } from "../agent/world.ts";
import { sha256 } from "./digest.ts";
import { readContent } from "./files/read-image.ts";
import { type Glimpse, glimpse, type GlimpseBounds, type Trace, traceOf } from "./lookout/glimpse.ts";
import { Shelf, type ShelfBounds } from "./lookout/shelf.ts";

interface LookoutOptions {
  /** Absolute real path of the workspace. */
  readonly root: string;
  /** Scratch file of ours; it need not exist. */
  readonly shelf: string;
  readonly blobs: Blobs;
  readonly bounds?: Partial<LookoutBounds>;
}

interface LookoutBounds extends GlimpseBounds, ShelfBounds {
  /** Changes of one command that are kept; more are only counted. */
  readonly changes: number;
}

const lookoutBounds: LookoutBounds = {
  files: 60_000,
  ms: 2000,
  fileBytes: 1024 * 1024,
  bytes: 96 * 1024 * 1024,
  changes: 2000,
};

/** A file that a command wrote is read back up to here, to know it again. */
const mostAfterBytes = 16 * 1024 * 1024;
/** Files named in the journal as not kept; the others are counted. */
const mostNamed = 100;

interface Round {
  /** Files that somebody else than the command wrote. */
  readonly others: Set<string>;
  /** Another command ran at the same time. */
  crowded: boolean;
}

export class FileLookout implements Lookout {
  readonly #root: string;
  readonly #blobs: Blobs;
  readonly #bounds: LookoutBounds;
  readonly #shelf: Shelf;
  readonly #rounds = new Set<Round>();

  constructor({ root, shelf, blobs, bounds }: LookoutOptions) {
    this.#root = root;
    this.#blobs = blobs;
    this.#bounds = { ...lookoutBounds, ...bounds };
    this.#shelf = new Shelf(shelf, this.#bounds);
  }

  async watch(signal: AbortSignal): Promise<Watch> {
    const before = await glimpse(this.#root, this.#bounds, signal);
    await this.#shelf.keep(this.#root, before, signal);
    const round: Round = { others: new Set(), crowded: this.#rounds.size > 0 };
    for (const other of this.#rounds) other.crowded = true;
    this.#rounds.add(round);
    return {
      ended: async () => {
        try {
          return await this.#compare(before, round);
        } finally {
          this.#rounds.delete(round);
        }
      },
    };
  }

  /** Somebody else than a command writes this file, at this moment: a change of ours, or the person in the editor. */
  wrote(path: string): void {
    for (const round of this.#rounds) round.others.add(path);
  }

  close(): void {
    this.#shelf.close();
  }

  async #compare(before: Glimpse, round: Round): Promise<Sighting> {
    const after = await glimpse(this.#root, this.#bounds, new AbortController().signal);
    const changed: Touch[] = [];
    const unkept: Left[] = [];
    let uncounted = 0;
    const leave = (shown: string, why: string): void => {
      if (unkept.length < mostNamed) unkept.push({ shown, why });
      else uncounted++;
    };
    for (const path of differing(before, after)) {
      const real = join(this.#root, path);
      if (round.others.has(real)) continue;
      if (round.crowded) leave(path, "Two commands ran at once, so it is not known which of them changed it.");
      else if (changed.length >= this.#bounds.changes) leave(path, `The command changed more than ${this.#bounds.changes} files.`);
      else {
        const touch = await this.#touch(path, before.files.get(path));
        if (typeof touch === "string") leave(path, touch);
        else if (touch) changed.push(touch);
      }
    }
    const cut = before.cut ?? after.cut;
    if (cut !== undefined) unkept.push({ shown: ".", why: `Not every file was looked at: ${cut}.` });
    if (uncounted > 0) unkept.push({ shown: ".", why: `${uncounted.toLocaleString("en")} more files changed that are not named here.` });
    return { changed, unkept };
  }

  /** The change of one file, its contents kept; undefined where nothing changed after all; a sentence where it cannot be put back. */
  async #touch(path: string, earlier: Trace | undefined): Promise<Touch | string | undefined> {
    const real = join(this.#root, path);
    const now = traceOf(real);
    if (earlier?.kind === "link" || now?.kind === "link") return "It is a symbolic link.";
    const held = earlier === undefined ? null : this.#shelf.read(path, earlier);
    if (held === undefined) return "It was too large, or one of too many files, to be kept before the command ran.";
    const holds = now === undefined ? null : await this.#read(real, path);
    if (holds === undefined) return "What it holds now is too large, or could not be read.";
    const before = held === null ? null : sha256(held);
    const after = holds === null ? null : sha256(holds);
    if (before === after && earlier?.mode === now?.mode) return undefined;
    for (const bytes of before === after ? [held] : [held, holds]) {
      const kept = bytes === null ? undefined : await this.#blobs.put(bytes);
      if (kept?.ok === false) return kept.fault.message;
    }
    const modeAfter = now && now.mode !== earlier?.mode ? { modeAfter: now.mode } : {};
    return { path: real, shown: path, before, after, ...(earlier ? { mode: earlier.mode } : {}), ...modeAfter };
  }

  async #read(real: string, shown: string): Promise<Uint8Array | undefined> {
    const place = { real, shown, inside: true, kind: "file" as const };
    const content = await readContent(place, mostAfterBytes, new AbortController().signal);
    return content.ok ? content.value.bytes : undefined;
  }
}

/** Paths that are new, gone or different. Where a look was cut short, absence says nothing. */
function differing(before: Glimpse, after: Glimpse): readonly string[] {
  const found: string[] = [];
  for (const [path, { key }] of after.files) {
    const earlier = before.files.get(path);
    if (earlier ? earlier.key !== key : before.cut === undefined) found.push(path);
  }
  if (after.cut === undefined) for (const path of before.files.keys()) if (!after.files.has(path)) found.push(path);
  return found;
}
