// The files while a patch with several sections is applied. Sections build on each other in their order, as when git applies a series; but
// what a git header renames or copies is the file as it was before, and a name that some section takes away is free from the start.

import type { FilePatch } from "./file-patch.ts";
import { resolvePaths } from "./patch-path.ts";

/** What becomes of one path. `mode`: permission bits the patch gives it. */
export type FileChange =
  | { readonly kind: "create" | "modify"; readonly path: string; readonly text: string; readonly from?: string; readonly mode?: number }
  | { readonly kind: "delete"; readonly path: string };

export interface Desk {
  /** Whether the file was there before. */
  has(path: string): boolean;
  /** The paths the section means. */
  meaning(section: FilePatch): { readonly old: string | null; readonly new: string | null };
  /** Whether the section takes its old name away. */
  leaves(section: FilePatch): boolean;
  /** The text a section of that kind starts from; undefined where there is no such file. */
  read(path: string, kind: FilePatch["kind"]): string | undefined;
  /** Why no file can be made at the path. */
  taken(path: string): string | undefined;
  /** Gives a file that is there another text or mode. */
  change(file: Written): void;
  /** Puts a new file at a path that is not `taken`. */
  place(file: Written): void;
  remove(path: string): void;
  /** At most one for each path, in the order of the patch. */
  changes(): readonly FileChange[];
}

interface Written {
  readonly path: string;
  readonly text: string;
  readonly mode?: number;
  readonly from?: string;
}

/** A desk with the files on it. Sections in `staying` fail and take nothing away. */
export function createDesk(files: ReadonlyMap<string, string>, sections: readonly FilePatch[], staying: ReadonlySet<FilePatch>): Desk {
  const now = new Map<string, Written | null>();
  /** Names that were given to another file before the section that takes their own away. */
  const passedOn = new Set<string>();
  const has = (path: string) => files.has(path);
  const textOf = (path: string) => (now.has(path) ? now.get(path)?.text : files.get(path));
  const isThere = (path: string) => textOf(path) !== undefined;
  const meaning = (section: FilePatch) => meant(section, isThere);
  const leaves = (section: FilePatch) => {
    const { old, new: fresh } = meaning(section);
    return old !== null && old !== fresh && section.kind !== "copy";
  };
  const leaving = new Set(sections.flatMap((section) => (leaves(section) && !staying.has(section) ? (meaning(section).old ?? []) : [])));
  const stands = (path: string) => isThere(path) && !(leaving.has(path) && !now.has(path));
  return {
    has,
    meaning,
    leaves,
    read: (path, kind) => {
      const original = files.get(path);
      if (original === undefined) return textOf(path);
      return kind === "copy" || passedOn.has(path) ? original : textOf(path);
    },
    taken(path) {
      if (stands(path)) return `${path} exists already; change it instead of creating it.`;
      const above = path
        .split("/")
        .slice(0, -1)
        .map((_, at, parts) => parts.slice(0, at + 1).join("/"));
      const file = above.find(stands);
      if (file !== undefined) return `${file} is a file, so there can be no ${path}.`;
      const below = [...files.keys(), ...now.keys()].find((other) => other.startsWith(`${path}/`) && stands(other));
      return below === undefined ? undefined : `${path} is a folder, which holds ${below}.`;
    },
    change: (file) => now.set(file.path, file),
    place(file) {
      if (isThere(file.path)) passedOn.add(file.path);
      now.set(file.path, file);
    },
    remove(path) {
      if (!passedOn.delete(path)) now.set(path, null);
    },
    changes: () =>
      [...now].flatMap(([path, file]): readonly FileChange[] => {
        if (!file) return has(path) ? [{ kind: "delete", path }] : [];
        if (!has(path)) return [{ kind: "create", ...file }];
        return file.text === files.get(path) && file.mode === undefined ? [] : [{ kind: "modify", ...file }];
      }),
  };
}

/** Without a git header two different names mean a rename only when the first is a file and the second is not. */
function meant(patch: FilePatch, exists: (path: string) => boolean): { readonly old: string | null; readonly new: string | null } {
  const paths = resolvePaths(patch, exists);
  if (patch.kind !== undefined || paths.old === null || paths.new === null || paths.old === paths.new) return paths;
  if (exists(paths.new)) return { old: paths.new, new: paths.new };
  return exists(paths.old) ? paths : { old: paths.new, new: paths.new };
}
