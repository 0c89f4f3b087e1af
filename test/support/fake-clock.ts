// A clock stepped by hand. `advance` lets everything that was due happen in order, and what it caused, before it resolves.

import type { Clock } from "../../src/agent/world.ts";

export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Sleeps under way. */
  readonly sleeping: () => number;
  /** Lengths of all sleeps ever begun. */
  readonly naps: readonly number[];
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const naps: number[] = [];
  return {
    now: () => now,
    naps,
    sleeping: () => sleepers.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        naps.push(ms);
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
        if (signal.aborted) return cancel();
        signal.addEventListener("abort", cancel, { once: true });
        sleepers.add(sleeper);
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** Lets pending promises and zero-length timers (a library's) run out. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setTimeout(resolve, 0));
}
