// One private copy and the trials run in it one after another. Puts a candidate's files in, and puts back what was there.
// What ran in the copy may have left anything behind, links included: a copy whose folders are not what they were is made anew.

import { lstat, mkdir, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Result } from "../../agent/result.ts";
import { type CopyPlan, makeCopy } from "./copy.ts";

export class Lane {
  readonly #copy: string;
  readonly #plan: CopyPlan;
  readonly #packages: "mount" | "link";
  /** Every path tried so far as it was before; null where there was nothing. */
  readonly #originals = new Map<string, Original | null>();

  constructor(copy: string, plan: CopyPlan, packages: "mount" | "link") {
    this.#copy = copy;
    this.#plan = plan;
    this.#packages = packages;
  }

  async run<T>(files: Readonly<Record<string, string>>, work: (copy: string) => Promise<Result<T>>): Promise<Result<T>> {
    const paths = Object.keys(files);
    if (!(await this.#isSound(paths))) await this.#renew();
    for (const path of paths) if (!this.#originals.has(path)) this.#originals.set(path, await original(join(this.#copy, path)));
    for (const [path, text] of Object.entries(files)) await this.#put(path, text);
    try {
      return await work(this.#copy);
    } finally {
      if (await this.#isSound(paths)) for (const path of paths) await this.#restore(path);
    }
  }

  /** Whether every path still leads to where it led when the copy was made. */
  async #isSound(paths: readonly string[]): Promise<boolean> {
    for (const folder of new Set(paths.map((path) => dirname(join(this.#copy, path))))) {
      const real = await realpath(folder).catch(() => undefined);
      if (real !== folder) return false;
    }
    return true;
  }

  async #renew(): Promise<void> {
    await rm(this.#copy, { recursive: true, force: true });
    await mkdir(this.#copy);
    await makeCopy(this.#plan, this.#copy, this.#packages, new AbortController().signal);
  }

  async #restore(path: string): Promise<void> {
    const before = this.#originals.get(path);
    if (before) await this.#put(path, before.bytes);
    else await rm(join(this.#copy, path), { recursive: true, force: true });
  }

  /** Always a new file, so that whatever stands there now, a link for one, is not written through. */
  async #put(path: string, text: string | Uint8Array): Promise<void> {
    const to = join(this.#copy, path);
    const before = this.#originals.get(path);
    await rm(to, { recursive: true, force: true });
    await writeFile(to, text, { flag: "wx", mode: before?.mode ?? 0o644 });
    const now = Date.now();
    // caches that compare whole seconds must see a change; makefiles must see a newer file
    if (before && Math.floor(before.modified / 1000) === Math.floor(now / 1000)) {
      await utimes(to, now / 1000, now / 1000 + 1);
    }
  }
}

interface Original {
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly modified: number;
}

async function original(path: string): Promise<Original | null> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return null;
  return { bytes: await readFile(path), mode: found.mode & 0o777, modified: found.mtimeMs };
}
