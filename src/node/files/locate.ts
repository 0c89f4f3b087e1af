// Makes paths real: every link followed, "..", case and missing last parts settled, so that what is judged is what is touched.
// A path is first taken as written ("a/../b" is "b"), as editors do, and then followed on disk. Nothing is opened or created.

import type { Stats } from "node:fs";
import { lstat, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Place } from "../../agent/world.ts";
import { codeOf, isMissing, refused } from "../errno.ts";
import { malformed } from "./path-form.ts";
import { spell } from "./spelling.ts";

export type Locate = (path: string) => Promise<Result<Place>>;

/** Locates paths relative to the root, which must be an absolute real path. */
export function locateBelow(root: string): Locate {
  return async (path) => {
    const wrong = malformed(path, process.platform);
    if (wrong !== undefined) return fail("invalid", `The path ${JSON.stringify(path)} ${wrong}.`);
    try {
      const real = await makeReal(resolve(root, path), root);
      const stats = await lstat(real).catch(ifMissing);
      // Without its root a workspace has no files at all, which must not pass for one file that is missing.
      if (stats === undefined && (await lstat(root).catch(ifMissing)) === undefined) return rootGone(root);
      return ok(placeAt(root, real, stats));
    } catch (error) {
      return refused(`The path ${path} cannot be followed`, error);
    }
  };
}

/**
 * Locates a path that is about to be touched. An absolute one must have come from `locate`: if a link has taken the place of one of its
 * parts since, that is a `stale` fault, so that nothing is touched but what was judged. A relative one is followed.
 */
export async function locateAgain(locate: Locate, path: string): Promise<Result<Place>> {
  const place = await locate(path);
  if (!place.ok || !isAbsolute(path) || place.value.real === resolve(path)) return place;
  return fail("stale", `${path} is really ${place.value.real}; use that path, and have it judged anew.`);
}

export const rootGone = (root: string): ReturnType<typeof fail> =>
  fail("unavailable", `The workspace folder ${root} is gone; restore it, or start again in another folder.`);

/** As many links as Linux follows. */
const mostLinks = 40;

async function makeReal(path: string, root: string): Promise<string> {
  const missing: string[] = [];
  let known = path;
  for (let links = 0; ; ) {
    try {
      const real = await realpath(known);
      const spelled = process.platform === "win32" ? real : await spell(real, root);
      return join(spelled, ...missing.reverse());
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const target = await readlink(known).catch(ifNoLink);
    if (target === undefined) {
      missing.push(basename(known));
      known = dirname(known);
    } else {
      // A link to what does not exist yet: writing would create its target, so the target is the place.
      if (++links > mostLinks) throw Object.assign(new Error(`too many links: ${path}`), { code: "ELOOP" });
      known = resolve(await realpath(dirname(known)), target);
    }
  }
}

function placeAt(root: string, real: string, stats: Stats | undefined): Place {
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  const shown = inside ? relative(root, real).split(sep).join("/") || "." : real;
  return { real, shown, inside, kind: kindOf(stats) };
}

function kindOf(stats: Stats | undefined): Place["kind"] {
  if (stats === undefined) return "missing";
  return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function ifNoLink(error: unknown): undefined {
  // EINVAL: there is something, but no link; it vanished or came while we looked.
  if (!isMissing(error) && codeOf(error) !== "EINVAL") throw error;
}
