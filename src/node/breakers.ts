// The circuit breakers of a process, one for each provider: what a run learnt about a host that fails, the next one need not learn again.

import type { Layer } from "../agent/model/ask.ts";
import { type BreakerOptions, breaker } from "../agent/model/breaker.ts";
import type { Clock } from "../agent/world.ts";

export class Breakers {
  readonly #made = new Map<string, Layer>();
  readonly #options: Pick<BreakerOptions, "failures" | "breakMs" | "maxBreakMs">;

  constructor(options: Pick<BreakerOptions, "failures" | "breakMs" | "maxBreakMs"> = {}) {
    this.#options = options;
  }

  /** The breaker of a host; its clock is the one it was first asked for with. */
  of(host: string, clock: Clock): Layer {
    const known = this.#made.get(host);
    if (known) return known;
    const made = breaker({ ...this.#options, clock, host });
    this.#made.set(host, made);
    return made;
  }
}
