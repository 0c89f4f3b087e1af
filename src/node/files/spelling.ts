// The true spelling of a path where a folder does not tell upper from lower case, so that ".GIT" cannot pass for something else than ".git".
// Windows answers it itself when asked for the real path; others may repeat what they were asked, hence this.

import { lstat, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { isMissing } from "../errno.ts";

/** What must be asked of the disk; a parameter, since few machines have a case-folding folder to test with. */
export interface SpellingDisk {
  /** Whether both paths exist and are one file. */
  same(a: string, b: string): Promise<boolean>;
  list(folder: string): Promise<readonly string[]>;
}

/** Spells the part of an existing real path below `root` as its folders do. */
export async function spell(path: string, root: string, disk: SpellingDisk = realDisk): Promise<string> {
  const names = relative(root, path).split(sep);
  if (names[0] === ".." || names[0] === "") return path;
  // Where case is not told apart a folder is found by any spelling, so every part can be asked about at once.
  return join(root, ...(await Promise.all(names.map((name, i) => spellName(join(root, ...names.slice(0, i)), name, disk)))));
}

async function spellName(folder: string, name: string, disk: SpellingDisk): Promise<string> {
  const swapped = swapCase(name);
  // A folder that tells case apart has no such neighbour, so this is the only question asked of nearly every folder.
  if (swapped === name || !(await disk.same(join(folder, name), join(folder, swapped)))) return name;
  const entries = await disk.list(folder);
  if (entries.includes(name)) return name;
  return entries.find((entry) => foldCase(entry) === foldCase(name)) ?? name;
}

const foldCase = (name: string): string => name.normalize("NFC").toLowerCase();

function swapCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}

const realDisk: SpellingDisk = {
  same: async (a, b) => {
    try {
      const other = await lstat(b);
      const one = await lstat(a);
      return one.ino === other.ino && one.dev === other.dev;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  },
  list: (folder) => readdir(folder),
};
