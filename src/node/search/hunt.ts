// What a search engine is asked and what it brings back; the two engines share it so that their answers cannot differ in form.

import { fail, type Result } from "../../agent/result.ts";
import type { TextMatches, TextQuery } from "../../agent/world.ts";

/** What both engines are asked, once the path is known to exist. */
export interface Hunt {
  readonly query: TextQuery;
  /** Absolute folder that ignore rules and `start` are relative to. */
  readonly base: string;
  /** Relative to `base`, "" for the base itself. */
  readonly start: string;
  readonly isFile: boolean;
  /** Whether a file, relative to `base`, is wanted. */
  readonly wants: (path: string) => boolean;
  /** Stop after this many. */
  readonly most: number;
}

/** Matches as they were found, with paths relative to the hunt's base, and whether some were left out. */
export type Catch = Result<TextMatches>;

/** Files larger than this are passed over. */
export const largestSearched = 16 << 20;

const longestLine = 400;

/** A line as shown: whole if short, else the part around its match. */
export function excerpt(text: string, column: number): string {
  if (text.length <= longestLine) return text;
  const start = Math.max(0, Math.min(column - 100, text.length - longestLine));
  const end = start + longestLine;
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

export const badExpression = (why: string): ReturnType<typeof fail> =>
  fail("invalid", `The pattern is not a regular expression (${why}); correct it, or search for it as plain text.`);
