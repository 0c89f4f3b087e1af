// Applies the hunks of one file to its text. All hunks are placed in the original text; one that has several places waits until the
// others have shown how far the file has moved. Every line end comes from the file, unless the patch shows that it knows better.

import type { Failed } from "./blocks.ts";
import { firstEnd, type Line, splitPieces } from "./line-end.ts";
import { nearest } from "./nearest.ts";
import type { PatchHunk, PatchLine } from "./file-patch.ts";
import { bare, findPlaces, lineCount, oldLines, type PatchPlace, placeAsStated } from "./patch-place.ts";
import { createSource, type Source } from "./source.ts";
import { splitMark } from "./text.ts";
import { indentOf } from "./indent.ts";
import { isText, lineEndNear } from "./window.ts";

export interface PatchedText {
  readonly text: string;
  readonly applied: readonly number[];
  readonly failed: readonly Failed[];
}

/** The text with every hunk that could be applied; hunks are named by their number within the whole patch. */
export function applyPatchHunks(text: string, given: readonly PatchHunk[]): PatchedText {
  const { bom, body, hunks } = splitMarks(text, given);
  const source = createSource(body);
  const { placed, failed } = placeAll(source, hunks);
  const { kept, clashing } = withoutClashes(placed);
  for (const hunk of clashing)
    failed.push({ index: hunk.index, reason: "The hunk changes the same lines as another one; make one hunk of the two." });
  const parts: string[] = [];
  let done = 0;
  for (const { hunk, place } of kept) {
    // A hunk of context only says where it would lie, and changes nothing.
    if (hunk.lines.every(({ op }) => op === " ")) continue;
    const edit = editOf(source, hunk, place);
    parts.push(source.raw.slice(done, edit.start), edit.text);
    done = edit.end;
  }
  parts.push(source.raw.slice(done));
  return { text: bom + parts.join(""), applied: kept.map(({ hunk }) => hunk.index), failed: failed.sort((a, b) => a.index - b.index) };
}

/**
 * The byte order mark is no part of the first line, unless both the file and the patch's old lines show one: then the patch says what
 * becomes of it. Where only the patch does, it keeps it to itself.
 */
function splitMarks(text: string, hunks: readonly PatchHunk[]): ReturnType<typeof splitMark> & { readonly hunks: readonly PatchHunk[] } {
  const shown = hunks.some((hunk) => oldLines(hunk).some((line) => line.text.startsWith("\uFEFF")));
  if (!shown) return { ...splitMark(text), hunks };
  if (text.startsWith("\uFEFF")) return { bom: "", body: text, hunks };
  const bare = (line: PatchLine): PatchLine => ({ ...line, text: splitMark(line.text).body });
  return { bom: "", body: text, hunks: hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(bare) })) };
}

interface Placed {
  readonly hunk: PatchHunk;
  readonly place: PatchPlace;
}

function placeAll(source: Source, hunks: readonly PatchHunk[]): { readonly placed: readonly Placed[]; readonly failed: Failed[] } {
  // A patch made for this very text needs no search.
  const stated = hunks.flatMap((hunk): readonly Placed[] => {
    const place = placeAsStated(source, hunk);
    return place ? [{ hunk, place }] : [];
  });
  if (stated.length === hunks.length) return { placed: stated, failed: [] };
  const placed: Placed[] = [];
  const failed: Failed[] = [];
  const open: { readonly hunk: PatchHunk; readonly places: readonly PatchPlace[] }[] = [];
  for (const hunk of hunks) {
    const found = findPlaces(source, hunk);
    if ("refused" in found) failed.push({ index: hunk.index, reason: found.refused });
    else if (found.places.length === 0) failed.push(explainMissing(source, hunk));
    else if (found.places.length === 1 && found.places[0]) placed.push({ hunk, place: found.places[0] });
    else open.push({ hunk, places: found.places });
  }
  const sure = [...placed];
  for (const { hunk, places } of open) {
    const expected = hunk.oldStart === undefined ? undefined : hunk.oldStart - 1 + driftNear(hunk, sure);
    const place = places.find(({ start }) => start === expected);
    if (place) placed.push({ hunk, place });
    else failed.push(explainAmbiguous(source, hunk, places));
  }
  return { placed, failed };
}

/** How far the nearest hunk before, or else after, was found from where its header said. */
function driftNear(hunk: PatchHunk, sure: readonly Placed[]): number {
  const known = sure.filter((other) => other.hunk.oldStart !== undefined && oldLines(other.hunk).length > 0);
  const near = known.findLast((other) => other.hunk.index < hunk.index) ?? known.find((other) => other.hunk.index > hunk.index);
  return near ? near.place.start - ((near.hunk.oldStart ?? 1) - 1) : 0;
}

/** Sorted by place. Hunks clash where they change, remove or insert at the same lines; common context is no clash. */
function withoutClashes(placed: readonly Placed[]): { readonly kept: readonly Placed[]; readonly clashing: readonly PatchHunk[] } {
  const sorted = placed
    .map((one) => ({ ...one, ...changedLines(one) }))
    .sort((a, b) => a.from - b.from || a.to - b.to || a.hunk.index - b.hunk.index);
  const clashing = new Set<PatchHunk>();
  let widest = sorted[0];
  for (const one of sorted.slice(1)) {
    if (widest && (one.from < widest.to || (one.from === widest.from && one.to === widest.to))) clashing.add(widest.hunk).add(one.hunk);
    if (!widest || one.to > widest.to) widest = one;
  }
  return { kept: sorted.filter(({ hunk }) => !clashing.has(hunk)), clashing: [...clashing] };
}

/** Lines of the file from the first that is changed to after the last. */
function changedLines({ hunk, place }: Placed): { readonly from: number; readonly to: number } {
  let line = place.start;
  let from: number | undefined;
  let to = line;
  for (const { op } of hunk.lines) {
    if (op !== " ") from ??= line;
    if (op !== "+") line++;
    if (op !== " ") to = line;
  }
  return { from: from ?? line, to };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The change in offsets of the raw text, from the first changed line to the last. */
function editOf(source: Source, hunk: PatchHunk, place: PatchPlace): Edit {
  const { from, to } = changedLines({ hunk, place });
  const file = splitPieces(source.raw.slice(source.toRaw(source.startOf(from)), source.toRaw(source.startOf(to))), source.style);
  const out: Line[] = [];
  const literal = knowsLineEnds(source, hunk, place);
  const last = hunk.lines.findLastIndex((line) => line.op !== " ");
  const firstChange = hunk.lines.findIndex((line) => line.op !== " ");
  const fallback = lineEndNear(source, Math.max(0, from - 1));
  let line = 0;
  let next = 0;
  for (const one of hunk.lines.slice(firstChange, last + 1)) {
    if (one.op !== "+") {
      const old = file[line++];
      next = Math.max(next, line - 1);
      if (one.op === " " && old) out.push({ text: old.text, end: firstEnd(old.end, fallback) });
      if (one.op === " ") next = line;
      continue;
    }
    const old = next < line ? file[next++]?.end : undefined;
    const own = one.text.endsWith("\r") ? "\r\n" : "\n";
    out.push({ text: indented(bare(one), place.reindent), end: literal ? own : firstEnd(old, out.at(-1)?.end, fallback) });
  }
  return finish(source, hunk, { from, to }, out);
}

/** Sees to the end of the file: it keeps having, or not having, a last line end, unless the patch marks a change of that. */
function finish(source: Source, hunk: PatchHunk, range: { readonly from: number; readonly to: number }, lines: readonly Line[]): Edit {
  const { from, to } = range;
  const start = source.toRaw(source.startOf(from));
  const end = source.toRaw(source.startOf(to));
  const text = lines.map((line) => line.text + line.end).join("");
  if (hunk.lines.at(-1)?.op === " " || to < lineCount(source)) return { start, end, text };
  const wasUnended = source.raw !== "" && !source.lf.endsWith("\n");
  const oldMarked = oldLines(hunk).some((line) => line.unended);
  const newMarked = hunk.lines.findLast((line) => line.op !== "-")?.unended === true;
  // Marked on both sides, the patch changes nothing about the last line end, also where the file has one by now.
  if (newMarked ? oldMarked && !wasUnended : oldMarked || !wasUnended) return { start, end, text };
  const lastEnd = lines.at(-1)?.end ?? "";
  const unended = text.slice(0, text.length - lastEnd.length);
  const before = lineEndNear(source, lineCount(source) - 1);
  // Lines added after an unended last line need a line end before them; when the last lines go, so does the line end before them.
  if (wasUnended && start === source.raw.length && text !== "") return { start, end, text: before + unended };
  if (text === "" && from > 0) return { start: start - source.endOf(from - 1).length, end, text };
  return { start, end, text: unended };
}

/** Whether every old line of the hunk shows the very line end the file has, so that those of its new lines mean what they say. */
function knowsLineEnds(source: Source, hunk: PatchHunk, place: PatchPlace): boolean {
  if (source.style === "\r" || source.style === "") return source.style === "";
  const old = oldLines(hunk);
  return (
    old.length > 0 && old.every((line, at) => line.unended || (source.endOf(place.start + at) === "\r\n") === line.text.endsWith("\r"))
  );
}

function indented(line: string, reindent: (indent: string) => string): string {
  const indent = indentOf(line);
  return isText(line) ? reindent(indent) + line.slice(indent.length) : line;
}

function explainMissing(source: Source, hunk: PatchHunk): Failed {
  const found = nearest(source, oldLines(hunk).map(bare).join("\n"));
  const reason = "The lines the hunk removes or shows as context are not in the file";
  if (!found) return { index: hunk.index, reason: `${reason}, nor anything like them; read it again.` };
  const difference = found.difference ? `: ${found.difference.replaceAll("of the search", "of the hunk")}` : "";
  return { index: hunk.index, reason: `${reason}. The nearest text is at lines ${found.from}-${found.to}${difference}.`, nearest: found };
}

function explainAmbiguous(source: Source, hunk: PatchHunk, places: readonly PatchPlace[]): Failed {
  const lines = places.slice(0, 8).map(({ start }) => start + 1);
  const reason = `The hunk fits ${places.length} places, at lines ${lines.join(", ")}, and its line numbers name none of them; add lines of context.`;
  const found = nearest(source, oldLines(hunk).map(bare).join("\n"));
  return found ? { index: hunk.index, reason, nearest: found } : { index: hunk.index, reason };
}
