// From the words after `--` to a shell line, and from an option to a length of time. Pure.

import { fail, ok, type Result } from "../../agent/result.ts";

/** One word is a shell line as it stands; several are one command, quoted so that the shell hands on exactly these words. */
export function lineOf(words: readonly string[]): Result<string> {
  const [first, ...rest] = words;
  if (first === undefined || (rest.length === 0 && first.trim() === "")) {
    return fail("invalid", "Say which command to run, after --: proviso exec -- npm test.");
  }
  return ok(rest.length === 0 ? first : words.map(quote).join(" "));
}

/** Milliseconds of "90", "90s", "1500ms", "2m" or "1h"; a number alone is seconds. */
export function durationOf(text: string): Result<number> {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  const ms = Number(number) * (unitMs[unit] ?? Number.NaN);
  if (!Number.isFinite(ms) || ms <= 0 || ms > longestMs)
    return fail("invalid", `--timeout takes seconds, or a time like 500ms, 90s or 2m, not "${text}".`);
  return ok(ms);
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** The longest a timer can wait. */
const longestMs = 2 ** 31 - 1;

const plainWord = /^(-[\w@%+:,./=-]*|[\w@%+:,./-]+)$/;

function quote(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
