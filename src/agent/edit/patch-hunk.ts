// Reads one hunk of a unified diff: where its header says it lies, if header and body agree, and its lines. Where they do not agree the hunk
// ends where its lines end; one that cannot be read to its end says so rather than lose the lines behind.

import type { PatchHunk, PatchLine } from "./file-patch.ts";

export const isFileHeader = (lines: readonly string[], at: number): boolean =>
  (lines[at] ?? "").startsWith("--- ") && (lines[at + 1] ?? "").startsWith("+++ ");

/** The hunk whose header is the line `at`, and the line behind it. */
export function readHunk(lines: readonly string[], at: number, index: number): { readonly hunk: PatchHunk; readonly next: number } {
  const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[at] ?? "");
  const counts = { old: Number(header?.[2] ?? 1), fresh: Number(header?.[3] ?? 1) };
  // Context that lost its leading space on the way is still as many lines as the header says.
  const counted = header ? (readCounted(lines, at + 1, counts, readLine) ?? readCounted(lines, at + 1, counts, readLoosely)) : undefined;
  if (header && counted) return { hunk: { index, oldStart: Number(header[1]), lines: counted.lines }, next: counted.next };
  const rest = readToEnd(lines, at + 1);
  const lost = losesLines(lines, rest.next)
    ? {
        broken: `Line ${rest.next + 1} of the patch, ${JSON.stringify(lines[rest.next])}, is no line of a hunk; start it with a space, "-" or "+".`,
      }
    : {};
  return { hunk: { index, oldStart: undefined, lines: rest.lines, ...lost }, next: rest.next };
}

interface Body {
  readonly lines: PatchLine[];
  readonly next: number;
}

/** Appends what the line says; false when it cannot be part of a hunk. */
type Read = (body: PatchLine[], line: string) => boolean;

/** As many lines as the header says; undefined when there are fewer or more. */
function readCounted(
  lines: readonly string[],
  from: number,
  counts: { readonly old: number; readonly fresh: number },
  read: Read,
): Body | undefined {
  const body: PatchLine[] = [];
  let at = from;
  for (let old = 0, fresh = 0; old < counts.old || fresh < counts.fresh || (lines[at] ?? "").startsWith("\\"); at++) {
    if (at >= lines.length || !read(body, lines[at] ?? "")) return undefined;
    if (lines[at]?.startsWith("\\")) continue;
    const op = body.at(-1)?.op;
    if (op !== "+") old++;
    if (op !== "-") fresh++;
    if (old > counts.old || fresh > counts.fresh) return undefined;
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
    if (isBorder(lines, at) || !readLine(body, line)) break;
    if (line !== "") end = body.length;
  }
  return { lines: body.slice(0, end), next: at };
}

/** Whether the line ends a hunk in plain sight. */
const isBorder = (lines: readonly string[], at: number): boolean =>
  /^(@@|diff --|```|\*\*\* )/.test(lines[at] ?? "") || isFileHeader(lines, at) || isSignature(lines[at] ?? "");

/** Whether a hunk broke off at a line that stands in its middle: attached to it, and with more of it behind. */
function losesLines(lines: readonly string[], at: number): boolean {
  if (at >= lines.length || isBorder(lines, at) || (lines[at - 1] ?? "").trim() === "") return false;
  for (let next = at; next < lines.length && !isBorder(lines, next); next++) if (/^[+-]/.test(lines[next] ?? "")) return true;
  return false;
}

/** The "-- " with which mail programs set off what follows a patch. */
const isSignature = (line: string): boolean => /^-- \r?$/.test(line);

/** Takes a line that has no mark for context. */
const readLoosely: Read = (body, line) => {
  if (readLine(body, line)) return true;
  if (isBorder([line], 0)) return false;
  body.push({ op: " ", text: line, unended: false });
  return true;
};

/** Appends one line, or marks the last one as unended. */
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
