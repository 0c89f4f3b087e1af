// The folder a command works in, as the sandbox lays it out: the workspace itself with what is protected, or a private copy
// in its place. Refuses a workspace that cannot be protected, saying why.

import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import { linkedFolders } from "../git/repository.ts";
import type { CopyPlan } from "../shell/copy.ts";
import { statOrNothing } from "../shell/look.ts";
import { contains } from "../shell/path.ts";
import type { Above, Ground } from "./profile.ts";
import { type Scan, type Shared, scanSecrets } from "./scan.ts";

export const nothingAbove: Above = { folders: [], hidden: [] };

/** A fault where no mount could keep what must be kept from a command that may write in this folder. */
export function checkProtectable(root: string, homes: readonly string[]): Result<void> {
  const home = homes.find((each) => contains(root, each));
  if (home !== undefined) return unprotectable(`it contains the home folder ${home}; open a folder inside it`);
  const system = ["/proc", "/sys", "/dev", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/boot"].find(
    (folder) => root === "/" || root === folder || (contains(folder, root) && !/^\/(usr\/(local|src)|dev\/shm)\//.test(root)),
  );
  return system === undefined ? ok(undefined) : unprotectable("it is a part of the system; open a folder of your own");
}

export function workspaceGround(root: string, scan: Scan, shared: Shared, above: Above, guard: readonly string[]): Result<Ground> {
  const [link] = scan.links;
  if (link !== undefined) return unprotectable(`${link} is a link, which could be made to lead elsewhere; put the real thing there`);
  const still = (path: string): boolean => statOrNothing(path)?.isFile() === true;
  const protect = [...new Set([...scan.protect, ...shared.foreign.filter(still)])].filter((path) => !guard.includes(path));
  const mask = [...new Set([...scan.mask, ...shared.secret.filter(still)])];
  return ok({ folder: root, at: root, above, protect, mask, guard, own: [], writable: true, overlay: [], scratch: [] });
}

/** What git is let do beyond other commands. Absolute paths. */
export interface Opening {
  /** Git's own folders: written in, or only read. */
  readonly folders: readonly string[];
  readonly access: "read" | "write";
  /** What stays as it is although it lies in such a folder: configuration, hooks. */
  readonly frozen: readonly string[];
}

/**
 * The workspace as git itself sees it: its secrets as they are, or it would take them for changed, and for a writing verb its own
 * folders and every file that it tracks writable. What would make it, or anybody later, run something stays read-only.
 */
export function repositoryGround(root: string, { folders, access, frozen }: Opening): Ground {
  const writable = access === "write";
  const own = folders.filter((path) => !contains(root, path));
  const nothing = { above: nothingAbove, mask: [], guard: [], overlay: [], scratch: [] };
  return { ...nothing, folder: root, at: root, protect: writable ? frozen : [], own, writable };
}

/** A copy is thrown away, so nothing in it is protected; what was not copied is laid over it, read-only. */
export function copyGround(copy: string, plan: CopyPlan, above: Above): Ground {
  const shared = [...plan.packages, ...plan.shared].map((path) => join(plan.root, path));
  const caches = shared.flatMap((folder) => [".cache", ".vite", ".vitest"].map((name) => join(folder, name)));
  return {
    folder: copy,
    at: plan.root,
    above,
    protect: [],
    mask: [],
    guard: [],
    own: [],
    writable: true,
    overlay: shared,
    scratch: caches.filter((path) => statOrNothing(path)?.isDirectory() === true),
  };
}

/**
 * What lies above the workspace and commands may read: the repository it is a part of, without its secrets, or the
 * repository a worktree belongs to.
 */
export async function repositoryAbove(root: string, homes: readonly string[], signal: AbortSignal): Promise<Result<Above>> {
  const own = statOrNothing(join(root, ".git"));
  if (own?.isFile() === true) return ok({ folders: worktreeRepository(root), hidden: [] });
  if (own !== undefined) return ok(nothingAbove);
  const repository = enclosingRepository(root, homes);
  if (repository === undefined) return ok(nothingAbove);
  const secrets = await scanSecrets(repository, signal);
  if (!secrets.ok) return secrets;
  const hidden = secrets.value.filter((path) => !contains(root, path));
  return ok({ folders: [repository], hidden });
}

export function enclosingRepository(root: string, homes: readonly string[]): string | undefined {
  for (let folder = dirname(root); folder !== dirname(folder); folder = dirname(folder)) {
    if (homes.some((home) => contains(folder, home))) return undefined;
    const { uid, mode } = lstatSync(folder);
    // a folder others may write in could hold a repository of theirs
    if (uid !== process.geteuid?.() || (mode & 0o002) !== 0) return undefined;
    if (statOrNothing(join(folder, ".git")) !== undefined) return folder;
  }
  return undefined;
}

function worktreeRepository(root: string): readonly string[] {
  const linked = linkedFolders(root);
  return linked && !contains(root, linked.common) ? [linked.common] : [];
}

function unprotectable(why: string): ReturnType<typeof fail> {
  return fail(
    "unavailable",
    `The sandbox cannot protect this workspace: ${why}. A person who is there is offered one run outside the sandbox.`,
    { outsideHelps: true },
  );
}
