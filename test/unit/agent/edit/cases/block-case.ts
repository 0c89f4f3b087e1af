// One written case of search/replace: a text, blocks, and what must come out.

import type { Tier } from "../../../../../src/agent/edit/match.ts";

export interface BlockCase {
  readonly name: string;
  readonly text: string;
  /** Search, replacement, and "all" where every occurrence is meant. */
  readonly blocks: readonly (readonly [search: string, replace: string, all?: "all"])[];
  readonly gives: string;
  /** Expected reasons by block number; a case without them must be ok. */
  readonly refuses?: Readonly<Record<number, RegExp>>;
  /** What `nearest` must hold, by block number. */
  readonly nearest?: Readonly<Record<number, string>>;
  readonly tier?: Tier;
}

/** Lines to a text that ends with a line end. */
export const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
export const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
