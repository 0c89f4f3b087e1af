// Private copies of the workspace to try things in. Ordinary files are copied for real, never hard-linked; folders of
// installed packages and folders too large to copy are shared read-only. Times of modification are kept, so that caches
// keyed by them stay right.

import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import { isSecretName } from "../sandbox/protected.ts";
import { contains } from "./path.ts";

/** What a copy consists of; all paths relative to the workspace. */
export interface CopyPlan {
  readonly root: string;
  readonly folders: readonly string[];
  readonly files: readonly CopiedFile[];
  readonly links: readonly string[];
  /** Present as an empty file. */
  readonly masked: readonly string[];
  /** Installed packages: `node_modules` and virtual environments. */
  readonly packages: readonly string[];
  /** Everything else that is not copied: version control, and folders too large. */
  readonly shared: readonly string[];
}

export interface CopiedFile {
  readonly path: string;
  readonly modified: Date;
}

export interface CopyBounds {
  readonly files: number;
  readonly bytes: number;
}

const packageFolders = new Set(["node_modules", ".venv", "venv", "bower_components"]);
const controlFolders = new Set([".git", ".hg", ".svn"]);
/** A folder that alone takes more than this share of the bounds is shared instead. */
const folderShare = 0.5;

export async function planCopy(
  root: string,
  request: {
    /** Paths that must be copied, because they will be changed. */
    readonly needed: readonly string[];
    readonly bounds: CopyBounds;
    /** Whether files that hold secrets are copied, or stand there empty as they do in the sandbox. */
    readonly secrets: "copied" | "empty";
  },
  signal: AbortSignal,
): Promise<Result<CopyPlan>> {
  const packages: string[] = [];
  const shared: string[] = [];
  const tooLarge = (part: Part): boolean =>
    part.files.length > request.bounds.files * folderShare || part.bytes > request.bounds.bytes * folderShare;

  const walk = async (folder: string): Promise<Part> => {
    signal.throwIfAborted();
    const part: Part = { folders: [], files: [], links: [], masked: [], bytes: 0 };
    const needed = folder === "" || request.needed.some((path) => path.startsWith(`${folder}/`));
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.filter((each) => each.isDirectory())) {
      const path = join(folder, entry.name);
      if (packageFolders.has(entry.name)) packages.push(path);
      else if (controlFolders.has(entry.name)) shared.push(path);
      else merge(part, path, await walk(path));
      if (!needed && tooLarge(part)) return part;
    }
    await addFiles(part, folder, entries);
    return part;
  };
  const merge = (into: Part, path: string, part: Part): void => {
    if (tooLarge(part) && !request.needed.some((each) => each.startsWith(`${path}/`))) {
      dropBelow(path);
      shared.push(path);
      return;
    }
    into.folders.push(path, ...part.folders);
    into.files.push(...part.files);
    into.links.push(...part.links);
    into.masked.push(...part.masked);
    into.bytes += part.bytes;
  };
  const dropBelow = (path: string): void => {
    for (const list of [packages, shared]) list.splice(0, list.length, ...list.filter((each) => !each.startsWith(`${path}/`)));
  };
  const addFiles = async (part: Part, folder: string, entries: readonly Dirent[]): Promise<void> => {
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSymbolicLink()) part.links.push(path);
      else if (entry.isFile() && request.secrets === "empty" && isSecretName(entry.name)) part.masked.push(path);
      else if (entry.isFile()) {
        const { size, mtime } = await lstat(join(root, path));
        part.files.push({ path, modified: mtime });
        part.bytes += size;
      }
    }
  };

  const all = await walk("");
  if (all.files.length > request.bounds.files || all.bytes > request.bounds.bytes) {
    return fail("unavailable", "The workspace is too large to copy for trials; try one change at a time in the workspace instead.");
  }
  const { bytes: _, ...rest } = all;
  return ok({ root, packages, shared, ...rest });
}

interface Part {
  readonly folders: string[];
  readonly files: CopiedFile[];
  readonly links: string[];
  readonly masked: string[];
  bytes: number;
}

/**
 * Makes the copy in an existing empty folder. Shared folders and packages become empty folders, to be mounted over, or with
 * `linkPackages` packages become folders of links, so that writing beside them stays in the copy.
 */
export async function makeCopy(plan: CopyPlan, target: string, packages: "mount" | "link", signal: AbortSignal): Promise<void> {
  const empty = packages === "mount" ? [...plan.packages, ...plan.shared] : [];
  for (const folder of [...plan.folders, ...empty]) await mkdir(join(target, folder), { recursive: true });
  await inParallel(plan.files, signal, async ({ path, modified }) => {
    const to = join(target, path);
    await copyFile(join(plan.root, path), to, constants.COPYFILE_FICLONE);
    await utimes(to, modified, modified);
  });
  for (const path of plan.masked) await writeFile(join(target, path), "");
  for (const path of plan.links) await copyLink(plan.root, path, target);
  if (packages === "link") for (const path of plan.packages) await linkPackages(plan.root, path, target);
}

/** Absolute links into the workspace become relative, so that they lead into the copy. */
async function copyLink(root: string, path: string, target: string): Promise<void> {
  const to = await readlink(join(root, path));
  await symlink(isAbsolute(to) && contains(root, to) ? relative(dirname(join(root, path)), to) : to, join(target, path));
}

async function linkPackages(root: string, folder: string, target: string): Promise<void> {
  await mkdir(join(target, folder), { recursive: true });
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) await copyLink(root, path, target);
    else if (entry.isDirectory() && (entry.name.startsWith("@") || entry.name === ".bin")) await linkPackages(root, path, target);
    else if (!entry.name.startsWith(".") || folder.endsWith("venv")) await symlink(join(root, path), join(target, path));
  }
}

async function inParallel<T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) {
      signal.throwIfAborted();
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}
