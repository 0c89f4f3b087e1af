// The Files port on a real disk. Owns the order of swaps: two of one file never run at once in this process.
// Nothing here judges: a path outside the workspace is served like any other, for whoever calls has asked the policy.

import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname } from "node:path";
import { fail, ok, type Result } from "../agent/result.ts";
import type { FileImage } from "../agent/file-image.ts";
import type { Files, Listing, Place } from "../agent/world.ts";
import { refused } from "./errno.ts";
import { locateAgain, locateBelow, rootGone } from "./files/locate.ts";
import { noFile, readImage } from "./files/read-image.ts";
import { swapTogether } from "./files/swap-all.ts";
import { staleFile, type Swap, swapFile, sweepFolder } from "./files/swap-file.ts";
import { walk } from "./files/walk.ts";

/** The files of a workspace folder, which may be named through a link. A folder that is not there is a fault. */
export async function openFiles(workspace: string): Promise<Result<Files>> {
  let root: string;
  try {
    root = await realpath(workspace);
  } catch (error) {
    return refused(`The workspace folder ${workspace} could not be opened`, error);
  }
  const locate = locateBelow(root);
  const swaps = new SwapQueue();
  const swapOne = async (path: string, swap: Swap): Promise<Result<void>> => {
    const place = await locateAgain(locate, path);
    if (!place.ok) return place;
    return place.value.real === root ? noFile(place.value) : swaps.run(place.value, swap);
  };
  const readNow = async (path: string): Promise<Result<FileImage | null>> => {
    const place = await locateAgain(locate, path);
    const image = place.ok ? await readImage(place.value, Number.POSITIVE_INFINITY, new AbortController().signal) : place;
    return !image.ok && image.fault.kind === "missing" ? ok(null) : image;
  };
  return ok({
    root,
    home: homedir(),
    locate,
    read: async (path, { maxBytes }, signal) => {
      const place = await locateAgain(locate, path);
      return place.ok ? readImage(place.value, maxBytes, signal) : place;
    },
    swap: (path, before, after, mode) => swapOne(path, { before, after, mode }),
    swapAll: (all) =>
      swapTogether(
        {
          read: readNow,
          swap: ({ path, before, after, mode, chmod }) => swapOne(path, { before, after, mode, chmod }),
          stale: async (path, now) => {
            const place = await locate(path);
            return place.ok ? staleFile(place.value, now) : place;
          },
        },
        all,
      ),
    list: async (path, options, signal) => {
      const place = await locateAgain(locate, path);
      return place.ok ? list(root, place.value, options, signal) : place;
    },
  });
}

class SwapQueue {
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #swept = new Set<string>();

  async run(place: Place, swap: Swap): Promise<Result<void>> {
    await this.#sweep(dirname(place.real));
    const mine = (this.#last.get(place.real) ?? Promise.resolve()).then(() => swapFile(place, swap));
    const settled = mine.catch(() => undefined);
    this.#last.set(place.real, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(place.real) === settled) this.#last.delete(place.real);
    }
  }

  /** Once per folder: what an earlier process left when it was killed in the middle of a swap. */
  async #sweep(folder: string): Promise<void> {
    if (this.#swept.has(folder)) return;
    this.#swept.add(folder);
    await sweepFolder(folder);
  }
}

async function list(
  root: string,
  place: Place,
  { depth, limit }: { readonly depth: number; readonly limit: number },
  signal: AbortSignal,
): Promise<Result<Listing>> {
  signal.throwIfAborted();
  if (place.kind === "missing")
    return place.real === root ? rootGone(root) : fail("missing", `${place.shown} does not exist; list the folder above it.`);
  if (place.kind !== "folder") return fail("invalid", `${place.shown} is not a folder; read it instead.`);
  const [base, start, prefix] = place.inside ? [root, place.real === root ? "" : place.shown, ""] : [place.real, "", `${place.real}/`];
  const entries: string[] = [];
  try {
    for await (const { path, kind } of walk(base, start, depth, signal)) {
      if (entries.length === limit) return ok({ entries: entries.sort(), truncated: true });
      entries.push(`${prefix}${path}${kind === "folder" ? "/" : ""}`);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return refused(`${place.shown} could not be listed`, error);
  }
  return ok({ entries: entries.sort(), truncated: false });
}
