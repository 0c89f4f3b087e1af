// Looks at what may not be there, or not for us to see: absence is an answer, not an error.

import { lstatSync, readFileSync, realpathSync, type Stats } from "node:fs";

export function textOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The path with every link resolved, where it leads to something. */
export function realOrNothing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** What stands at the path itself; links are not followed. */
export function statOrNothing(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
