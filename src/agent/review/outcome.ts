// A reviewed call becomes the change that is written: read from the images that were shown, never computed anew, and brought over to
// what the files hold by now. Touches nothing.

import type { ApprovalRequest } from "../approval.ts";
import type { FileImage } from "../file-image.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Change } from "../tool/tool.ts";
import type { World } from "../world.ts";
import { compose } from "./compose.ts";
import type { HunkAnswer } from "./decision.ts";
import { type ReviewFile, reviewFile } from "./file.ts";
import { toldOf, whatOf } from "./told.ts";

export interface Reviewed {
  /** Only the files of which something was accepted. */
  readonly changes: readonly Change[];
  /** What the model hears of the review; absent where all was accepted as it was. */
  readonly told: string | undefined;
}

/** The files of a request as they were shown. Faults: the request shows none, or an image is gone. */
export async function shownFiles(world: Pick<World, "blobs">, request: ApprovalRequest): Promise<Result<readonly ReviewFile[]>> {
  if (!request.touches) return fail("missing", "This question shows no change.");
  const files: ReviewFile[] = [];
  for (const { path, shown, before, after, modeAfter } of request.touches) {
    const [old, now] = await Promise.all([imageOf(world, before), imageOf(world, after)]);
    if (!old.ok) return old;
    if (!now.ok) return now;
    files.push(reviewFile({ path, shown, before: old.value, after: now.value, ...(modeAfter === undefined ? {} : { mode: modeAfter }) }));
  }
  return ok(files);
}

/** Faults `stale` when a file was changed just where a hunk goes and the person has not seen that. */
export async function reviewed(
  world: World,
  { request, answers }: { readonly request: ApprovalRequest; readonly answers: readonly HunkAnswer[] },
  signal: AbortSignal,
): Promise<Result<Reviewed>> {
  const files = await shownFiles(world, request);
  if (!files.ok) return files;
  const changes: Change[] = [];
  for (const file of files.value) {
    const image = await world.files.read(file.path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
    if (!image.ok && image.fault.kind !== "missing") return image;
    const current = image.ok ? image.value : null;
    const composed = compose(file, answers, current?.bytes ?? null);
    if (!composed.ok) return composed;
    if (composed.value.is === "conflict") return fail("stale", conflictText(file, composed.value.hunks));
    if (composed.value.is === "written") changes.push({ ...asChange(file, current), after: composed.value.after });
    // Where only the permission bits change, there is nothing to write.
    else if (file.mode !== undefined && file.mode !== current?.mode && current && isWanted(file, answers))
      changes.push({ ...asChange(file, current), after: current.bytes });
  }
  return ok({ changes, told: toldOf(files.value, answers) });
}

const asChange = ({ path, shown, mode }: ReviewFile, before: FileImage | null): Omit<Change, "after"> =>
  mode === undefined ? { path, shown, before } : { path, shown, before, mode };

const isWanted = ({ shown }: ReviewFile, answers: readonly HunkAnswer[]): boolean =>
  answers.some(({ file, decision }) => file === shown && decision !== null && decision.is !== "rejected");

const conflictText = (file: ReviewFile, hunks: readonly number[]): string =>
  `The user changed ${hunks.map((hunk) => whatOf(file, hunk)).join("; ")} meanwhile, so nothing was written; read it again and propose the change anew.`;

async function imageOf({ blobs }: Pick<World, "blobs">, digest: string | null): Promise<Result<Uint8Array | null>> {
  return digest === null ? ok(null) : blobs.get(digest);
}
