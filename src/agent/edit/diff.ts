// Unified diffs for people: between two texts of one file, with counts of the lines added and removed.

import { createTwoFilesPatch } from "diff";

/** Milliseconds after which the diff is given up for a whole-file replacement. */
const timeout = 1000;

/** `undefined` stands for a file that does not exist on that side. Pure. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): { diff: string; added: number; removed: number } {
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, { context: 3, timeout });
  const diff = (patch ?? wholeFile(from, to, before ?? "", after ?? "")).replace(/^=+\n/, "");
  const lines = diff.split("\n").slice(2);
  return { diff, added: lines.filter((line) => line.startsWith("+")).length, removed: lines.filter((line) => line.startsWith("-")).length };
}

function wholeFile(from: string, to: string, before: string, after: string): string {
  const mark = (sign: string, text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n").map((line) => sign + line));
  const removed = mark("-", before);
  const added = mark("+", after);
  return [`--- ${from}`, `+++ ${to}`, `@@ -1,${removed.length} +1,${added.length} @@`, ...removed, ...added, ""].join("\n");
}
