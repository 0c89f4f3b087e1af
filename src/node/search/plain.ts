// Searches by walking and reading, where there is no ripgrep. Slower, and the same answer on ordinary files.

import { join } from "node:path";
import { fail, ok } from "../../agent/result.ts";
import type { TextMatches } from "../../agent/world.ts";
import { refused } from "../errno.ts";
import { badExpression, type Catch, excerpt, type Hunt, largestSearched } from "./hunt.ts";
import { lineMatcher, RunawayPattern } from "./line-matcher.ts";
import { readContent } from "../files/read-image.ts";
import { walk } from "../files/walk.ts";

/** So many files are read at once, and matched together. */
const batchSize = 32;
/** The longest that a batch may hold up everything else. */
const patienceMs = 1000;

/** Rejects with the signal's reason as soon as it aborts, between two batches. */
export async function searchPlainly(hunt: Hunt, signal: AbortSignal): Promise<Catch> {
  const matches: TextMatches["matches"][number][] = [];
  try {
    const matcher = await lineMatcher(hunt.query, patienceMs);
    for await (const paths of batchesOf(hunt, signal)) {
      const texts = await Promise.all(paths.map((path) => readText(hunt.base, path, signal)));
      const found = matcher(texts);
      for (const [index, path] of paths.entries()) {
        for (const { line, text, column } of found[index] ?? []) {
          if (matches.length === hunt.most) return ok({ matches, truncated: true });
          matches.push({ path, line, text: excerpt(text, column) });
        }
      }
    }
    return ok({ matches, truncated: false });
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof SyntaxError) return badExpression(error.message.replace(/^Invalid regular expression: /, ""));
    if (error instanceof RunawayPattern)
      return fail("timeout", "The pattern takes far too long on some line; write it without nested repetition.");
    return refused("The search could not be finished", error);
  }
}

async function* batchesOf({ base, start, isFile, wants }: Hunt, signal: AbortSignal): AsyncGenerator<string[], void, undefined> {
  let batch: string[] = isFile ? [start] : [];
  if (!isFile) {
    for await (const { path, kind } of walk(base, start, Number.POSITIVE_INFINITY, signal)) {
      if (kind === "file" && wants(path)) batch.push(path);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

/** Empty for what cannot be read or is no text. */
async function readText(base: string, path: string, signal: AbortSignal): Promise<string> {
  const image = await readContent({ real: join(base, path), shown: path, inside: true, kind: "file" }, largestSearched, signal);
  return image.ok ? (decode(image.value.bytes) ?? "") : "";
}

/** Undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}
