// The journal of one run: JSON Lines in one file, one writer, every line synced. The only truth a run has.
// Invariants: lines stand in the order of their appends; a line that was acknowledged is never lost to a killed process, and one that
// was synced not to a power cut either; after a failed write no byte of it remains and nothing more is accepted.

import { constants, fstatSync } from "node:fs";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Fault, fail, ok, type Result } from "../agent/result.ts";
import { syncFolder } from "./durable.ts";
import { codeOf, isMissing, reasonOf, refused } from "./errno.ts";
import { type Anchor, chainedLine, genesis, type Head, lineDigest } from "./journal/chain.ts";
import { HeadFile, headPath, readHead, setHeadAside } from "./journal/head.ts";
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

export interface OpenJournal<Event extends object> {
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

export interface OpenOptions {
  /** Names it in the fault of a lock that is held. */
  readonly what?: string;
  /** Where the journal before this one ends; asked for only by a journal's first line. */
  readonly previous?: () => Promise<Foundation | undefined>;
}

/** The line of an earlier journal that this one stands on. */
export interface Foundation extends Anchor {
  readonly digest: string;
}

/**
 * Opens a journal for writing, creating it where missing, and holds the lock `lock.*` beside it until closed. A torn last line is cut
 * away. Faults: another process holds it; it is damaged; it was written by a newer program. Its folder must exist.
 */
export async function openJournal<Event extends object>(
  path: string,
  format: JournalFormat<Event>,
  options: OpenOptions = {},
): Promise<Result<OpenJournal<Event>>> {
  const lock = await takeLock(join(dirname(path), "lock"), options.what ?? path);
  if (!lock.ok) return lock;
  const opened = await openLocked(path, format, lock.value, options).catch(async (error: unknown) => {
    await lock.value.release();
    return refused(`The journal ${path} could not be opened`, error);
  });
  if (!opened.ok) await lock.value.release();
  return opened;
}

async function openLocked<Event extends object>(
  path: string,
  format: JournalFormat<Event>,
  lock: Lock,
  { previous }: OpenOptions,
): Promise<Result<OpenJournal<Event>>> {
  const content = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  const { events, bytes, chain, damage } = readJournalLines<Event>(content ?? new Uint8Array(), format, path);
  if (damage) return { ok: false, fault: { kind: damage.kind, message: damage.message, retry: damage.retry } };
  const foundation = events.length === 0 ? await previous?.() : undefined;
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
  const end = { lines: events.length, digest: chain.digests.at(-1) ?? foundation?.digest ?? genesis };
  const head = await openHead(headPath(path), chain.digests, end);
  const names = [dirname(path), dirname(dirname(path))];
  return ok({ journal: new Journal<Event>({ file, lock, size: bytes, names, head, end, foundation }), events, cut });
}

/** A head that the journal does not reach, or contradicts, is set aside rather than written over. */
async function openHead(path: string, digests: readonly string[], end: Head): Promise<HeadFile> {
  const found = await readHead(path);
  const fits = found !== undefined && found !== "unreadable" && (found.lines === 0 || digests[found.lines - 1] === found.digest);
  if (found !== undefined && !fits) setHeadAside(path, found);
  return HeadFile.open(path, end);
}

interface Waiting {
  readonly line: string;
  /** The journal's end once this line stands. */
  readonly end: Head;
  readonly resolve: () => void;
  readonly reject: (error: JournalFailure) => void;
}

interface Parts {
  readonly file: FileHandle;
  readonly lock: Lock;
  readonly size: number;
  /** Folders whose entries, the journal's own among them, become durable with the first sync rather than cost time before it. */
  readonly names: readonly string[];
  readonly head: HeadFile;
  readonly end: Head;
  readonly foundation: Foundation | undefined;
}

/** Appends to one open journal. Appends made while a write is under way share the next one, and syncs are shared likewise. */
export class Journal<Event extends object> {
  readonly #file: FileHandle;
  readonly #lock: Lock;
  readonly #head: HeadFile;
  readonly #foundation: Foundation | undefined;
  /** Where the lines end: those accepted, and those written. */
  #accepted: Head;
  #end: Head;
  #names: readonly string[];
  #waiting: Waiting[] = [];
  #written: number;
  /** What an earlier process wrote it may not have synced, so at first nothing counts as durable. */
  #durable = -1;
  #writing: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #failure: JournalFailure | undefined;

  constructor({ file, lock, size, names, head, end, foundation }: Parts) {
    this.#file = file;
    this.#lock = lock;
    this.#head = head;
    this.#foundation = foundation;
    this.#accepted = end;
    this.#end = end;
    this.#written = size;
    this.#names = names;
  }

  /** Resolves once the line is with the operating system, and has its sync started. Rejects with a JournalFailure. */
  append(event: Event): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#closing) throw new Error("append to a journal that is closed");
    const { lines, digest } = this.#accepted;
    const { run, line: number } = this.#foundation ?? {};
    const anchor = lines === 0 && run !== undefined && number !== undefined ? { run, line: number } : undefined;
    const line = chainedLine(event, digest, anchor);
    const end = { lines: lines + 1, digest: lineDigest(line) };
    this.#accepted = end;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: `${line}\n`, end, resolve, reject });
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
    this.#head.close();
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
    this.#end = batch.at(-1)?.end ?? this.#end;
    this.#syncing ??= this.#sync();
    return undefined;
  }

  /** Never rejects: a failed sync is kept, and refuses all that follows. What was written stays, for it may have reached the disk. */
  async #sync(): Promise<void> {
    do {
      const size = this.#written;
      const end = this.#end;
      try {
        await this.#file.datasync();
        for (const folder of this.#names) await syncFolder(folder);
        this.#names = [];
        if (fstatSync(this.#file.fd).nlink === 0) throw new Error("its file was deleted");
        this.#head.write(end);
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
