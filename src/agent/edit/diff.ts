// A change of text as a unified diff to be shown, or to be applied elsewhere: it says exactly what changes, line ends included.

import { diffLines, type Span } from "./line-diff.ts";
import { splitLines } from "./line-end.ts";

export interface UnifiedDiff {
  /** Empty when nothing changes. */
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

const contextLines = 3;

/** The diff of one file; undefined before: it is created, undefined after: it is deleted. The path is shown behind git's "a/" and "b/". */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): UnifiedDiff {
  const old = splitLines(before ?? "", "\n");
  const fresh = splitLines(after ?? "", "\n");
  const spans = diffLines(old, fresh);
  if (spans.length === 0 && before !== undefined && after !== undefined) return { diff: "", added: 0, removed: 0 };
  const header = `--- ${before === undefined ? "/dev/null" : `a/${path}`}\n+++ ${after === undefined ? "/dev/null" : `b/${path}`}\n`;
  const hunks = inGroups(spans).map((group) => printHunk(old, fresh, group));
  return {
    diff: header + hunks.join(""),
    added: spans.reduce((sum, { bFrom, bTo }) => sum + bTo - bFrom, 0),
    removed: spans.reduce((sum, { aFrom, aTo }) => sum + aTo - aFrom, 0),
  };
}

/** Spans whose context would touch are printed as one hunk. */
function inGroups(spans: readonly Span[]): readonly (readonly Span[])[] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && span.aFrom - last.aTo <= 2 * contextLines) group.push(span);
    else groups.push([span]);
  }
  return groups;
}

function printHunk(old: readonly string[], fresh: readonly string[], group: readonly Span[]): string {
  const first = group[0];
  const last = group.at(-1);
  if (!first || !last) return "";
  const from = Math.max(0, first.aFrom - contextLines);
  const to = Math.min(old.length, last.aTo + contextLines);
  const freshFrom = first.bFrom - (first.aFrom - from);
  const freshTo = last.bTo + (to - last.aTo);
  const out = [`@@ -${range(from, to)} +${range(freshFrom, freshTo)} @@\n`];
  let done = from;
  for (const { aFrom, aTo, bFrom, bTo } of group) {
    for (const line of old.slice(done, aFrom)) out.push(printLine(" ", line));
    for (const line of old.slice(aFrom, aTo)) out.push(printLine("-", line));
    for (const line of fresh.slice(bFrom, bTo)) out.push(printLine("+", line));
    done = aTo;
  }
  for (const line of old.slice(done, to)) out.push(printLine(" ", line));
  return out.join("");
}

/** A range of no lines names the line before it. */
const range = (from: number, to: number): string => (to - from === 1 ? `${to}` : `${to === from ? from : from + 1},${to - from}`);

function printLine(op: " " | "-" | "+", line: string): string {
  return line.endsWith("\n") ? op + line : `${op}${line}\n\\ No newline at end of file\n`;
}
