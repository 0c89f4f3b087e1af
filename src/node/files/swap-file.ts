// Replaces, creates or deletes one file if it still holds what it is believed to hold, and else touches nothing.
// Invariants: the file holds its old content or its new one, never a part; new content is on disk before it gets the name;
// the temporary file is gone whatever happens; the folder is held open, so a link put in its place cannot lead the write elsewhere.
// Swaps of one process exclude each other exactly. Another program that writes between the last look and the rename, some
// microseconds, cannot be seen: no system offers more for a file that must never be absent.

import { closeSync, constants, existsSync, fstatSync, linkSync, openSync, readFileSync, renameSync, unlinkSync } from "node:fs";
import { type FileHandle, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Place } from "../../agent/world.ts";
import { sha256 } from "../digest.ts";
import { makeFolder, syncNames } from "../durable.ts";
import { codeOf, isMissing, refused } from "../errno.ts";
import { processExists } from "../process-identity.ts";
import { isStill, leadsElsewhere, noFile, plainRead } from "./read-image.ts";

export interface Swap {
  /** Digest of the content now; null: there is no file. */
  readonly before: string | null;
  /** The content then; null: there shall be no file. */
  readonly after: Uint8Array | null;
  /** Permission bits of a file that is created; others keep theirs. */
  readonly mode: number | undefined;
  /** Permission bits that a file which is there gets. */
  readonly chmod?: number | undefined;
}

/** Swaps a located file. Faults: stale; invalid (no file); denied (read-only); unavailable (no space). */
export async function swapFile(place: Place, swap: Swap): Promise<Result<void>> {
  if (place.kind !== "file" && place.kind !== "missing") return noFile(place);
  try {
    const path = dirname(place.real);
    let folder = await openFolder(path);
    if (folder === undefined) {
      if (swap.before !== null) return staleFile(place, undefined);
      if (swap.after === null) return ok(undefined);
      await makeFolder(path, 0o777);
      folder = await openFolder(path);
      if (folder === undefined) return leadsElsewhere(place);
    }
    try {
      if (folder.handle && !(await isStill(folder.handle, path))) return leadsElsewhere(place);
      const done = await swapIn(folder.path, place, swap);
      if (done.ok && folder.handle) await syncNames(folder.handle);
      return done;
    } finally {
      await folder.handle?.close();
    }
  } catch (error) {
    if (codeOf(error) === "ELOOP" || codeOf(error) === "ENOTDIR") return leadsElsewhere(place);
    return refused(`${place.shown} could not be ${swap.after === null ? "deleted" : "written"}`, error);
  }
}

/** Names of ours in a user's folder; they live for milliseconds, and are swept up if their process was killed in them. */
const temporary = /^\.proviso-(\d+)-\w+\.tmp$/;
const temporaryName = (): string => `.proviso-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;

/** Removes the temporary files that killed processes left in a folder. */
export async function sweepFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(temporary.exec(name)?.[1]);
    if (pid > 0 && !processExists(pid)) await rm(join(folder, name), { force: true });
  }
}

async function openFolder(path: string): Promise<{ readonly handle?: FileHandle; readonly path: string } | undefined> {
  if (process.platform === "win32") return { path };
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const held = `/proc/self/fd/${handle.fd}`;
    return { handle, path: process.platform === "linux" && existsSync(held) ? held : path };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function swapIn(folder: string, place: Place, { before, after, mode, chmod }: Swap): Promise<Result<void>> {
  const target = join(folder, basename(place.real));
  const now = look(target);
  if ((now?.digest ?? null) !== before) return staleFile(place, now);
  if (now && (now.mode & 0o222) === 0 && chmod === undefined)
    return fail("denied", `${place.shown} is read-only; make it writable first, or leave it alone.`);
  if (after === null) {
    if (now) unlinkSync(target);
    return ok(undefined);
  }
  if (now && sha256(after) === before && (chmod === undefined || chmod === now.mode)) return ok(undefined);
  const draft = join(folder, temporaryName());
  try {
    await writeDraft(draft, after, now && chmod !== undefined ? { ...now, mode: chmod } : now, mode);
    return now ? replace(draft, target, place, now) : create(draft, target, place);
  } finally {
    await rm(draft, { force: true });
  }
}

interface Seen {
  readonly digest: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What stands under a name at this very moment; without a wait, so that what follows at once still finds it so. */
function look(path: string): Seen | undefined {
  let file: number;
  try {
    file = openSync(path, plainRead);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(file);
    const digest = stats.isFile() ? sha256(readFileSync(file)) : "no file";
    return { digest, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  } finally {
    closeSync(file);
  }
}

async function writeDraft(path: string, bytes: Uint8Array, like: Seen | undefined, asked: number | undefined): Promise<void> {
  const mode = like?.mode ?? asked;
  const file = await open(path, "wx", mode ?? 0o644);
  try {
    const owned = like === undefined || (await giveTo(file, like));
    // What open was given is narrowed by the umask; bits that were there, or were asked for, are set exactly.
    if (mode !== undefined) await file.chmod(owned ? mode : mode & 0o777);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the file belongs to whom it should. One that others let us write becomes ours, and must not then run as us for them. */
async function giveTo(file: FileHandle, { uid, gid }: Seen): Promise<boolean> {
  const own = await file.stat();
  if (own.uid === uid && own.gid === gid) return true;
  try {
    await file.chown(uid, gid);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EPERM") throw error;
    return false;
  }
}

function replace(draft: string, target: string, place: Place, before: Seen): Result<void> {
  const now = look(target);
  if (now?.digest !== before.digest) return staleFile(place, now);
  renameSync(draft, target);
  return ok(undefined);
}

function create(draft: string, target: string, place: Place): Result<void> {
  try {
    linkSync(draft, target);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || existsSync(target)) return staleFile(place, look(target));
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
    // A file system without hard links.
    renameSync(draft, target);
  }
  return ok(undefined);
}

/** The fault of a file that does not hold what it was believed to. */
export function staleFile({ shown }: Place, now: { readonly digest: string } | null | undefined): ReturnType<typeof fail> {
  if (!now) return fail("stale", `${shown} does not exist any more; look again and propose the change anew.`);
  return fail("stale", `${shown} holds something else than what this change was made for; read it again and propose the change anew.`);
}
