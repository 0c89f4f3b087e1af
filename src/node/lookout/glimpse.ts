// The files of a workspace at one moment, by size, times and identity: what two looks differ in has changed in between. Ignored files
// and packages are passed over, links are told of and not followed. Bounded in number and time; a look that was cut short says so.

import { lstatSync, readdirSync, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { codeOf } from "../errno.ts";
import { rulesAbove } from "../files/ignore-rules.ts";

export interface Trace {
  readonly kind: "file" | "link";
  /** Differs after any change of content, permissions or identity. */
  readonly key: string;
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
}

export interface Glimpse {
  /** By path relative to the root, with forward slashes. */
  readonly files: ReadonlyMap<string, Trace>;
  /** Why not everything was looked at. */
  readonly cut: string | undefined;
}

export interface GlimpseBounds {
  readonly files: number;
  readonly ms: number;
}

/** How long it works before whoever else lives in this process gets a turn. */
const sliceMs = 8;

export async function glimpse(root: string, bounds: GlimpseBounds, signal: AbortSignal): Promise<Glimpse> {
  const files = new Map<string, Trace>();
  const began = performance.now();
  let slice = began;
  const open = [{ folder: "", above: await rulesAbove(root, "", signal) }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { folder, above } = next;
    if (performance.now() - slice > sliceMs) {
      await setImmediate();
      signal.throwIfAborted();
      slice = performance.now();
    }
    if (performance.now() - began > bounds.ms) return { files, cut: `looking at all files takes longer than ${bounds.ms / 1000} s` };
    const entries = entriesOf(join(root, folder));
    const rules = await above.with(
      folder,
      entries.map((entry) => entry.name),
      signal,
    );
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (rules.ignores(path, entry.isDirectory() ? "folder" : "file")) continue;
      if (entry.isDirectory()) open.push({ folder: path, above: rules });
      else if (entry.isFile() || entry.isSymbolicLink()) {
        if (files.size === bounds.files) return { files, cut: `there are more than ${bounds.files.toLocaleString("en")} files` };
        const trace = traceOf(join(root, path));
        if (trace) files.set(path, trace);
      }
    }
  }
  return { files, cut: undefined };
}

/** Undefined where there is no file and no link. */
export function traceOf(path: string): Trace | undefined {
  try {
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) return { ...facts(stats), kind: "link", key: `link ${readlinkSync(path)}` };
    return stats.isFile() ? { ...facts(stats), kind: "file", key: keyOf(stats) } : undefined;
  } catch (error) {
    if (unseen.includes(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

/** The same for the same content of the same file: times are told to less than a microsecond. */
export const keyOf = ({ dev, ino, size, mtimeMs, ctimeMs, mode }: Stats): string => `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs} ${mode}`;

const facts = (stats: Stats): Omit<Trace, "kind" | "key"> => ({
  size: stats.size,
  mode: stats.mode & 0o7777,
  mtimeMs: stats.mtimeMs,
});

const unseen: readonly string[] = ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP"];

function entriesOf(path: string): ReturnType<typeof listing> {
  try {
    return listing(path);
  } catch (error) {
    if (unseen.includes(codeOf(error) ?? "")) return [];
    throw error;
  }
}

const listing = (path: string) => readdirSync(path, { withFileTypes: true });
