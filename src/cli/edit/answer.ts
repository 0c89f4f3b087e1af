// What `proviso edit` answers for a block or hunk that does not fit. Part of the command line's contract: names here are not changed.

import type { Failed } from "../../agent/edit/blocks.ts";

export interface FailedAnswer {
  /** Number of the block, or of the hunk within the whole patch, from 0. */
  readonly index: number;
  readonly reason: string;
  /** The real text most like what was sought, ready to be copied; empty where nothing is. */
  readonly nearest: string;
  /** First and last line of `nearest`, counted from 1. */
  readonly lines?: readonly [number, number];
  readonly path?: string;
}

export function failedAnswer({ index, reason, nearest, path }: Failed & { readonly path?: string }): FailedAnswer {
  return {
    index,
    reason,
    nearest: nearest?.text ?? "",
    ...(nearest ? { lines: [nearest.from, nearest.to] as const } : {}),
    ...(path === undefined ? {} : { path }),
  };
}
