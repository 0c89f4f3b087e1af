// Reads unified diffs, git's and plain ones, into files and hunks. Tolerates what models and mail programs do to them (text around the
// patch, wrong line counts, stripped blank context lines, CRLF transport); says of each hunk whether its numbers can be trusted, and
// of each file whether it can be changed as text at all. Knows nothing of the files the patch is for.

import { fail, ok, type Result } from "../result.ts";
import type { FilePatch, PatchHunk, PatchLine } from "./file-patch.ts";
import { splitLines } from "./line-end.ts";
import { readEnvelope } from "./patch-envelope.ts";
import { isFileHeader, readHunk } from "./patch-hunk.ts";
import { headerName, pathOf, underGitsPrefixes } from "./patch-path.ts";
import { splitMark } from "./text.ts";

/** Parses a patch for any number of files. Faults `invalid` with the patch's line where it cannot be read. */
export function parsePatch(patch: string): Result<readonly FilePatch[]> {
  const lines = linesOf(patch);
  const enveloped = readEnvelope(lines);
  if (enveloped) return enveloped;
  const files: Draft[] = [];
  let hunks = 0;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const file = files.at(-1);
    if (line.startsWith("diff --")) {
      files.push(draftFrom(line, hunks));
      at++;
    } else if (isFileHeader(lines, at)) {
      const names = { oldPath: pathOf(line.slice(4)), newPath: pathOf((lines[at + 1] ?? "").slice(4)) };
      const known =
        file && !file.named && file.hunks.length === 0 && isSame(file.oldPath, names.oldPath) && isSame(file.newPath, names.newPath);
      const draft = known ? file : newDraft(hunks);
      if (!known) files.push(draft);
      Object.assign(draft, draft.kind === undefined ? names : {}, {
        named: true,
        absent: { old: isAbsent(line), new: isAbsent(lines[at + 1] ?? "") },
      });
      at += 2;
    } else if (line.startsWith("@@@")) {
      if (file) file.unfit = "it is a combined diff of a merge; send a diff against the file as it is now";
      at++;
    } else if (line.startsWith("@@")) {
      if (!file)
        return fail(
          "invalid",
          `Line ${at + 1} of the patch starts a hunk, but no "--- a/file" and "+++ b/file" lines come before it; add them.`,
        );
      const { hunk, next } = readHunk(lines, at, hunks);
      file.hunks.push(hunk);
      hunks++;
      at = next;
    } else {
      const binary = /^Binary files (.*) and (.*) differ\r?$/.exec(line);
      if (binary && (!file || file.named))
        files.push({ ...newDraft(hunks), oldPath: pathOf(binary[1] ?? ""), newPath: pathOf(binary[2] ?? "") });
      const last = files.at(-1);
      if (last && (binary || line.startsWith("GIT binary patch"))) last.unfit = "it is a binary change, which cannot be applied as text";
      else if (last && !last.named) readExtended(last, line);
      at++;
    }
  }
  const named = files.map(finished).filter(isMeant);
  if (named.length === 0)
    return fail("invalid", 'The text holds no patch; it needs "--- a/file" and "+++ b/file" lines followed by hunks that start with "@@".');
  return ok(named);
}

/** Without their line ends, and without the carriage returns that were put on every line on the way here. */
function linesOf(patch: string): readonly string[] {
  const raw = splitLines(splitMark(patch).body, "\n").map((line) => (line.endsWith("\n") ? line.slice(0, -1) : line));
  const header = raw.findIndex((line, at) => line.startsWith("diff --git ") || line.startsWith("*** Begin Patch") || isFileHeader(raw, at));
  return raw[header]?.endsWith("\r") ? raw.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)) : raw;
}

interface Draft {
  readonly index: number;
  readonly header: ReturnType<typeof headerName>;
  oldPath: string | null;
  newPath: string | null;
  kind: "rename" | "copy" | undefined;
  mode: number | undefined;
  unfit: string | undefined;
  hunks: PatchHunk[];
  /** Whether its "---" and "+++" lines were read. */
  named: boolean;
  /** Which side has the time stamp that `diff -N` gives a file that is not there. */
  absent: { readonly old: boolean; readonly new: boolean };
}

const newDraft = (index: number, header?: ReturnType<typeof headerName>): Draft => ({
  index,
  header,
  oldPath: header?.old ?? null,
  newPath: header?.new ?? null,
  kind: undefined,
  mode: undefined,
  unfit: undefined,
  hunks: [],
  named: false,
  absent: { old: false, new: false },
});

const isAbsent = (header: string): boolean => /\t(1970-01-01|1969-12-31) /.test(header);

/** A file that has been there since 1970 shows other lines than its own. */
function finished({ index, header, oldPath, newPath, kind, mode, unfit, hunks, absent }: Draft): FilePatch {
  const named = (kind === undefined ? underGitsPrefixes(header) : undefined) ?? ((path) => path);
  const all = (op: PatchLine["op"]): boolean => hunks.every(({ lines }) => lines.every((line) => line.op === op));
  const created = absent.old && all("+");
  const deleted = absent.new && all("-");
  return { oldPath: created ? null : named(oldPath), newPath: deleted ? null : named(newPath), kind, index, hunks, mode, unfit };
}

/** Whether a git header and the "---" or "+++" line behind it mean one file; the header of a rename names it without prefix. */
const isSame = (header: string | null, path: string | null): boolean =>
  header === path || (header !== null && path !== null && (path.slice(2) === header || path.slice(2) === header.slice(2)));

const isMeant = (file: FilePatch): boolean =>
  file.hunks.length > 0 ||
  file.kind !== undefined ||
  file.mode !== undefined ||
  file.unfit !== undefined ||
  (file.oldPath === null) !== (file.newPath === null);

/** "diff --git a/f b/f", or "diff --cc f" for a merge. */
function draftFrom(line: string, index: number): Draft {
  const rest = line.replace(/^diff --\S+ /, "").trimEnd();
  return newDraft(index, line.startsWith("diff --git ") ? headerName(rest) : { old: rest, new: rest });
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
  if (/^(?:(?:new file|deleted file|old|new) mode|index \S+) 1[26]0000\r?$/.test(line))
    file.unfit = "it is a symbolic link or a submodule, which cannot be changed as text";
}
