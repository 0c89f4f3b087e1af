// Compares what is protected before and after a command. Whatever was there is mounted read-only, so a difference is either
// something new that editors, git or agents would obey, or somebody else's doing; a person must look at both.

import { relative } from "node:path";
import type { Disturbance } from "../../agent/world.ts";
import type { Prints } from "./scan.ts";

export function audit(root: string, before: Prints, after: Prints): readonly Disturbance[] {
  const found: Disturbance[] = [];
  for (const [path, print] of after) {
    const earlier = before.get(path);
    if (earlier !== print) found.push({ path: relative(root, path), change: earlier === undefined ? "created" : "changed" });
  }
  for (const path of before.keys()) if (!after.has(path)) found.push({ path: relative(root, path), change: "removed" });
  return found;
}
