// One written case of a patch: files, a patch, and the files that must come out.

export interface PatchCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly patch: string;
  /** Files that differ afterwards; null: no longer there. */
  readonly gives: Readonly<Record<string, string | null>>;
  /** Expected reasons by hunk number; a case without them must be ok. */
  readonly refuses?: Readonly<Record<number, RegExp>>;
}

/** A patch of one file, changed in place. */
export const change = (path: string, ...body: readonly string[]): string =>
  `--- a/${path}\n+++ b/${path}\n${body.map((line) => `${line}\n`).join("")}`;
export const count = (from: number, to: number, name = "line"): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `${name} ${from + at}\n`).join("");
