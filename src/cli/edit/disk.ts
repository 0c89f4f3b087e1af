// Edits of files on disk by compare-and-swap: what was read is what is replaced, or nothing is. Several files are changed together
// or none is.

import { isAbsolute, relative, resolve } from "node:path";
import { type Applied, applyBlocks, type Block } from "../../agent/edit/blocks.ts";
import { applyPatch, pathsOf } from "../../agent/edit/patch.ts";
import type { FileChange } from "../../agent/edit/patch-desk.ts";
import { type Decoded, decode, encodeLike } from "../../agent/edit/text.ts";
import { type Fault, fail, ok, type Result } from "../../agent/result.ts";
import type { FileImage } from "../../agent/file-image.ts";
import type { Files, FileSwap, Place } from "../../agent/world.ts";
import { type FailedAnswer, failedAnswer } from "./answer.ts";

/** Larger files are not edited as text. */
const maxBytes = 50_000_000;

export interface Disk {
  readonly files: Files;
  /** False: answers what would be, and writes nothing. */
  readonly write: boolean;
}

export interface EditAnswer {
  readonly ok: boolean;
  /** The file's text with every block that fits. */
  readonly text?: string;
  /** Texts of the changed files by path, with every hunk that fits. */
  readonly files?: Readonly<Record<string, string>>;
  readonly deleted?: readonly string[];
  /** How many blocks or hunks fit. */
  readonly applied: number;
  readonly failed: readonly FailedAnswer[];
  /** How each block was matched. */
  readonly matched?: readonly Applied[];
  readonly written: boolean;
  /** Why nothing was written, where it is not for a block or hunk. */
  readonly reason?: string;
}

interface Read {
  readonly place: Place;
  readonly image: FileImage | null;
  readonly decoded: Decoded | undefined;
}

/** Applies blocks to one file. A file that does not exist yet counts as empty. */
export async function editFile({ files, write }: Disk, path: string, blocks: readonly Block[], signal: AbortSignal): Promise<EditAnswer> {
  const read = await readText(files, path, signal);
  if (!read.ok) return refused(read.fault);
  const { place, image, decoded } = read.value;
  if (leadsOut(files.root, path, place)) {
    return refused({ message: `${path} leads out of the workspace, to ${place.real}; name that file itself if it is meant.` });
  }
  if (!image && !blocks.some((block) => block.search === "")) {
    return refused({ message: `${place.shown} does not exist; to create it, give one block with an empty search.` });
  }
  const outcome = applyBlocks(decoded?.text ?? "", blocks);
  const found = { text: outcome.text, applied: outcome.applied.length, failed: outcome.failed.map(failedAnswer), matched: outcome.applied };
  const after = encodeLike(outcome.text, decoded);
  if (!after.ok) return { ok: false, ...found, written: false, reason: after.fault.message };
  if (!outcome.ok || !write) return { ok: outcome.ok, ...found, written: false };
  const swapped = await files.swap(place.real, image?.digest ?? null, after.value);
  return swapped.ok ? { ok: true, ...found, written: true } : { ok: false, ...found, written: false, reason: swapped.fault.message };
}

/** Applies a patch to the files of the workspace; it cannot leave it. */
export async function editFiles({ files, write }: Disk, patch: string, signal: AbortSignal): Promise<EditAnswer> {
  const named = pathsOf(patch);
  if (!named.ok) return refused(named.fault);
  const read = new Map<string, Read>();
  for (const path of named.value) {
    const one = await readText(files, path, signal);
    if (!one.ok) return refused({ message: `${path}: ${one.fault.message}` });
    read.set(path, one.value);
  }
  const inside = [...read].filter(([, { place }]) => place.inside);
  const texts = inside.flatMap(([path, { decoded }]): [string, string][] => (decoded ? [[path, decoded.text]] : []));
  const outcome = applyPatch(new Map(texts), patch);
  if (!outcome.ok) return refused(outcome.fault);
  const { changes, applied, failed } = outcome.value;
  const found = { ...describe(changes), applied, failed: failed.map(failedAnswer) };
  const outside = [...changes.map(({ path }) => path), ...failed.map(({ path }) => path)].find(
    (path) => read.get(path)?.place.inside === false,
  );
  if (outside !== undefined)
    return { ok: false, ...found, written: false, reason: `${outside} lies outside the workspace; a patch cannot change it.` };
  const swaps = plan(changes, read);
  if (!swaps.ok) return { ok: false, ...found, written: false, reason: swaps.fault.message };
  if (!outcome.value.ok || !write) return { ok: outcome.value.ok, ...found, written: false };
  const done = await files.swapAll(swaps.value);
  return done.ok ? { ok: true, ...found, written: true } : { ok: false, ...found, written: false, reason: done.fault.message };
}

const refused = ({ message }: Pick<Fault, "message">): EditAnswer => ({
  ok: false,
  applied: 0,
  failed: [],
  written: false,
  reason: message,
});

/** A path that looks like one of the workspace but is not, by way of a link. */
const leadsOut = (root: string, path: string, place: Place): boolean => {
  const below = relative(root, resolve(root, path));
  return !place.inside && !below.startsWith("..") && !isAbsolute(below);
};

async function readText(files: Files, path: string, signal: AbortSignal): Promise<Result<Read>> {
  const place = await files.locate(path);
  if (!place.ok) return place;
  if (place.value.kind === "missing") return ok({ place: place.value, image: null, decoded: undefined });
  const image = await files.read(place.value.real, { maxBytes }, signal);
  if (!image.ok) return image;
  const decoded = decode(image.value.bytes);
  return decoded.ok
    ? ok({ place: place.value, image: image.value, decoded: decoded.value })
    : fail("invalid", `${place.value.shown}: ${decoded.fault.message}`);
}

function describe(changes: readonly FileChange[]): Pick<EditAnswer, "files" | "deleted"> {
  const files = Object.fromEntries(changes.flatMap((change) => (change.kind === "delete" ? [] : [[change.path, change.text]])));
  const deleted = changes.flatMap((change) => (change.kind === "delete" ? [change.path] : []));
  return deleted.length > 0 ? { files, deleted } : { files };
}

/** Each change as a swap from what was read. A renamed file is stored like its origin. */
function plan(changes: readonly FileChange[], read: ReadonlyMap<string, Read>): Result<readonly FileSwap[]> {
  const swaps: FileSwap[] = [];
  for (const change of changes) {
    const target = read.get(change.path);
    if (!target) throw new Error(`${change.path} was not read`);
    const path = target.place.real;
    if (change.kind === "delete") {
      swaps.push({ path, before: target.image?.digest ?? null, after: null });
      continue;
    }
    const origin = change.from === undefined ? target : read.get(change.from);
    const after = encodeLike(change.text, origin?.decoded);
    if (!after.ok) return fail("invalid", `${change.path}: ${after.fault.message}`);
    const mode = change.mode ?? (change.from === undefined ? undefined : origin?.image?.mode);
    const permissions = mode === undefined ? {} : target.image ? { chmod: mode } : { mode };
    swaps.push({ path, before: target.image?.digest ?? null, after: after.value, ...permissions });
  }
  return ok(swaps);
}
