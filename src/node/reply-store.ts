// Replies of models on disk, one file each, named by the request's digest. Bounded in number and bytes: the ones longest unused go first.
// Losing one is no harm, so nothing is synced and no trouble here stops a call; a file that is cut short is as good as none.

import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Replies } from "../agent/model/cache.ts";
import { privateFile, privateFolder } from "./state-home.ts";

export interface ReplyStoreOptions {
  readonly folder: string;
  readonly mostFiles?: number;
  readonly mostBytes?: number;
}

const Usage = z.object({ input: z.number(), output: z.number() });
const KeptFile = z.object({
  v: z.literal(1),
  at: z.number(),
  reply: z.object({
    text: z.string(),
    calls: z.array(z.object({ id: z.string(), tool: z.string(), args: z.string() })),
    usage: Usage,
    model: z.string(),
    finish: z.enum(["stop", "calls", "length", "filter"]),
    native: z.json().optional(),
  }),
  answer: z.json().optional(),
});

/** A larger reply is no use to keep. */
const mostReply = 2 * 2 ** 20;
/** Looking at every file is done once for so many that were added. */
const sweepEvery = 50;

export function replyStore({ folder, mostFiles = 2000, mostBytes = 50 * 2 ** 20 }: ReplyStoreOptions): Replies {
  let added = 0;
  const pathOf = (key: string): string => join(folder, `${key}.json`);
  return {
    get: async (key) => {
      try {
        const path = pathOf(key);
        const parsed = KeptFile.safeParse(JSON.parse(await readFile(path, "utf8")));
        if (!parsed.success) return undefined;
        const now = new Date();
        await utimes(path, now, now);
        const { at, reply, answer } = parsed.data;
        return { at, reply, ...(answer === undefined ? {} : { answer }) };
      } catch {
        return undefined;
      }
    },
    put: async (key, kept) => {
      try {
        const text = JSON.stringify({ v: 1, ...kept });
        if (text.length > mostReply) return;
        await mkdir(folder, { recursive: true, mode: privateFolder });
        const draft = join(folder, `.${key}.${process.pid}.tmp`);
        await writeFile(draft, text, { mode: privateFile });
        await rename(draft, pathOf(key));
        if (added++ % sweepEvery === 0) await sweep(folder, { mostFiles, mostBytes });
      } catch {
        // A full disk, a folder that cannot be written: the reply is in the journal anyway.
      }
    },
  };
}

async function sweep(folder: string, { mostFiles, mostBytes }: { readonly mostFiles: number; readonly mostBytes: number }): Promise<void> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      const facts = await stat(join(folder, name)).catch(() => undefined);
      return { name, size: facts?.size ?? 0, used: facts?.mtimeMs ?? 0 };
    }),
  );
  let bytes = 0;
  for (const [at, { name, size }] of files.sort((a, b) => b.used - a.used).entries()) {
    bytes += size;
    if (at >= mostFiles || bytes > mostBytes) await rm(join(folder, name), { force: true });
  }
}
