// The journal of one run: JSON Lines in one file, one writer, every line synced. The only truth a run has.
// Invariants: lines stand in the order of their appends; a line that was acknowledged is never lost to a killed process, and one that
// was synced not to a power cut either; after a failed write no byte of it remains and nothing more is accepted.

import { constants, fstatSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Fault, fail, ok, type Result } from "../agent/result.ts";
import { syncFolder } from "./durable.ts";
import { codeOf, isMissing, reasonOf, refused } from "./errno.ts";
import { type JournalFormat, type JournalReading, readJournalLines } from "./journal/lines.ts";
import { type Lock, takeLock } from "./lock.ts";
import { privateFile } from "./state-home.ts";

/** What `append` and `synced` reject with: nothing may go on without its journal, so this ends the run, not the step. */
export class JournalFailure extends Error {
  override readonly name = "JournalFailure";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

export interface OpenJournal<Event> {
  readonly journal: Journal<Event>;
  /** What was in it. */
  readonly events: readonly Event[];
  /** Bytes of a torn last line that were cut away. */
  readonly cut: number;
}

/** Reads a journal without locking it, so also one that is being written. A missing file is a fault; damage is in the reading. */
export async function readJournal<Event>(path: string, format: JournalFormat<Event>): Promise<Result<JournalReading<Event>>> {
  try {
    return ok(readJournalLines(await readFile(path), format, path));
  } catch (error) {
    return refused(`The journal ${path} could not be read`, error);
  }
}

/**
 * Opens a journal for writing, creating it where missing, and holds the lock `lock.*` beside it until closed. A torn last line is cut
 * away. Faults: another process holds it; it is damaged; it was written by a newer program. Its folder must exist.
 */
export async function openJournal<Event>(path: string, format: JournalFormat<Event>, what = path): Promise<Result<OpenJournal<Event>>> {
  const lock = await takeLock(join(dirname(path), "lock"), what);
  if (!lock.ok) return lock;
  const opened = await openLocked(path, format, lock.value).catch(async (error: unknown) => {
    await lock.value.release();
    return refused(`The journal ${path} could not be opened`, error);
  });
  if (!opened.ok) await lock.value.release();
  return opened;
}

async function openLocked<Event>(path: string, format: JournalFormat<Event>, lock: Lock): Promise<Result<OpenJournal<Event>>> {
  const content = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  const { events, bytes, damage } = readJournalLines<Event>(content ?? new Uint8Array(), format, path);
  if (damage) return { ok: false, fault: damage };
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT, privateFile);
  const cut = (content?.length ?? 0) - bytes;
  try {
    if (cut > 0) {
      await file.truncate(bytes);
      await file.sync();
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return ok({ journal: new Journal<Event>({ file, lock, size: bytes, names: [dirname(path), dirname(dirname(path))] }), events, cut });
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: JournalFailure) => void;
}

interface Parts {
  readonly file: FileHandle;
  readonly lock: Lock;
  readonly size: number;
  /** Folders whose entries, the journal's own among them, become durable with the first sync rather than cost time before it. */
  readonly names: readonly string[];
}

/** Appends to one open journal. Appends made while a write is under way share the next one, and syncs are shared likewise. */
export class Journal<Event> {
  readonly #file: FileHandle;
  readonly #lock: Lock;
  #names: readonly string[];
  #waiting: Waiting[] = [];
  #written: number;
  /** What an earlier process wrote it may not have synced, so at first nothing counts as durable. */
  #durable = -1;
  #writing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #failure: JournalFailure | undefined;

  constructor({ file, lock, size, names }: Parts) {
    this.#file = file;
    this.#lock = lock;
    this.#written = size;
    this.#names = names;
  }

  /** Resolves once the line is with the operating system, and has its sync started. Rejects with a JournalFailure. */
  append(event: Event): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#closing) throw new Error("append to a journal that is closed");
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: `${JSON.stringify(event)}\n`, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Resolves once everything appended before would survive a power cut. Rejects with a JournalFailure. */
  async synced(): Promise<void> {
    await this.#writing;
    const size = this.#written;
    while (this.#durable < size && !this.#failure) await (this.#syncing ??= this.#sync());
    if (this.#failure) throw this.#failure;
  }

  /** Lets what was appended reach the disk, then gives the lock back. Never rejects for a journal that has failed already. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.synced().catch((error: unknown) => {
      if (!(error instanceof JournalFailure)) throw error;
    });
    await this.#syncing;
    await this.#file.close();
    await this.#lock.release();
  }

  /** Never rejects: each append learns its own ending. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      const failure = await this.#writeBatch(batch);
      for (const { resolve, reject } of batch) {
        if (failure) reject(failure);
        else resolve();
      }
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<JournalFailure | undefined> {
    if (this.#failure) return this.#failure;
    const bytes = Buffer.from(batch.map(({ line }) => line).join(""), "utf8");
    try {
      await writeWhole(this.#file, bytes, this.#written);
    } catch (error) {
      this.#failure = failureOf(error);
      await this.#file.truncate(this.#written).catch(() => undefined);
      return this.#failure;
    }
    this.#written += bytes.length;
    this.#syncing ??= this.#sync();
    return undefined;
  }

  /** Never rejects: a failed sync is kept, and refuses all that follows. What was written stays, for it may have reached the disk. */
  async #sync(): Promise<void> {
    do {
      const size = this.#written;
      try {
        await this.#file.datasync();
        for (const folder of this.#names) await syncFolder(folder);
        this.#names = [];
        if (fstatSync(this.#file.fd).nlink === 0) throw new Error("its file was deleted");
        this.#durable = size;
      } catch (error) {
        this.#failure ??= failureOf(error);
      }
    } while (this.#durable < this.#written && !this.#failure);
    this.#syncing = undefined;
  }
}

function failureOf(error: unknown): JournalFailure {
  const code = codeOf(error);
  const full = code === "ENOSPC" || code === "EDQUOT";
  const remedy = full ? "free some, then resume" : "mend that, then resume";
  return new JournalFailure(fail("unavailable", `The journal could not be written: ${reasonOf(error)}; ${remedy}.`, { retry: full }).fault);
}

async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
