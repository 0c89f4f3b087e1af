// Tells work from going round in circles, over the history of a step's calls. Pure; it stops nothing, next.ts does.
// Invariant: progress is never mistaken for a loop. A result that differs, or a change between two equal calls, breaks it.

/** One ended call: `key` is the same exactly when the call and its result are. `progress` says whether it changed anything; absent = unknown. */
export interface Ended {
  readonly key: string;
  readonly progress?: boolean;
}

export interface Loop {
  readonly kind: "repeat" | "cycle";
  /** Calls in one round: 1 for a repeat. */
  readonly length: number;
  /** One sentence for the person who looks at the stopped run. */
  readonly diagnosis: string;
}

const times = 3;
const longest = 6;

/** Looks at the end of the history, oldest first: the same call with the same result three times, or a round of 2 to 6 calls run three times over. */
export function detectLoop(history: readonly Ended[]): Loop | undefined {
  if (repeats(history)) {
    return {
      kind: "repeat",
      length: 1,
      diagnosis: `the same call gave the same result ${times} times; repeating it cannot bring anything new.`,
    };
  }
  for (let length = 2; length <= longest; length++) {
    if (!circles(history, length)) continue;
    return {
      kind: "cycle",
      length,
      diagnosis: `the same ${length} calls ran ${times} times over, in the same order and with the same results.`,
    };
  }
  return undefined;
}

function repeats(history: readonly Ended[]): boolean {
  const last = history.at(-1);
  if (!last) return false;
  if (history.length >= times && history.slice(-times).every(({ key }) => key === last.key)) return true;
  const start = history.findLastIndex(({ progress }) => progress !== false) + 1;
  return history.slice(start).filter(({ key }) => key === last.key).length >= times;
}

function circles(history: readonly Ended[], length: number): boolean {
  const tail = history.slice(-length * times);
  return tail.length === length * times && tail.every(({ key }, index) => key === tail[index % length]?.key);
}
