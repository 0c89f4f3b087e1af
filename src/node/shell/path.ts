// Where one path lies in relation to another. Both absolute and already made real.

import { sep } from "node:path";

/** Whether `path` is the folder itself or lies below it. */
export function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
