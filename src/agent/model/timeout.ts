// Ends a call that has stopped moving: nothing at first, nothing in mid-stream, or no end at all.
// Lives on `onActivity`, so a model that thinks aloud without answering text is alive, and a stalled stream is not.

import { fail } from "../result.ts";
import type { Clock } from "../world.ts";
import { abortable, linked } from "./abort.ts";
import type { Layer } from "./ask.ts";

export interface TimeoutOptions {
  readonly clock: Clock;
  /** From the request to the first sign of life; a local server may load its model first. */
  readonly firstMs?: number;
  /** Between two signs of life; models that think hard are silent for minutes. */
  readonly idleMs?: number;
  readonly totalMs?: number;
  /** Names the provider in messages. */
  readonly host: string;
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

export function timeout({ clock, firstMs = 120_000, idleMs = 300_000, totalMs = 1_800_000, host }: TimeoutOptions): Layer {
  return (next) => async (request, signal) => {
    const call = linked(signal);
    const over = linked(signal);
    const begun = clock.now();
    const short = request.maxMs !== undefined && request.maxMs < totalMs;
    const allMs = short ? (request.maxMs ?? totalMs) : totalMs;
    let heard: number | undefined;
    const late = (): string | undefined => {
      const now = clock.now();
      if (now - begun >= allMs)
        return short
          ? `The time of this run's budget was up while ${host} answered; raise it to go on.`
          : `${host} did not finish its answer within ${seconds(totalMs)}; ask for less at a time, or allow more time.`;
      if (heard === undefined)
        return now - begun >= firstMs
          ? `${host} did not begin to answer within ${seconds(firstMs)}; check that it is up, or choose another model.`
          : undefined;
      return now - heard >= idleMs
        ? `${host} fell silent for ${seconds(idleMs)} in the middle of its answer; try again, or choose another model.`
        : undefined;
    };
    const watch = async (): Promise<string> => {
      for (;;) {
        const message = late();
        if (message !== undefined) return message;
        const quiet = heard === undefined ? begun + firstMs : heard + idleMs;
        await clock.sleep(Math.max(1, Math.min(quiet, begun + allMs) - clock.now()), over.signal);
      }
    };
    const onActivity = (): void => {
      heard = clock.now();
      request.onActivity?.();
    };
    const stopped = new DOMException("the call took too long", "TimeoutError");
    const expired = watch().then(
      (message) => {
        call.abort(stopped);
        if (short && clock.now() - begun >= allMs) return fail("budget", message, { cap: { scope: "run", what: "minutes", need: 0 } });
        return fail("timeout", message, { retry: true });
      },
      () => new Promise<never>(() => undefined),
    );
    try {
      const answer = abortable(next({ ...request, onActivity }, call.signal), call.signal);
      return await Promise.race([answer.catch((error: unknown) => (error === stopped ? expired : Promise.reject(error))), expired]);
    } finally {
      over.abort(stopped);
      call.release();
      over.release();
    }
  };
}
