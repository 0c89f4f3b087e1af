// Walks folders level by level, passing over what is to be ignored. Links are told of and never followed, so a walk ends and stays inside.

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf } from "../errno.ts";
import { type IgnoreRules, rulesAbove } from "./ignore-rules.ts";

export interface Walked {
  /** Relative to the base with forward slashes. */
  readonly path: string;
  readonly kind: "file" | "folder" | "other";
}

/**
 * Yields what lies below `start` (relative to `base`; "" is the base itself), a folder's own entries in order before those of its
 * folders, `depth` levels deep. Folders that may not be read are told of and not entered.
 */
export async function* walk(base: string, start: string, depth: number, signal: AbortSignal): AsyncGenerator<Walked, void, undefined> {
  let level: { readonly folder: string; readonly above: IgnoreRules }[] = [{ folder: start, above: await rulesAbove(base, start, signal) }];
  for (let left = depth; left > 0 && level.length > 0; left--) {
    const next: typeof level = [];
    for (const { folder, above } of level) {
      signal.throwIfAborted();
      const entries = await readFolder(join(base, folder));
      const rules = await above.with(
        folder,
        entries.map((entry) => entry.name),
        signal,
      );
      for (const entry of entries) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        const kind = entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other";
        if (rules.ignores(path, kind === "folder" ? "folder" : "file")) continue;
        yield { path, kind };
        if (kind === "folder") next.push({ folder: path, above: rules });
      }
    }
    level = next;
  }
}

async function readFolder(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (["EACCES", "EPERM", "ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return [];
    throw error;
  }
}
