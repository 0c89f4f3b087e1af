// Leaves a provider alone for a while after it has failed several times in a row, then lets one call probe it.
// The state machine is cockatiel's. Its only use of time is "has the break lasted long enough?", which we answer from our own
// clock, so that it can be stepped in tests (decisions/0011).

import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
  type IBackoffFactory,
} from "cockatiel";
import { fail, type Result } from "../result.ts";
import type { Clock } from "../world.ts";
import { abortable } from "./abort.ts";
import type { Layer, Reply } from "./ask.ts";

export interface BreakerOptions {
  readonly clock: Clock;
  readonly host: string;
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** The first break; each failed probe doubles it, up to `maxBreakMs`. */
  readonly breakMs?: number;
  readonly maxBreakMs?: number;
  readonly onChange?: (state: "open" | "half-open" | "closed") => void;
}

const names: Partial<Record<CircuitState, "open" | "half-open" | "closed">> = {
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Closed]: "closed",
};

/** One breaker per provider: make the layer once and share it between that provider's models. */
export function breaker({ clock, host, failures = 5, breakMs = 15_000, maxBreakMs = 240_000, onChange }: BreakerOptions): Layer {
  let opensAt = 0;
  const halfOpenAfter: IBackoffFactory<unknown> = {
    next: (context) => {
      const { attempt } = context as { readonly attempt: number };
      opensAt = clock.now() + Math.min(maxBreakMs, breakMs * 2 ** (attempt - 1));
      return pause;
    },
  };
  // cockatiel compares the duration with its own elapsed time, which is finite: infinity means "not yet", its negative "now".
  const pause: IBackoff<unknown> = {
    get duration() {
      return clock.now() < opensAt ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    },
    next: halfOpenAfter.next,
  };
  const failing = (result: unknown): boolean => {
    const { fault } = result as Result<Reply> & { readonly fault?: { readonly retry: boolean } };
    return fault?.retry === true;
  };
  const policy = circuitBreaker(handleWhenResult(failing), { halfOpenAfter, breaker: new ConsecutiveBreaker(failures) });
  policy.onStateChange((state) => {
    const name = names[state];
    if (name) onChange?.(name);
  });
  return (next) => async (request, signal) => {
    try {
      // While another call probes, cockatiel waits for its outcome without looking at our signal.
      return await abortable(
        policy.execute(() => next(request, signal)),
        signal,
      );
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const waitMs = Math.max(0, opensAt - clock.now());
      return fail(
        "unavailable",
        `${host} failed ${failures} times in a row and is left alone for ${Math.ceil(waitMs / 1000)} s; wait, or choose another model.`,
        {
          retry: true,
          retryAfterMs: waitMs,
        },
      );
    }
  };
}
