// Changes that an imported run made elsewhere, as changes of this workspace: so that a person can put back here what a copy of the same
// files holds. A journal from elsewhere is not believed: only what lies inside the workspace counts, and nothing that programs obey.

import { compileGlob, compilePath, meets } from "./policy/glob.ts";
import { obeyed, ownFiles, repository } from "./policy/places.ts";
import type { Left, Touch } from "./touch.ts";

export interface Relocated {
  readonly touches: readonly Touch[];
  /** What cannot be put back here, and why. */
  readonly left: readonly Left[];
}

/** `from` and `to` are the absolute folders of the workspace there and here. */
export function relocate(touches: readonly Touch[], from: string, to: string): Relocated {
  const here: Touch[] = [];
  const left: Left[] = [];
  for (const touch of touches) {
    const inside = insideOf(touch.path, from);
    if (inside === undefined) left.push({ shown: touch.shown, why: "it lies outside the workspace that the run was imported from." });
    else if (isObeyed(inside)) left.push({ shown: inside, why: "programs obey this file, and the run was imported." });
    else here.push({ ...touch, path: `${to.replace(/[\\/]$/, "")}/${inside}`, shown: inside });
  }
  return { touches: here, left };
}

/** The way to it from the folder, with "/"; undefined where it is not below it. */
function insideOf(path: string, folder: string): string | undefined {
  const [plain, base] = [path, folder].map((one) => one.replaceAll("\\", "/").replace(/\/$/, "")) as [string, string];
  if (!plain.startsWith(`${base}/`)) return undefined;
  const inside = plain.slice(base.length + 1);
  return inside.split("/").some((part) => part === "" || part === "." || part === "..") ? undefined : inside;
}

const isObeyed = (path: string): boolean =>
  [...repository, ...ownFiles, ...obeyed].some((pattern) => meets(compileGlob(pattern), compilePath(path), "folded"));
