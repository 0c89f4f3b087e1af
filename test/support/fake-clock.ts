// A clock stepped by hand. `advance` lets everything that was due happen in order, and what it caused, before it resolves.

import type { Clock } from "../../src/agent/world.ts";

export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Steps from sleep to sleep until the promise settles, and gives its outcome. Real input and output goes on meanwhile. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Sleeps under way. */
  readonly sleeping: () => number;
  /** Lengths of all sleeps ever begun. */
  readonly naps: readonly number[];
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** `quietMs`: real time in which nothing settles before `until` steps the clock; for tests whose other side is a real process or server. */
export function fakeClock({
  start = Date.UTC(2026, 0, 1),
  quietMs = 0,
}: {
  readonly start?: number;
  readonly quietMs?: number;
} = {}): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const naps: number[] = [];
  const clock: FakeClock = {
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
    until: async (promise) => {
      let settled = false;
      const note = (): void => void (settled = true);
      promise.then(note, note);
      let since = performance.now();
      for (let quiet = 0; !settled; quiet++) {
        await new Promise((resolve) => setImmediate(resolve));
        const due = Math.min(...[...sleepers].map((one) => one.at));
        // Sleeping is the last resort: what arrives by itself arrives first.
        if (quiet < patience || !Number.isFinite(due) || performance.now() - since < quietMs) continue;
        quiet = 0;
        await clock.advance(due - now);
        since = performance.now();
      }
      return promise;
    },
  };
  return clock;
}

/** Turns of the event loop in which nothing settled, before time is stepped. */
const patience = 200;

/** Lets pending promises and zero-length timers (a library's) run out. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise((resolve) => setTimeout(resolve, 0));
}
