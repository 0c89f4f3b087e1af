// Where the repository of a workspace lies: its own folder, a linked worktree, a submodule, or a folder above. A file in the workspace
// that names another folder is believed only if that folder names the workspace too: else it could open any repository of the user.

import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import { statOrNothing, textOrNothing } from "../shell/look.ts";
import { contains } from "../shell/path.ts";

export interface Repository {
  /** The folder whose files it tracks. */
  readonly top: string;
  readonly git: string;
  /** Of a linked worktree the main repository's own folder, else `git`. */
  readonly common: string;
}

/** Faults: there is none, or it lies where it cannot be believed. `above` finds one that the workspace is a part of. */
export function findRepository(root: string, above: (root: string) => string | undefined): Result<Repository> {
  const found = statOrNothing(join(root, ".git"));
  if (found?.isFile() === true) {
    const linked = linkedFolders(root);
    return linked
      ? ok({ top: root, ...linked })
      : fail("denied", "The .git file here names a folder that does not belong to this workspace; look at it, and use git in a terminal.");
  }
  if (found) return folderOf(root);
  const top = above(root);
  if (top === undefined) return fail("missing", "This workspace is no git repository; only the person can make it one, with git init.");
  return statOrNothing(join(top, ".git"))?.isDirectory() === true
    ? folderOf(top)
    : fail("unavailable", `The repository above, ${top}, is linked to another place; open it itself.`);
}

function folderOf(top: string): Result<Repository> {
  const git = join(top, ".git");
  if (statOrNothing(git)?.isDirectory() !== true || statOrNothing(join(git, "commondir")) !== undefined)
    return fail("denied", `${git} is not a folder of git's own making; look at it, and use git in a terminal.`);
  return ok({ top, git, common: git });
}

/** What of git's own must stay as it is while git writes: what would make it run or include something. */
export function frozenIn({ git, common }: Repository): readonly string[] {
  const names = ["config", "config.worktree", "hooks", "modules", "commondir", "gitdir", "info/attributes"];
  return [...new Set([git, common])]
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((path) => statOrNothing(path) !== undefined);
}

/** The folders that a `.git` file leads to: of a linked worktree or a submodule. Undefined where they do not lead back. */
export function linkedFolders(root: string): Pick<Repository, "git" | "common"> | undefined {
  try {
    const git = realpathSync(resolve(root, /^gitdir: (.+)$/m.exec(readFileSync(join(root, ".git"), "utf8"))?.[1] ?? "."));
    const linked = statOrNothing(join(git, "commondir")) !== undefined;
    const common = linked ? realpathSync(resolve(git, readFileSync(join(git, "commondir"), "utf8").trim())) : git;
    const back = linked ? resolve(git, readFileSync(join(git, "gitdir"), "utf8").trim()) : join(worktreeOf(git), ".git");
    const plausible = back === join(root, ".git") && contains(common, git) && lstatSync(join(common, "objects")).isDirectory();
    return plausible ? { git, common } : undefined;
  } catch {
    return undefined;
  }
}

/** Where a submodule's own configuration says that its files are. */
function worktreeOf(git: string): string {
  const value = /^\s*worktree\s*=\s*"?([^"\n]+)/im.exec(textOrNothing(join(git, "config")))?.[1]?.trim();
  return value === undefined ? "/" : resolve(git, value);
}
