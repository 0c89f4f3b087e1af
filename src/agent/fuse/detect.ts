// Tells work from going round in circles, from standing still and from failing the same way again and again. Pure, over histories that
// know nothing of runs; it stops nothing, next.ts does.
// Invariant: progress is never mistaken for a loop. A result that differs, a change between two equal calls, a file that is new, a check
// that got better or an error that is another one: each breaks what it belongs to.

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

const longest = 6;

/** Looks at the end of the history, oldest first: the same call with the same result so many times, or a round of 2 to 6 calls run so many times over. */
export function detectLoop(history: readonly Ended[], times = 3): Loop | undefined {
  if (repeats(history) >= times) {
    return {
      kind: "repeat",
      length: 1,
      diagnosis: `the same call gave the same result ${times} times; repeating it cannot bring anything new.`,
    };
  }
  const { length, times: done } = rounds(history);
  if (done < times) return undefined;
  return {
    kind: "cycle",
    length,
    diagnosis: `the same ${length} calls ran ${times} times over, in the same order and with the same results.`,
  };
}

/** How often the last call has had the same result: running, or since something last made progress. */
export function repeats(history: readonly Ended[]): number {
  const last = history.at(-1);
  if (!last) return 0;
  const running = history.length - 1 - history.findLastIndex(({ key }) => key !== last.key);
  const start = history.findLastIndex(({ progress }) => progress !== false) + 1;
  return Math.max(running, history.slice(start).filter(({ key }) => key === last.key).length);
}

/** The round of 2 to 6 different calls that has come round most often at the end, the shortest of equals. */
export function rounds(history: readonly Ended[]): { readonly length: number; readonly times: number } {
  let best = { length: 0, times: 0 };
  for (let length = 2; length <= longest && length <= history.length; length++) {
    const times = roundsOf(history, length);
    if (times > best.times) best = { length, times };
  }
  return best;
}

function roundsOf(history: readonly Ended[], length: number): number {
  const round = history.slice(-length);
  if (round.every(({ key }) => key === round[0]?.key)) return 0;
  let same = length;
  while (same < history.length && history[history.length - 1 - same]?.key === history[history.length - 1 - same + length]?.key) same++;
  return Math.floor(same / length);
}

/** What a turn brought. */
export interface Effort {
  /** Contents that files were given, each with the one before it; `by` is the command that did it, where it was one. */
  readonly changes: readonly { readonly path: string; readonly before: string; readonly after: string; readonly by?: string }[];
  /** Checks that ran: what failed of each, 0 where it passed, undefined where it does not count. */
  readonly checks: readonly { readonly of: string; readonly failed: number | undefined }[];
  /** Results of looking, where looking is the work. */
  readonly found: readonly string[];
  /** A person said something. */
  readonly heard: boolean;
}

/**
 * How many turns at the end, oldest first, brought nothing: no file a content it had not had before, no check that got better, nothing
 * new found, no word of a person. A command that is run again and writes its log anew brings nothing by that.
 */
export function idleTurns(turns: readonly Effort[]): number {
  const contents = new Set<string>();
  const commands = new Set<string>();
  const found = new Set<string>();
  const checks = new Map<string, number>();
  let idle = 0;
  for (const turn of turns) {
    let moved = turn.heard;
    const ran: string[] = [];
    for (const { path, before, after, by } of turn.changes) {
      contents.add(`${path}\n${before}`);
      const known = contents.has(`${path}\n${after}`) || (by !== undefined && commands.has(by));
      contents.add(`${path}\n${after}`);
      if (by !== undefined) ran.push(by);
      moved ||= !known;
    }
    for (const by of ran) commands.add(by);
    for (const { of, failed = Number.POSITIVE_INFINITY } of turn.checks) {
      const best = checks.get(of);
      moved ||= best !== undefined && failed < best;
      checks.set(of, Math.min(best ?? failed, failed));
    }
    for (const one of turn.found) {
      moved ||= !found.has(one);
      found.add(one);
    }
    idle = moved ? 0 : idle + 1;
  }
  return idle;
}

/** One try at something: a tool, a command line, a check. `turn` groups tries made at once; `error` is its signature, undefined where it worked. */
export interface Try {
  readonly turn: number;
  readonly of: string;
  readonly error: string | undefined;
}

/**
 * How many turns running ended in the error that came last, however they differed. It is over once the same thing works, or fails in
 * another way; what else works or fails meanwhile does not matter.
 */
export function sameErrors(tries: readonly Try[]): number {
  const last = tries.findLast(({ error }) => error !== undefined);
  if (!last) return 0;
  const turns = new Set<number>();
  const failing = new Set<string>();
  const settled = new Set<string>();
  for (const { turn, of, error } of tries.toReversed()) {
    if (error === last.error) {
      // Once something that fails like this has worked, or failed otherwise, what it did before is another story.
      if (settled.has(of)) break;
      failing.add(of);
      turns.add(turn);
    } else if (failing.has(of)) break;
    else settled.add(of);
  }
  return turns.size;
}
