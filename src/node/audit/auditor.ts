// Whether the journals of a workspace are what was written: each line follows the one before it, each file goes on to where it is noted
// to go, each run stands on the one before. Reads only. Whoever can write all of it can also write it anew; against that only a head that
// was kept elsewhere helps, which is why each is told.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "../../agent/event.ts";
import { ok, type Result } from "../../agent/result.ts";
import { refused } from "../errno.ts";
import { readJournal } from "../journal.ts";
import { genesis, type Head } from "../journal/chain.ts";
import { eventFormat } from "../journal/event-format.ts";
import { headPath, readHead, readLostHeads } from "../journal/head.ts";
import type { JournalReading } from "../journal/lines.ts";
import type { RunFolder } from "../runs.ts";
import type { WorkspaceHome } from "../state-home.ts";

export interface Verification {
  readonly run: string;
  /** Lines that can be trusted. */
  readonly lines: number;
  /** The digest of the last of them. */
  readonly head: string;
  /** What is wrong, the first bad line first. */
  readonly problems: readonly Problem[];
  /** What is worth knowing and not wrong. */
  readonly notes: readonly string[];
}

export interface Problem {
  /** Counted from 1. */
  readonly line: number;
  /** Completes "line 7 …". */
  readonly what: string;
}

export interface AuditedRun extends Verification {
  readonly reading: JournalReading<Event>;
}

/** Verifies runs of one workspace, reading each journal once. */
export class Auditor {
  readonly #home: WorkspaceHome;
  readonly #readings = new Map<string, Promise<Result<JournalReading<Event>>>>();

  constructor(home: WorkspaceHome) {
    this.#home = home;
  }

  /** A fault where the journal cannot be read at all; whatever is wrong in it is in the answer. */
  async verify(folder: RunFolder): Promise<Result<AuditedRun>> {
    const read = await this.#read(folder.id);
    if (!read.ok) return read;
    try {
      const { chain, damage } = read.value;
      const lines = chain.digests.length;
      const broken = damage ? [{ line: damage.line, what: damage.why }] : [];
      const missing = damage ? [] : await missingLines(folder.journal, read.value);
      const foundation = await this.#foundation(read.value);
      const problems = [...broken, ...missing, ...foundation.problems].sort((a, b) => a.line - b.line);
      const since = chain.since ?? lines + 1;
      const old = since > 1 ? [`lines 1 to ${since - 1} are older than the chain`] : [];
      const notes = [...(lines > 0 ? old : []), ...foundation.notes, ...(await tornNote(folder, read.value))];
      return ok({ run: folder.id, lines, head: chain.digests.at(-1) ?? genesis, problems, notes, reading: read.value });
    } catch (error) {
      return refused(`What is noted of run ${folder.id} could not be read`, error);
    }
  }

  #read(run: string): Promise<Result<JournalReading<Event>>> {
    const known = this.#readings.get(run) ?? readJournal<Event>(this.#journalOf(run), eventFormat);
    this.#readings.set(run, known);
    return known;
  }

  #journalOf(run: string): string {
    return join(this.#home.runs, run, "journal.jsonl");
  }

  /** Whether the line of an earlier run that this one stands on is still there. */
  async #foundation({ chain: { origin } }: JournalReading<Event>): Promise<{ problems: readonly Problem[]; notes: readonly string[] }> {
    const wrong = (what: string): { problems: readonly Problem[]; notes: readonly string[] } => ({
      problems: [{ line: 1, what }],
      notes: [],
    });
    if (origin === undefined || (origin.after === undefined && origin.prev === genesis)) return { problems: [], notes: [] };
    if (origin.after === undefined) return wrong("stands on a line of a run that it does not name");
    const { run, line } = origin.after;
    if (!/^[\w-]+$/.test(run)) return wrong("stands on a run whose name is none");
    const before = await this.#read(run);
    if (before.ok) {
      const found = before.value.chain.digests[line - 1];
      if (found === origin.prev) return { problems: [], notes: [] };
      return wrong(`stands on line ${line} of run ${run}, which is ${found === undefined ? "gone" : "no longer what it was"}`);
    }
    const end = await readHead(headPath(this.#journalOf(run)));
    if (end === undefined || end === "unreadable") return wrong(`stands on run ${run}, which is gone`);
    const fits = end.lines > line || (end.lines === line && end.digest === origin.prev);
    return fits
      ? { problems: [], notes: [`the run before it, ${run}, was deleted`] }
      : wrong(`stands on run ${run}, which had no such line`);
  }
}

/** Lines that were noted as safely written, and are not there. */
async function missingLines(journal: string, { chain }: JournalReading<Event>): Promise<readonly Problem[]> {
  const { digests, since } = chain;
  const head = await readHead(headPath(journal));
  if (head === undefined && since !== undefined)
    return [{ line: digests.length, what: "may not be the last: the note of where the journal ends is gone" }];
  const heads = [...(await readLostHeads(journal)), ...(head === undefined ? [] : [head])];
  return heads.flatMap((one) => problemOf(one, digests));
}

function problemOf(head: Head | "unreadable", digests: readonly string[]): readonly Problem[] {
  if (head === "unreadable")
    return [{ line: digests.length, what: "may not be the last: the note of where the journal ends cannot be read" }];
  const { lines, digest } = head;
  if (lines === 0 || digests[lines - 1] === digest) return [];
  if (lines <= digests.length) return [{ line: lines, what: "is not the line that was noted when it was written" }];
  const first = digests.length + 1;
  return [
    {
      line: first,
      what: first === lines ? "is gone: it had been written" : `is gone, and so are all up to line ${lines}: they had been written`,
    },
  ];
}

async function tornNote(folder: RunFolder, { bytes, damage }: JournalReading<Event>): Promise<readonly string[]> {
  const { size } = await stat(folder.journal);
  return damage === undefined && size > bytes ? ["its last line was cut off while it was being written, and was never acknowledged"] : [];
}
