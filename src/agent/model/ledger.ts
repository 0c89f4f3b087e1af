// Counts what model calls cost against limits, calls in flight included: a call reserves its worst case before it is made.
// Invariant: spent + reserved never passes a limit, so spending passes it by no more than an estimate was wrong about one call.

import { fail, ok, type Result } from "../result.ts";

export interface Amount {
  readonly calls: number;
  readonly tokens: number;
  /** Undefined where the price is unknown; then only calls and tokens are held to their limits. */
  readonly usd: number | undefined;
}

export interface Allowance {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
}

/** What is left before a limit; infinite where there is none. */
export interface Room {
  readonly calls: number;
  readonly tokens: number;
  readonly usd: number;
}

/** One budget: of a run, a step, a day. Lives as long as what it pays for. */
export class Ledger {
  readonly #name: string;
  readonly #limit: Allowance;
  #used: Room;

  /** `name` is how messages call it ("this run"); `spent` is what earlier processes of the same run paid already. */
  constructor(name: string, limit: Allowance, spent: Amount = { calls: 0, tokens: 0, usd: 0 }) {
    this.#name = name;
    this.#limit = limit;
    this.#used = { ...spent, usd: spent.usd ?? 0 };
  }

  get limited(): boolean {
    const { tokens, usd } = this.#limit;
    return tokens !== undefined || usd !== undefined;
  }

  get used(): Room {
    return this.#used;
  }

  get room(): Room {
    const left = (limit: number | undefined, used: number): number =>
      limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit - used);
    const { calls, tokens, usd } = this.#limit;
    return { calls: left(calls, this.#used.calls), tokens: left(tokens, this.#used.tokens), usd: left(usd, this.#used.usd) };
  }

  /** Sets the worst case aside, or says which limit it would pass. Settle with what it really was. */
  reserve(worst: Amount): Result<(real: Amount) => void> {
    const { room } = this;
    if (worst.calls > room.calls) return this.#refuse(`${this.#limit.calls} model calls`);
    if (worst.tokens > room.tokens)
      return this.#refuse(`${this.#limit.tokens} tokens (the next call may take ${worst.tokens}, ${room.tokens} are left)`);
    if ((worst.usd ?? 0) > room.usd)
      return this.#refuse(`$${this.#limit.usd} (the next call may cost $${cents(worst.usd ?? 0)}, $${cents(room.usd)} is left)`);
    this.#add(worst, 1);
    let open = true;
    return ok((real) => {
      if (!open) return;
      open = false;
      this.#add(worst, -1);
      this.#add(real, 1);
    });
  }

  #add(amount: Amount, sign: 1 | -1): void {
    const { calls, tokens, usd } = this.#used;
    this.#used = { calls: calls + sign * amount.calls, tokens: tokens + sign * amount.tokens, usd: usd + sign * (amount.usd ?? 0) };
  }

  #refuse(what: string): ReturnType<typeof fail> {
    return fail("budget", `The budget of ${this.#name} is ${what}; raise it to go on.`);
  }
}

const cents = (usd: number): string => usd.toFixed(usd < 0.1 ? 4 : 2);
