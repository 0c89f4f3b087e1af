// What models cost in one day, over all runs, workspaces and processes: a file for each day, appended to, never rewritten. A call is
// written down with its worst case before it is made and with what it really was after; so processes see each other's calls in flight,
// and one that died in between counts in full. Holds amounts and names, no text of any request.

import { appendFile, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import type { Subject } from "../agent/model/ask.ts";
import { type Allowance, type Amount, type Bounds, type Purse, refusal, type Room, roomIn } from "../agent/model/ledger.ts";
import { ok } from "../agent/result.ts";
import { isMissing } from "./errno.ts";
import { privateFile, privateFolder } from "./state-home.ts";

const Entry = z.object({
  id: z.string(),
  at: z.number(),
  /** Absent in the line written before the call. */
  done: z.literal(true).optional(),
  calls: z.number(),
  tokens: z.number(),
  /** Null where the price is unknown. */
  usd: z.number().nullable(),
  ms: z.number().optional(),
  run: z.string(),
  step: z.string().optional(),
  role: z.string().optional(),
  model: z.string(),
});
/** A call as it stands: settled, or under way (or cut off) with its worst case. */
export type DayEntry = z.infer<typeof Entry>;

export interface DayPurse {
  /** Who is asked, as in "openai/gpt-5.2". */
  readonly model: string;
  /** Asked each time: a person may raise it. */
  readonly limit: () => Allowance;
}

export class DayBook {
  readonly #folder: string;
  readonly #now: () => number;
  readonly #id: () => string;
  #day = "";
  #read = 0;
  #entries = new Map<string, DayEntry>();
  /** Appends come one after the other, so that none is torn by another of ours. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor({ folder, now, id }: { readonly folder: string; readonly now: () => number; readonly id: () => string }) {
    this.#folder = folder;
    this.#now = now;
    this.#id = id;
  }

  purse({ model, limit }: DayPurse): Purse {
    return {
      room: async () => roomIn(limit(), await this.#used()),
      reserve: async (worst, subject) => {
        const early = refusal(await this.#bounds(limit()), worst);
        if (early) return early;
        const entry: DayEntry = { id: this.#id(), at: this.#now(), ...amounts(worst), ...about(subject), model };
        await this.#append(entry);
        // Another process may have written its own in between: whoever then finds the limit passed gives way.
        const within = roomIn(limit(), minus(await this.#used(), entry));
        const late = refusal({ name, scope, limit: limit(), room: within }, worst);
        if (late) {
          await this.#append({ ...entry, done: true, ...none });
          return late;
        }
        let open = true;
        return ok(async (real) => {
          if (!open) return;
          open = false;
          await this.#append({ ...entry, done: true, ...amounts(real), ms: this.#now() - entry.at });
        });
      },
    };
  }

  /** All calls of a day ("2026-11-21", today where not said), oldest first. Lines that cannot be read are left out. */
  async entries(day = dayOf(this.#now())): Promise<readonly DayEntry[]> {
    if (day !== dayOf(this.#now())) return [...(await readFrom(this.#path(day), 0, new Map())).entries.values()];
    await this.#refresh();
    return [...this.#entries.values()];
  }

  async #bounds(limit: Allowance): Promise<Bounds> {
    return { name, scope, limit, room: roomIn(limit, await this.#used()) };
  }

  async #used(): Promise<Room> {
    await this.#refresh();
    const used = { calls: 0, tokens: 0, usd: 0, minutes: 0 };
    for (const { calls, tokens, usd, ms = 0 } of this.#entries.values()) {
      used.calls += calls;
      used.tokens += tokens;
      used.usd += usd ?? 0;
      used.minutes += ms / 60_000;
    }
    return used;
  }

  async #refresh(): Promise<void> {
    await this.#tail.catch(() => undefined);
    const day = dayOf(this.#now());
    if (day !== this.#day) {
      this.#day = day;
      this.#read = 0;
      this.#entries = new Map();
    }
    const { at, entries } = await readFrom(this.#path(day), this.#read, this.#entries);
    this.#read = at;
    this.#entries = entries;
  }

  #append(entry: DayEntry): Promise<void> {
    const path = this.#path(dayOf(entry.at));
    const written = this.#tail.then(async () => {
      await mkdir(dirname(path), { recursive: true, mode: privateFolder });
      await appendFile(path, `${JSON.stringify(entry)}\n`, { mode: privateFile });
    });
    this.#tail = written.catch(() => undefined);
    return written;
  }

  #path(day: string): string {
    return join(this.#folder, `${day}.jsonl`);
  }
}

const name = "today";
const scope = "day";
const none = { calls: 0, tokens: 0, usd: 0 } as const;

const minus = (used: Room, { calls, tokens, usd }: DayEntry): Room => ({
  ...used,
  calls: used.calls - calls,
  tokens: used.tokens - tokens,
  usd: used.usd - (usd ?? 0),
});

const amounts = ({ calls, tokens, usd }: Amount): Pick<DayEntry, "calls" | "tokens" | "usd"> => ({ calls, tokens, usd: usd ?? null });

const about = ({ run, step }: Subject): Pick<DayEntry, "run" | "step" | "role"> => ({
  run,
  ...(step ? { step: step.id, role: step.role } : {}),
});

/** The day of a moment where this machine is. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Whole lines from an offset on, put into the entries known so far. */
async function readFrom(
  path: string,
  from: number,
  known: Map<string, DayEntry>,
): Promise<{ readonly at: number; readonly entries: Map<string, DayEntry> }> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return { at: from, entries: known };
    throw error;
  }
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, size - from));
    await file.read(bytes, 0, bytes.length, from);
    const whole = bytes.lastIndexOf(10) + 1;
    for (const line of bytes.subarray(0, whole).toString("utf8").split("\n")) {
      const entry = parsed(line);
      if (entry) known.set(entry.id, entry);
    }
    return { at: from + whole, entries: known };
  } finally {
    await file.close();
  }
}

function parsed(line: string): DayEntry | undefined {
  try {
    return Entry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
