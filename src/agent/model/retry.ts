// Asks again after a fault that may pass. The one owner of retries: the clients below never retry by themselves.
// cockatiel decides when to go on; the waiting is done on our own clock, because cockatiel's own wait cannot be cut by an abort
// (decisions/0011). A wait the provider asked for is honoured; one longer than `patienceMs` is the caller's to decide.

import { ConstantBackoff, handleWhenResult, retry as retryPolicy } from "cockatiel";
import type { Fault, Result } from "../result.ts";
import type { Clock } from "../world.ts";
import type { Layer, Reply } from "./ask.ts";

export interface RetryOptions {
  readonly clock: Clock;
  /** In [0, 1): spreads the waits of many callers apart. */
  readonly random: () => number;
  /** Tries after the first one. */
  readonly retries?: number;
  /** The wait before the first retry is at most this long, and doubles with each. */
  readonly baseMs?: number;
  readonly maxMs?: number;
  /** The longest wait a provider may ask for; beyond it the fault is passed on. */
  readonly patienceMs?: number;
  readonly onRetry?: (fault: Fault, waitMs: number, attempt: number) => void;
}

export function retry({ retries = 4, baseMs = 500, maxMs = 20_000, patienceMs = 90_000, ...options }: RetryOptions): Layer {
  const { clock, random, onRetry } = options;
  const worthwhile = (result: unknown): boolean => {
    const { fault } = result as Result<Reply> & { readonly fault?: Fault };
    return fault?.retry === true && (fault.retryAfterMs ?? 0) <= patienceMs;
  };
  const policy = retryPolicy(handleWhenResult(worthwhile), { maxAttempts: retries, backoff: new ConstantBackoff(0) });
  /** Full jitter: anywhere between nothing and the whole exponential wait; on top of what the provider asked for. */
  const waitAfter = (fault: Fault, attempt: number): number => {
    const spread = random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
    return Math.round(fault.retryAfterMs === undefined ? spread : fault.retryAfterMs + Math.min(spread, baseMs));
  };
  return (next) => async (request, signal) => {
    let last: Fault | undefined;
    return policy.execute(async ({ attempt }) => {
      if (last) {
        const waitMs = waitAfter(last, attempt);
        onRetry?.(last, waitMs, attempt);
        request.onRestart?.();
        await clock.sleep(waitMs, signal);
      }
      const result = await next(request, signal);
      last = result.ok ? undefined : result.fault;
      return result;
    });
  };
}
