// A change in words: for the answer, and for the note that keeps a later attempt from making the same change again.

import type { Candidate } from "./candidate.ts";
import type { Unit } from "./unit.ts";

export interface Described {
  readonly path: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** `path:line: before -> after`, on one line; the same for the same change of the same text. */
export function changeText(unit: Unit | undefined, { path, line, edits }: Candidate): string {
  const parts = edits.map(({ start, end, text }) => `${JSON.stringify(unit?.text.slice(start, end) ?? "")} -> ${JSON.stringify(text)} at ${start}`);
  return `${path}:${line}: ${parts.join(", ")}`;
}

/** "src/a.js:12: `i <= n` became `i < n`". */
export function describeChange({ path, line, before, after }: Described): string {
  if (after === "") return `${path}:${line}: removed \`${before}\``;
  return before === "" ? `${path}:${line}: added \`${after}\`` : `${path}:${line}: \`${before}\` became \`${after}\``;
}
