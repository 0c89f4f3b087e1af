// What the operating system's refusals mean, said once, in words that tell what to do next.
// Only the system's own errors become faults; anything else is a bug and goes on being thrown.

import { type Fault, fail } from "../agent/result.ts";

/** Why the system refused: `reason` completes "could not be written: …", `remedy` is what a person can do about it. */
export interface Refusal {
  readonly kind: Fault["kind"];
  readonly reason: string;
  readonly remedy: string;
  readonly retry: boolean;
}

const refusal = (kind: Fault["kind"], reason: string, remedy: string, retry = false): Refusal => ({ kind, reason, remedy, retry });

const refusals: ReadonlyMap<string, Refusal> = new Map([
  ["ENOENT", refusal("missing", "it does not exist", "check the path")],
  ["EACCES", refusal("denied", "permission denied", "change its permissions or choose another place")],
  ["EPERM", refusal("denied", "the system does not permit it", "change its permissions or choose another place")],
  ["EROFS", refusal("denied", "the file system is read-only", "choose another place")],
  ["ENOSPC", refusal("unavailable", "no space left on device", "free some, then try again", true)],
  ["EDQUOT", refusal("unavailable", "the disk quota is used up", "free some space, then try again", true)],
  ["EIO", refusal("unavailable", "the disk reported an error", "check the disk, then try again", true)],
  ["EMFILE", refusal("unavailable", "too many files are open", "close some, then try again", true)],
  ["ENFILE", refusal("unavailable", "too many files are open", "close some, then try again", true)],
  ["EBUSY", refusal("unavailable", "another program holds it", "close that program, then try again", true)],
  ["ETXTBSY", refusal("unavailable", "it is a program that is running", "stop it, then try again", true)],
  ["ESTALE", refusal("unavailable", "the network file system lost it", "mount it again, then try again", true)],
  ["EFBIG", refusal("invalid", "the file would be too large", "write less")],
  ["ERR_FS_FILE_TOO_LARGE", refusal("invalid", "the file is too large", "leave it alone")],
  ["EEXIST", refusal("invalid", "something of that name exists already", "choose another name")],
  ["EISDIR", refusal("invalid", "it is a folder", "name a file")],
  ["ENOTDIR", refusal("invalid", "a part of the path is a file, not a folder", "check the path")],
  ["ELOOP", refusal("invalid", "its symbolic links lead in a circle", "name the real file")],
  ["ENAMETOOLONG", refusal("invalid", "the name is too long", "choose a shorter one")],
  ["EILSEQ", refusal("invalid", "this file system cannot hold such a name", "choose another name")],
  ["EINVAL", refusal("invalid", "the system does not accept the name", "choose another name")],
]);

/** The system's code of a failed operation, such as "ENOENT". */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";

/** Why the system refused, in words; its own words where the code is not a common one. */
export function reasonOf(error: unknown): string {
  return refusals.get(codeOf(error) ?? "")?.reason ?? (error instanceof Error ? error.message : String(error));
}

/** What a failed operation means; throws the error again if it is no refusal of the system. */
function explain(error: unknown): Refusal {
  const code = codeOf(error) ?? "";
  const known = refusals.get(code);
  if (known) return known;
  if (!isUncommon(error, code)) throw error;
  return refusal("unavailable", `the system answered ${code}`, "choose another, or try again later");
}

/** Devices and strange file systems answer with codes of their own. A bad handle or address, though, is a mistake of ours. */
const isUncommon = (error: unknown, code: string): boolean =>
  /^E[A-Z0-9]+$/.test(code) && code !== "EBADF" && code !== "EFAULT" && error instanceof Error && "syscall" in error;

/** A failed Result: "`what`: reason; remedy." Throws the error again if it is a bug. */
export function refused(what: string, error: unknown): ReturnType<typeof fail> {
  const { kind, reason, remedy, retry } = explain(error);
  return fail(kind, `${what}: ${reason}; ${remedy}.`, { retry });
}
