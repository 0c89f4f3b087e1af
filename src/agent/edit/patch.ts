// Applies a patch to a set of files held in memory: changes, creates, deletes, renames and copies. What cannot be applied is named hunk
// by hunk with the reason; the rest is still applied in the answer, which then is not ok.

import type { Result } from "../result.ts";
import { ok } from "../result.ts";
import type { Failed } from "./blocks.ts";
import { type FilePatch, type PatchHunk, parsePatch } from "./patch-parse.ts";
import { candidatesOf, resolvePaths } from "./patch-path.ts";
import { applyPatchHunks } from "./patch-text.ts";

export interface PatchFailed extends Failed {
  readonly path: string;
}

/** What becomes of one path. `mode`: permission bits the patch gives a new file. */
export type FileChange =
  | { readonly kind: "create" | "modify"; readonly path: string; readonly text: string; readonly from?: string; readonly mode?: number }
  | { readonly kind: "delete"; readonly path: string };

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

/** Applies a patch to files by their paths. Faults `invalid` only when the patch itself cannot be read. */
export function applyPatch(files: ReadonlyMap<string, string>, patch: string): Result<Patched> {
  const parsed = parsePatch(patch);
  if (!parsed.ok) return parsed;
  const changes = new Map<string, FileChange>();
  const failed: PatchFailed[] = [];
  let applied = 0;
  for (const section of gather(parsed.value, files)) {
    const outcome = applySection(files, section);
    applied += outcome.applied;
    failed.push(...outcome.failed);
    for (const change of outcome.changes) {
      if (changes.has(change.path))
        failed.push({
          index: section.hunks[0]?.index ?? 0,
          path: change.path,
          reason: `The patch changes ${change.path} in two ways; make one of them.`,
        });
      else changes.set(change.path, change);
    }
  }
  return ok({ ok: failed.length === 0, changes: [...changes.values()], applied, failed: failed.sort((a, b) => a.index - b.index) });
}

interface Section extends FilePatch {
  readonly old: string | null;
  readonly new: string | null;
  readonly hunks: readonly PatchHunk[];
}

/** Sections with the paths they mean; two sections that change one file become one, as all hunks are placed in the original text. */
function gather(patches: readonly FilePatch[], files: ReadonlyMap<string, string>): readonly Section[] {
  const sections: Section[] = [];
  for (const patch of patches) {
    const section: Section = { ...patch, ...meaning(patch, files) };
    const at = sections.findIndex(
      (other) => other.old !== null && other.old === other.new && other.old === section.old && section.old === section.new,
    );
    const twin = sections[at];
    if (twin) sections[at] = { ...twin, hunks: [...twin.hunks, ...section.hunks] };
    else sections.push(section);
  }
  return sections;
}

/** Without a git header two different names mean a rename only when the first is a file and the second is not. */
function meaning(patch: FilePatch, files: ReadonlyMap<string, string>): { readonly old: string | null; readonly new: string | null } {
  const paths = resolvePaths(patch, (path) => files.has(path));
  if (patch.kind !== undefined || paths.old === null || paths.new === null || paths.old === paths.new) return paths;
  if (files.has(paths.new)) return { old: paths.new, new: paths.new };
  return files.has(paths.old) ? paths : { old: paths.new, new: paths.new };
}

interface SectionOutcome {
  readonly changes: readonly FileChange[];
  readonly applied: number;
  readonly failed: readonly PatchFailed[];
}

function applySection(files: ReadonlyMap<string, string>, section: Section): SectionOutcome {
  const { old, new: fresh, hunks } = section;
  const path = fresh ?? old ?? "";
  const refuse = (reason: string): SectionOutcome => ({
    changes: [],
    applied: 0,
    failed: (hunks.length > 0 ? hunks.map(({ index }) => index) : [0]).map((index) => ({ index, path, reason })),
  });
  const before = old === null ? "" : files.get(old);
  if (before === undefined) return refuse(`There is no file ${old}; check the path.`);
  const { text, applied, failed } = applyPatchHunks(before, hunks);
  const outcome = (changes: readonly FileChange[]): SectionOutcome => ({
    changes,
    applied: applied.length,
    failed: failed.map((one) => ({ ...one, path })),
  });
  const mode = section.mode === undefined ? {} : { mode: section.mode };
  if (old === null) {
    const existing = files.get(path);
    if (existing !== undefined && existing !== text) return refuse(`${path} exists already; change it instead of creating it.`);
    return outcome(existing === undefined && failed.length === 0 ? [{ kind: "create", path, text, ...mode }] : []);
  }
  if (fresh === null) {
    if (failed.length === 0 && text !== "")
      return refuse(`The patch deletes ${old} but does not show all of its lines; ${countLines(text)} would be left.`);
    return outcome(failed.length === 0 ? [{ kind: "delete", path: old }] : []);
  }
  if (old === fresh) return outcome(text === before ? [] : [{ kind: "modify", path, text }]);
  if (files.has(fresh)) return refuse(`${fresh} exists already; the patch cannot ${section.kind ?? "rename"} ${old} to it.`);
  const created: FileChange = { kind: "create", path: fresh, text, from: old, ...mode };
  return outcome(section.kind === "copy" ? [created] : [created, { kind: "delete", path: old }]);
}

const countLines = (text: string): string => {
  const count = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return count === 1 ? "1 line" : `${count} lines`;
};
