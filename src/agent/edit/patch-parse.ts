// Reads unified diffs, git's and plain ones, into files and hunks. Tolerates what models and mail programs do to them (text around the
// patch, wrong line counts, stripped blank context lines, CRLF transport); says of each hunk whether its numbers can be trusted.
// Knows nothing of the files the patch is for.

import { fail, ok, type Result } from "../result.ts";
import { splitLines } from "./line-end.ts";
import { headerName, pathOf } from "./patch-path.ts";

export interface FilePatch {
  /** Null: the file is created. */
  readonly oldPath: string | null;
  /** Null: the file is deleted. */
  readonly newPath: string | null;
  /** Said outright by a git header; else it follows from the paths. */
  readonly kind: "rename" | "copy" | undefined;
  readonly hunks: readonly PatchHunk[];
  /** Permission bits a git header gives the new file. */
  readonly mode: number | undefined;
}

export interface PatchHunk {
  /** Number of the hunk within the whole patch, from 0. */
  readonly index: number;
  /** Line of the old file, counted from 1, that the header names; 0 for an empty file. Absent where header and body disagree. */
  readonly oldStart: number | undefined;
  readonly lines: readonly PatchLine[];
}

export interface PatchLine {
  readonly op: " " | "-" | "+";
  /** Without its line end; a carriage return is kept where it is the file's. */
  readonly text: string;
  /** Marked as the last line of a file that does not end with a line end. */
  readonly unended: boolean;
}

/** Parses a patch for any number of files. Faults `invalid` with the patch's line where it cannot be read. */
export function parsePatch(patch: string): Result<readonly FilePatch[]> {
  const raw = splitLines(patch, "\n").map((line) => (line.endsWith("\n") ? line.slice(0, -1) : line));
  const carried = raw.some((line) => /^(---|\+\+\+) .*\r$/.test(line));
  const lines = carried ? raw.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)) : raw;
  const files: Draft[] = [];
  let hunks = 0;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const file = files.at(-1);
    if (line.startsWith("diff --git ")) {
      files.push(draftFrom(line));
      at++;
    } else if (isFileHeader(lines, at)) {
      const oldPath = pathOf(line.slice(4));
      const newPath = pathOf((lines[at + 1] ?? "").slice(4));
      const known = file && !file.named && file.hunks.length === 0 && isSame(file.oldPath, oldPath) && isSame(file.newPath, newPath);
      const draft = known ? file : newDraft();
      if (!known) files.push(draft);
      Object.assign(draft, { named: true, oldPath, newPath });
      at += 2;
    } else if (line.startsWith("@@")) {
      if (!file)
        return fail(
          "invalid",
          `Line ${at + 1} of the patch starts a hunk, but no "--- a/file" and "+++ b/file" lines come before it; add them.`,
        );
      const { hunk, next } = readHunk(lines, at, hunks);
      if (hunk.lines.length === 0)
        return fail("invalid", `The hunk at line ${at + 1} of the patch has no lines; every line must start with a space, "-" or "+".`);
      file.hunks.push(hunk);
      hunks++;
      at = next;
    } else {
      if (/^(GIT binary patch|Binary files .* differ)/.test(line))
        return fail("invalid", `Line ${at + 1} of the patch is a binary change, which cannot be applied as text.`);
      if (file && !file.named) readExtended(file, line);
      at++;
    }
  }
  const named = files.filter(isMeant);
  if (named.length === 0)
    return fail("invalid", 'The text holds no patch; it needs "--- a/file" and "+++ b/file" lines followed by hunks that start with "@@".');
  return ok(named);
}

interface Draft {
  oldPath: string | null;
  newPath: string | null;
  kind: "rename" | "copy" | undefined;
  mode: number | undefined;
  hunks: PatchHunk[];
  named: boolean;
}

const newDraft = (): Draft => ({ oldPath: null, newPath: null, kind: undefined, mode: undefined, hunks: [], named: false });

/** Whether a git header and the "---" or "+++" line behind it mean one file; the header of a rename names it without prefix. */
const isSame = (header: string | null, path: string | null): boolean =>
  header === path || (header !== null && path !== null && (path.slice(2) === header || path.slice(2) === header.slice(2)));

/** A section without hunks that neither creates, deletes nor moves (a change of mode only) is no change of text. */
const isMeant = (file: Draft): boolean =>
  file.hunks.length > 0 || file.kind !== undefined || (file.oldPath === null) !== (file.newPath === null);

function draftFrom(line: string): Draft {
  const name = headerName(line.slice("diff --git ".length).trimEnd());
  return { ...newDraft(), oldPath: name?.old ?? null, newPath: name?.new ?? null };
}

function readExtended(file: Draft, line: string): void {
  const [, word, value = ""] =
    /^(rename from|rename to|copy from|copy to|new file mode|deleted file mode|new mode) (.*?)\r?$/.exec(line) ?? [];
  if (word === "rename from" || word === "copy from") file.oldPath = pathOf(value);
  if (word === "rename to" || word === "copy to") file.newPath = pathOf(value);
  if (word?.startsWith("rename")) file.kind = "rename";
  if (word?.startsWith("copy")) file.kind = "copy";
  if (word === "new file mode") file.oldPath = null;
  if (word === "deleted file mode") file.newPath = null;
  if (word === "new file mode" || word === "new mode") file.mode = Number.parseInt(value.slice(-3), 8);
}

const isFileHeader = (lines: readonly string[], at: number): boolean =>
  (lines[at] ?? "").startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ");

function readHunk(lines: readonly string[], at: number, index: number): { readonly hunk: PatchHunk; readonly next: number } {
  const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[at] ?? "");
  const counted = header ? readCounted(lines, at + 1, Number(header[2] ?? 1), Number(header[3] ?? 1)) : undefined;
  if (header && counted) return { hunk: { index, oldStart: Number(header[1]), lines: counted.lines }, next: counted.next };
  const rest = readToEnd(lines, at + 1);
  return { hunk: { index, oldStart: undefined, lines: rest.lines }, next: rest.next };
}

interface Body {
  readonly lines: PatchLine[];
  readonly next: number;
}

/** As many lines as the header says; undefined when there are fewer or more. */
function readCounted(lines: readonly string[], from: number, oldCount: number, newCount: number): Body | undefined {
  const body: PatchLine[] = [];
  let at = from;
  for (let old = 0, fresh = 0; old < oldCount || fresh < newCount || (lines[at] ?? "").startsWith("\\"); at++) {
    if (at >= lines.length || !readLine(body, lines[at] ?? "")) return undefined;
    if (lines[at]?.startsWith("\\")) continue;
    const op = body.at(-1)?.op;
    if (op !== "+") old++;
    if (op !== "-") fresh++;
    if (old > oldCount || fresh > newCount) return undefined;
  }
  const following = lines[at] ?? "";
  const more = /^[ +-]/.test(following) && !isFileHeader(lines, at) && !isSignature(following);
  return more ? undefined : { lines: body, next: at };
}

/** All lines up to the next header. Blank lines at the end belong to the text around the patch. */
function readToEnd(lines: readonly string[], from: number): Body {
  const body: PatchLine[] = [];
  let at = from;
  let end = 0;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("@@") || line.startsWith("diff --git ") || isFileHeader(lines, at) || isSignature(line) || !readLine(body, line))
      break;
    if (line !== "") end = body.length;
  }
  return { lines: body.slice(0, end), next: at };
}

/** The "-- " with which mail programs set off what follows a patch. */
const isSignature = (line: string): boolean => /^-- \r?$/.test(line);

/** Appends one line, or marks the last one as unended; false when the line cannot be part of a hunk. */
function readLine(body: PatchLine[], line: string): boolean {
  const op = line === "" || line === "\r" ? " " : line[0];
  if (op === "\\") {
    const last = body.at(-1);
    if (!last) return false;
    body[body.length - 1] = { ...last, unended: true };
    return true;
  }
  if (op !== " " && op !== "-" && op !== "+") return false;
  body.push({ op, text: line === "\r" ? line : line.slice(1), unended: false });
  return true;
}
