// Writing so that it survives a power cut: content is synced before it gets its name, and the name is synced too.
// Owns nothing; every durable file of ours (blobs, documents, runs) is made through here.

import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, isMissing } from "./errno.ts";

/**
 * Makes a folder and what is missing above it, all with the mode given, and syncs each new name. Not by mkdir's own `recursive`:
 * where the system makes no folders at all (/proc), Node's never ends.
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const above = dirname(path);
  for (let tries = 0; ; tries++) {
    try {
      await mkdir(path, { mode });
      return await syncFolder(above);
    } catch (error) {
      if (await isFolder(path)) return;
      // What was missing above may be there by now, made by somebody else: one more try tells that from a place where none can be made.
      if (!isMissing(error) || above === path || tries > 0) throw error;
      if (!(await isFolder(above))) await makeFolder(above, mode);
    }
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Makes the names inside a folder durable. Where the system cannot sync a folder (Windows) it has no need to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await syncNames(folder);
  } finally {
    await folder.close();
  }
}

/** The same for a folder that is open. Some network file systems refuse it, having nothing to sync. */
export async function syncNames(folder: FileHandle): Promise<void> {
  try {
    await folder.sync();
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
  }
}

/** Replaces a file as a whole: readers see the old content or the new, a crash leaves one of them. */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const temporary = `${path}.${process.pid}-${Math.random().toString(36).slice(2, 10)}.new`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
