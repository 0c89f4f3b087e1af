// The real clock. Owns the one place where headless code waits for time to pass.

import type { Clock } from "../agent/world.ts";

/** setTimeout fires at once for anything longer, so a wait of months is made of several. */
const longestTimer = 2 ** 31 - 1;

export const systemClock = (): Clock => ({ now: () => Date.now(), sleep });

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts, and leaves no timer behind. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0; left -= longestTimer) await nap(Math.min(left, longestTimer), signal);
  signal.throwIfAborted();
}

function nap(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", cancel);
      resolve();
    }, ms);
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
  });
}
