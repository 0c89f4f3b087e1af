// Where ripgrep is: the one on the PATH, else one that the caller knows of (an editor brings its own).
// A program inside the workspace is never taken, for a cloned repository may bring anything under that name.

import { constants } from "node:fs";
import { access, realpath } from "node:fs/promises";
import { delimiter, isAbsolute, join, sep } from "node:path";

/** Absolute path of ripgrep, or undefined where there is none that may be used. `root` is the workspace's real path. */
export async function findRipgrep(path: string | undefined, root: string, bundled: readonly string[] = []): Promise<string | undefined> {
  const name = process.platform === "win32" ? "rg.exe" : "rg";
  const folders = (path ?? "").split(delimiter).filter(isAbsolute);
  for (const candidate of [...folders.map((folder) => join(folder, name)), ...bundled]) {
    const found = await runnable(candidate);
    if (found !== undefined && !found.startsWith(root.endsWith(sep) ? root : root + sep)) return candidate;
  }
  return undefined;
}

async function runnable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return await realpath(path);
  } catch {
    return undefined;
  }
}
