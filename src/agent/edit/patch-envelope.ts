// Reads the other way in which models write patches: "*** Begin Patch", a section for each file, hunks without line numbers that may name
// the lines they lie behind. Gives what the reader of unified diffs gives; the same rules place its hunks: unique or refused.

import { fail, ok, type Result } from "../result.ts";
import type { FilePatch, PatchHunk, PatchLine } from "./file-patch.ts";

/** Undefined where the text holds no such patch. Faults `invalid` with the line that cannot be read. */
export function readEnvelope(lines: readonly string[]): Result<readonly FilePatch[]> | undefined {
  const begin = lines.findIndex((line) => line.trimEnd() === "*** Begin Patch");
  if (begin === -1) return undefined;
  const files: Draft[] = [];
  let hunks = 0;
  for (const [at, line] of lines.entries()) {
    if (at <= begin || line.trimEnd() === "*** Begin Patch") continue;
    if (line.trimEnd() === "*** End Patch") {
      if (!lines.slice(at).some((later) => later.trimEnd() === "*** Begin Patch")) break;
      continue;
    }
    const [, word, name = ""] = /^\*\*\* (Add File|Update File|Delete File|Move to): (.*?)\s*$/.exec(line) ?? [];
    const file = files.at(-1);
    const current = file?.hunks.at(-1);
    if (word === "Move to" && file) Object.assign(file, { newPath: name, kind: "rename" });
    else if (word !== undefined && word !== "Move to") files.push(draftOf(word, name, hunks));
    else if (line.trimEnd() === "*** End of File" && current) current.last = true;
    else if (file && line.startsWith("@@")) open(file, line, () => hunks++);
    else if (file && file.kind !== "remove" && isBody(line)) (current ?? begun(file, hunks++)).lines.push(lineOf(line));
    else if (line.trim() !== "")
      return fail("invalid", `Line ${at + 1} of the patch cannot be read; lines of a hunk start with a space, "-" or "+".`);
  }
  if (files.length === 0) return fail("invalid", 'The patch names no file; it needs "*** Update File: path" before its lines.');
  return ok(files.map(closed));
}

interface HunkDraft {
  readonly index: number;
  readonly oldStart: undefined;
  readonly behind: string[];
  readonly lines: PatchLine[];
  last: boolean;
}

interface Draft {
  readonly index: number;
  readonly oldPath: string | null;
  readonly newPath: string | null;
  readonly kind: FilePatch["kind"];
  readonly hunks: HunkDraft[];
}

const draftOf = (word: string, name: string, index: number): Draft => ({
  index,
  oldPath: word === "Add File" ? null : name,
  newPath: word === "Delete File" ? null : name,
  kind: word === "Delete File" ? "remove" : undefined,
  hunks: [],
});

function begun(file: Draft, index: number): HunkDraft {
  const hunk: HunkDraft = { index, oldStart: undefined, behind: [], lines: [], last: false };
  file.hunks.push(hunk);
  return hunk;
}

/** "@@ class A" names a line; several in a row lead to a place step by step. */
function open(file: Draft, line: string, count: () => number): void {
  const last = file.hunks.at(-1);
  const hunk = last && last.lines.length === 0 ? last : begun(file, count());
  const anchor = line.slice(2).trim();
  if (anchor !== "") hunk.behind.push(anchor);
}

const isBody = (line: string): boolean => line === "" || /^[ +-]/.test(line);

const lineOf = (line: string): PatchLine => ({
  op: line.startsWith("-") ? "-" : line.startsWith("+") ? "+" : " ",
  text: line.slice(1),
  unended: false,
});

/** Blank lines behind a hunk belong to the text around it. */
function closed({ hunks, ...file }: Draft): FilePatch {
  const read = hunks.map(({ last, lines, ...hunk }): PatchHunk => {
    const end = lines.findLastIndex((line) => line.op !== " " || line.text !== "") + 1;
    return { ...hunk, lines: lines.slice(0, end), ...(last ? { last } : {}) };
  });
  return { ...file, hunks: read, mode: undefined, unfit: undefined };
}
