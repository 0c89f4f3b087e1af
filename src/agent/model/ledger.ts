// Counts what model calls cost against limits, calls in flight included: a call reserves its worst case before it is made.
// Invariant: spent + reserved never passes a limit, so spending passes it by no more than an estimate was wrong about one call.

import type { Subject } from "./ask.ts";
import { type Cap, fail, ok, type Result } from "../result.ts";

export interface Amount {
  readonly calls: number;
  readonly tokens: number;
  /** Undefined where the price is unknown; then only calls and tokens are held to their limits. */
  readonly usd: number | undefined;
}

export interface Allowance {
  /** Requests to models. */
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
  readonly minutes?: number | undefined;
}

/** What is left before a limit; infinite where there is none. */
export interface Room {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number;
  readonly minutes: number;
}

/** Gives back what was set aside, and takes what it really was. Harmless when done twice. */
export type Settle = (real: Amount) => Promise<void> | void;

/** What pays for calls: the run, its steps, the day. */
export interface Purse {
  room(subject: Subject): Promise<Room>;
  /** Sets the worst case aside, or says which limit it would pass. */
  reserve(worst: Amount, subject: Subject): Promise<Result<Settle>>;
}

export interface LedgerOptions {
  /** How messages call it: "this run". */
  readonly name: string;
  readonly scope: Cap["scope"];
  /** Asked each time: a person may raise it. */
  readonly limit: () => Allowance;
  /** What earlier processes of the same run paid already. */
  readonly spent?: Amount;
  /** How long it has worked so far. */
  readonly minutes?: () => number;
}

/** One budget in memory: of a run, of a step. Lives as long as what it pays for. */
export class Ledger implements Purse {
  readonly #options: LedgerOptions;
  #used: { readonly calls: number; readonly tokens: number; readonly usd: number };

  constructor(options: LedgerOptions) {
    this.#options = options;
    const { calls, tokens, usd } = options.spent ?? { calls: 0, tokens: 0, usd: 0 };
    this.#used = { calls, tokens, usd: usd ?? 0 };
  }

  get used(): { readonly calls: number; readonly tokens: number; readonly usd: number } {
    return this.#used;
  }

  async room(): Promise<Room> {
    return this.#room();
  }

  async reserve(worst: Amount): Promise<Result<Settle>> {
    const { limit, name, scope } = this.#options;
    const refused = refusal({ name, scope, limit: limit(), room: this.#room() }, worst);
    if (refused) return refused;
    this.#add(worst, 1);
    let open = true;
    return ok((real) => {
      if (!open) return;
      open = false;
      this.#add(worst, -1);
      this.#add(real, 1);
    });
  }

  #room(): Room {
    const { limit, minutes } = this.#options;
    return roomIn(limit(), { ...this.#used, minutes: minutes?.() ?? 0 });
  }

  #add(amount: Amount, sign: 1 | -1): void {
    const { calls, tokens, usd } = this.#used;
    this.#used = { calls: calls + sign * amount.calls, tokens: tokens + sign * amount.tokens, usd: usd + sign * (amount.usd ?? 0) };
  }
}

/** What is left of an allowance. */
export function roomIn({ calls, tokens, usd, minutes }: Allowance, used: Room): Room {
  const left = (limit: number | undefined, spent: number): number =>
    limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit - spent);
  return {
    calls: left(calls, used.calls),
    tokens: left(tokens, used.tokens),
    usd: left(usd, used.usd),
    minutes: left(minutes, used.minutes),
  };
}

export interface Bounds {
  readonly name: string;
  readonly scope: Cap["scope"];
  readonly limit: Allowance;
  readonly room: Room;
}

/** The fault where the worst case does not fit; undefined where it does. */
export function refusal({ name, scope, limit, room }: Bounds, worst: Amount): ReturnType<typeof fail> | undefined {
  const refuse = (what: Cap["what"], need: number, words: string): ReturnType<typeof fail> =>
    fail("budget", `The budget of ${name} is ${words}; raise it to go on.`, { cap: { scope, what, need } });
  if (worst.calls > room.calls) return refuse("requests", worst.calls, `${limit.calls} model calls`);
  if (worst.tokens > room.tokens)
    return refuse("tokens", worst.tokens, `${limit.tokens} tokens (the next call may take ${worst.tokens}, ${room.tokens} are left)`);
  const usd = worst.usd ?? 0;
  if (usd > room.usd) return refuse("usd", usd, `$${limit.usd} (the next call may cost $${cents(usd)}, $${cents(room.usd)} is left)`);
  return room.minutes <= 0 ? refuse("minutes", 0, `${limit.minutes} minutes`) : undefined;
}

const cents = (usd: number): string => usd.toFixed(usd < 0.1 ? 4 : 2);
