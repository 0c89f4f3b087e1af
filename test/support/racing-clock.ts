// A clock that jumps to the next sleeper as soon as nothing else happens in this process. For whole runs in no time: hours pass in a turn
// of the event loop. Only for tests whose other side is in process too.

import type { Clock } from "../../src/agent/world.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface RacingClock extends Clock {
  readonly sleeping: () => number;
}

/** Turns of the event loop without a sleeper waking before the clock jumps; promises settle within them. */
const patience = 2;

export function racingClock(start = Date.UTC(2026, 0, 1)): RacingClock {
  let now = start;
  let pumping = false;
  const sleepers = new Set<Sleeper>();
  const pump = async (): Promise<void> => {
    pumping = true;
    while (sleepers.size > 0) {
      for (let turn = 0; turn < patience; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      now = Math.max(now, next.at);
      next.wake();
    }
    pumping = false;
  };
  return {
    now: () => now,
    sleeping: () => sleepers.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const cancel = (): void => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            signal.removeEventListener("abort", cancel);
            sleepers.delete(sleeper);
            resolve();
          },
        };
        signal.addEventListener("abort", cancel, { once: true });
        sleepers.add(sleeper);
        if (!pumping) void pump();
      }),
  };
}
