// Whether the journals of a workspace are what was written: each line follows the one before it, each file goes on to where it is noted
// to go, each run stands on the one before. Reads only. Whoever can write all of it can also write it anew; against that only a head that
// was kept elsewhere helps, which is why each is told.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Event } from "../../agent/event.ts";
import { ok, type Result } from "../../agent/result.ts";
import { refused } from "../errno.ts";
import { type Foundation, readJournal } from "../journal.ts";
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

  /** Whether the lines of other runs that this one stands on are still there: with its first line, and where it was brought here. */
  async #foundation({ chain: { origin }, events }: JournalReading<Event>): Promise<Finding> {
    const brought = events.filter((event) => event.type === "run.imported");
    const first = await this.#origin(origin);
    const others = await Promise.all(brought.flatMap(({ seq, stands }) => (stands ? [this.#stands(seq, stands)] : [])));
    // Where it comes from its first line stood on a run that is not here.
    const excused = brought.length > 0 && first.problems.length > 0;
    const came = excused ? ["it was imported, and what it stood on where it comes from is not here"] : [];
    return {
      problems: [...(excused ? [] : first.problems), ...others.flatMap(({ problems }) => problems)],
      notes: [...first.notes, ...came, ...others.flatMap(({ notes }) => notes)],
    };
  }

  async #origin(origin: JournalReading<Event>["chain"]["origin"]): Promise<Finding> {
    if (origin === undefined || (origin.after === undefined && origin.prev === genesis)) return nothing;
    if (origin.after === undefined) return wrongAt(1, "stands on a line of a run that it does not name");
    return this.#stands(1, { ...origin.after, digest: origin.prev });
  }

  async #stands(at: number, { run, line, digest }: Foundation): Promise<Finding> {
    const wrong = (what: string): Finding => wrongAt(at, what);
    if (!/^[\w-]+$/.test(run)) return wrong("stands on a run whose name is none");
    const before = await this.#read(run);
    if (before.ok) {
      const found = before.value.chain.digests[line - 1];
      if (found === digest) return nothing;
      return wrong(`stands on line ${line} of run ${run}, which is ${found === undefined ? "gone" : "no longer what it was"}`);
    }
    const end = await readHead(headPath(this.#journalOf(run)));
    if (end === undefined || end === "unreadable") return wrong(`stands on run ${run}, which is gone`);
    const fits = end.lines > line || (end.lines === line && end.digest === digest);
    return fits
      ? { problems: [], notes: [`the run before it, ${run}, was deleted`] }
      : wrong(`stands on run ${run}, which had no such line`);
  }
}

interface Finding {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

const nothing: Finding = { problems: [], notes: [] };
const wrongAt = (line: number, what: string): Finding => ({ problems: [{ line, what }], notes: [] });

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
