// Reads a whole regular file without being fooled: nothing but a regular file is waited for, no link is followed,
// and no more than the limit is taken however the file grows.

import { constants } from "node:fs";
import { type FileHandle, open, readlink } from "node:fs/promises";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { FileImage } from "../../agent/file-image.ts";
import type { Place } from "../../agent/world.ts";
import { sha256 } from "../digest.ts";
import { codeOf, refused } from "../errno.ts";

/** Never waits on a pipe or a device, never follows a link that took the place of the file. Windows has none of these flags. */
export const plainRead = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0);

/** A buffer cannot be larger. */
const mostBytes = 2 ** 31 - 1;

/** The content of a located file and its digest. Faults as for `readContent`. */
export async function readImage(place: Place, maxBytes: number, signal: AbortSignal): Promise<Result<FileImage>> {
  const content = await readContent(place, maxBytes, signal);
  return content.ok ? ok({ ...content.value, digest: sha256(content.value.bytes) }) : content;
}

type Content = Omit<FileImage, "digest">;

/** The content of a located file. Faults: missing; invalid (no regular file, or larger than `maxBytes`); stale (its path leads elsewhere now). */
export async function readContent(place: Place, maxBytes: number, signal: AbortSignal): Promise<Result<Content>> {
  signal.throwIfAborted();
  if (place.kind === "missing") return fail("missing", `${place.shown} does not exist; list the folder to see what does.`);
  if (place.kind !== "file") return noFile(place);
  try {
    const file = await open(place.real, plainRead);
    try {
      return await readOpened(file, place, Math.min(maxBytes, mostBytes), signal);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return codeOf(error) === "ELOOP" ? leadsElsewhere(place) : refused(`${place.shown} could not be read`, error);
  }
}

export const noFile = ({ kind, shown }: Place): ReturnType<typeof fail> =>
  fail(
    "invalid",
    kind === "folder" ? `${shown} is a folder; name a file in it.` : `${shown} is a pipe, socket or device, not a file; leave it alone.`,
  );

export const leadsElsewhere = ({ shown }: Place): ReturnType<typeof fail> =>
  fail("stale", `The path ${shown} leads elsewhere than a moment ago; look again before you touch it.`, { retry: true });

/** Whether an opened file or folder is the one the path named when it was judged. Only Linux can tell; elsewhere it is taken to be. */
export async function isStill({ fd }: FileHandle, real: string): Promise<boolean> {
  if (process.platform !== "linux") return true;
  const now = await readlink(`/proc/self/fd/${fd}`).catch(() => real);
  // A file replaced meanwhile shows as deleted; what was opened is what it held before. Where case is not told apart, the system
  // shows the spelling it was first asked for.
  const fold = (path: string): string => path.replace(/ \(deleted\)$/, "").toLowerCase();
  return now === real || fold(now) === fold(real);
}

async function readOpened(file: FileHandle, place: Place, maxBytes: number, signal: AbortSignal): Promise<Result<Content>> {
  const stats = await file.stat();
  if (!stats.isFile()) return noFile({ ...place, kind: stats.isDirectory() ? "folder" : "other" });
  if (!(await isStill(file, place.real))) return leadsElsewhere(place);
  if (stats.size > maxBytes) return tooLarge(place, stats.size, maxBytes);
  const bytes = await readUpTo(file, stats.size, maxBytes, signal);
  if (bytes === undefined) return tooLarge(place, maxBytes + 1, maxBytes);
  return ok({ bytes, mode: stats.mode & 0o7777 });
}

/** Undefined when there is more than `maxBytes`. The size expected is only a hint: files grow, and those of /proc say 0. */
async function readUpTo(file: FileHandle, expected: number, maxBytes: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
  let buffer = Buffer.allocUnsafe(Math.min(expected, maxBytes) + 1);
  for (let length = 0; ; ) {
    signal.throwIfAborted();
    if (length > maxBytes) return undefined;
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length + 4096, maxBytes + 1));
    const { bytesRead } = await file.read(buffer, length, Math.min(buffer.length - length, 8 << 20));
    if (bytesRead === 0) return new Uint8Array(buffer.buffer, buffer.byteOffset, length);
    length += bytesRead;
  }
}

function tooLarge({ shown }: Place, size: number, maxBytes: number): ReturnType<typeof fail> {
  const count = (bytes: number): string => bytes.toLocaleString("en");
  return fail(
    "invalid",
    `${shown} has ${count(size)} bytes or more, over the limit of ${count(maxBytes)}; search in it, or print a part of it with a command.`,
  );
}
