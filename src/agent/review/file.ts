// One file of a proposed change as a person reviews it: what it was computed from, what is proposed, and the hunks in between. Pure.
// Hunks keep their places for as long as the proposal waits. What has no lines to choose from is decided whole.

import { type Hunk, hunksBetween } from "../edit/hunks.ts";
import { usesBareReturns } from "../edit/line-end.ts";
import { decode } from "../edit/text.ts";

export interface ReviewFile {
  /** Absolute real path. */
  readonly path: string;
  readonly shown: string;
  readonly fate: "changed" | "created" | "deleted";
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  /** Permission bits it gets, where those change too. */
  readonly mode?: number;
  /** Both sides as text; empty where there is none. */
  readonly base: string;
  readonly proposed: string;
  readonly binary: boolean;
  /** Accepted or rejected as a whole, under the number 0: a deletion, a file without lines, what is not text. */
  readonly whole: boolean;
  /** Empty where `whole`. */
  readonly hunks: readonly Hunk[];
}

export interface Images {
  readonly path: string;
  readonly shown: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  readonly mode?: number;
}

export function reviewFile({ before, after, ...named }: Images): ReviewFile {
  const old = before ? decode(before) : undefined;
  const now = after ? decode(after) : undefined;
  const binary = old?.ok === false || now?.ok === false;
  const base = old?.ok ? old.value.text : "";
  const proposed = now?.ok ? now.value.text : "";
  const hunks = binary || after === null || usesBareReturns(base) || usesBareReturns(proposed) ? [] : hunksBetween(base, proposed);
  const fate = before === null ? "created" : after === null ? "deleted" : "changed";
  return { ...named, fate, before, after, base, proposed, binary, whole: hunks.length === 0, hunks };
}

/** How many decisions the file asks for. */
export const hunkCount = (file: ReviewFile): number => (file.whole ? 1 : file.hunks.length);
