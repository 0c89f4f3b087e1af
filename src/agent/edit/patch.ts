// Applies a patch to a set of files held in memory: changes, creates, deletes, renames and copies. What cannot be applied is named hunk
// by hunk with the reason; the rest is still applied in the answer, which then is not ok.

import type { Result } from "../result.ts";
import { ok } from "../result.ts";
import type { Failed } from "./blocks.ts";
import { createDesk, type Desk, type FileChange } from "./patch-desk.ts";
import type { FilePatch } from "./file-patch.ts";
import { parsePatch } from "./patch-parse.ts";
import { candidatesOf, refusePath } from "./patch-path.ts";
import { applyPatchHunks } from "./patch-text.ts";

export interface PatchFailed extends Failed {
  readonly path: string;
}

export interface Patched {
  readonly ok: boolean;
  /** At most one per path, in the order of the patch; a rename is a create (`from` names its origin) and a delete. */
  readonly changes: readonly FileChange[];
  /** How many hunks were applied. */
  readonly applied: number;
  readonly failed: readonly PatchFailed[];
}

/** Every path the patch may touch, so that the files can be read beforehand; some may not exist. */
export function pathsOf(patch: string): Result<readonly string[]> {
  const files = parsePatch(patch);
  if (!files.ok) return files;
  const names = files.value.flatMap(({ oldPath, newPath }) => [oldPath, newPath]).filter((name) => name !== null);
  return ok([...new Set(names.flatMap(candidatesOf))]);
}

/** The paths the patch most likely means, git's "a/" and "b/" taken off. */
export function namesOf(patch: string): readonly string[] {
  const files = parsePatch(patch);
  const names = files.ok ? files.value.flatMap(({ oldPath, newPath }) => [oldPath, newPath]) : [];
  return [...new Set(names.flatMap((name) => (name === null ? [] : (candidatesOf(name)[0] ?? []))))];
}

/** Whether the patch takes a name away, by deleting or renaming a file. */
export function takesAway(patch: string): boolean {
  const files = parsePatch(patch);
  const name = (path: string | null) => (path === null ? null : candidatesOf(path)[0]);
  return (
    files.ok && files.value.some(({ oldPath, newPath, kind }) => oldPath !== null && kind !== "copy" && name(oldPath) !== name(newPath))
  );
}

/** Applies a patch to files by their paths. Faults `invalid` only when the patch itself cannot be read. */
export function applyPatch(files: ReadonlyMap<string, string>, patch: string): Result<Patched> {
  const parsed = parsePatch(patch);
  if (!parsed.ok) return parsed;
  // Names that a section takes away are free for the others, whatever the order; but not where that section then fails.
  const staying = new Set<FilePatch>();
  for (;;) {
    const pass = applySections(files, parsed.value, staying);
    if (pass.stayed.length === 0) return ok(pass.patched);
    for (const section of pass.stayed) staying.add(section);
  }
}

function applySections(
  files: ReadonlyMap<string, string>,
  sections: readonly FilePatch[],
  staying: ReadonlySet<FilePatch>,
): { readonly patched: Patched; readonly stayed: readonly FilePatch[] } {
  const desk = createDesk(files, sections, staying);
  const failed: PatchFailed[] = [];
  const stayed: FilePatch[] = [];
  let applied = 0;
  for (const section of sections) {
    const leaves = desk.leaves(section);
    const outcome = applySection(desk, section);
    applied += outcome.applied;
    for (const one of outcome.failed) failed.push(one);
    if (leaves && !outcome.left && !staying.has(section)) stayed.push(section);
  }
  failed.sort((a, b) => a.index - b.index);
  return { patched: { ok: failed.length === 0, changes: desk.changes(), applied, failed }, stayed };
}

interface SectionOutcome {
  readonly applied: number;
  /** The old name is free. */
  readonly left?: true;
  readonly failed: readonly PatchFailed[];
}

function applySection(desk: Desk, section: FilePatch): SectionOutcome {
  const { hunks, kind, mode } = section;
  const { old, new: fresh } = desk.meaning(section);
  const path = fresh ?? old ?? "";
  const refuse = (reason: string): SectionOutcome => ({
    applied: 0,
    failed: (hunks.length > 0 ? hunks.map(({ index }) => index) : [section.index]).map((index) => ({ index, path, reason })),
  });
  if (section.unfit !== undefined) return refuse(`${path} cannot be changed by this patch: ${section.unfit}.`);
  const wrong = [old, fresh].flatMap((name) => (name === null ? [] : (refusePath(name, desk.has) ?? [])))[0];
  if (wrong !== undefined) return refuse(wrong);
  if (old === null && fresh === null) return refuse("The patch names /dev/null on both sides; name the file.");
  const before = old === null ? "" : desk.read(old, kind);
  if (before === undefined) return refuse(`There is no file ${old}; check the path.`);
  const { text, applied, failed } = applyPatchHunks(before, hunks);
  const outcome: SectionOutcome = { applied: applied.length, failed: failed.map((one) => ({ ...one, path })) };
  if (fresh === null) {
    if (kind !== "remove" && failed.length === 0 && text !== "")
      return refuse(`The patch deletes ${old} but does not show all of its lines; ${countLines(text)} would be left.`);
    return failed.length > 0 ? outcome : leave(desk, path, outcome);
  }
  const file = { path: fresh, text, ...(mode === undefined ? {} : { mode }) };
  if (old === fresh) {
    desk.change(file);
    return outcome;
  }
  const taken = desk.taken(fresh);
  if (taken !== undefined && old === null) return desk.read(fresh, kind) === text ? outcome : refuse(taken);
  if (taken !== undefined) return refuse(`${fresh} exists already; the patch cannot ${kind ?? "rename"} ${old} to it.`);
  if (old === null) {
    if (failed.length === 0) desk.place(file);
    return outcome;
  }
  desk.place({ ...file, from: old });
  return kind === "copy" ? outcome : leave(desk, old, outcome);
}

function leave(desk: Desk, path: string, outcome: SectionOutcome): SectionOutcome {
  desk.remove(path);
  return { ...outcome, left: true };
}

const countLines = (text: string): string => {
  const count = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return count === 1 ? "1 line" : `${count} lines`;
};
