// Searches by walking and reading, where there is no ripgrep. Slower, and the same answer on ordinary files.

import { fail, ok } from "../../agent/result.ts";
import type { TextMatches } from "../../agent/world.ts";
import { refused } from "../errno.ts";
import { badExpression, type Catch, excerpt, type Hunt, largestSearched } from "./hunt.ts";
import { type LineMatcher, lineMatcher, RunawayPattern } from "./line-matcher.ts";
import { readImage } from "../files/read-image.ts";
import { walk } from "../files/walk.ts";

/** The longest that one file may hold up everything else. */
const patienceMs = 1000;

/** Rejects with the signal's reason as soon as it aborts, between two files. */
export async function searchPlainly(hunt: Hunt, signal: AbortSignal): Promise<Catch> {
  const matches: TextMatches["matches"][number][] = [];
  try {
    const matcher = await lineMatcher(hunt.query, patienceMs);
    for await (const path of filesOf(hunt, signal)) {
      for (const { line, text, column } of await searchFile(hunt, path, matcher, signal)) {
        if (matches.length === hunt.most) return ok({ matches, truncated: true });
        matches.push({ path, line, text: excerpt(text, column) });
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

async function* filesOf({ base, start, isFile, wants }: Hunt, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  if (isFile) {
    yield start;
    return;
  }
  for await (const { path, kind } of walk(base, start, Number.POSITIVE_INFINITY, signal)) {
    if (kind === "file" && wants(path)) yield path;
  }
}

async function searchFile({ base }: Hunt, path: string, matcher: LineMatcher, signal: AbortSignal): Promise<ReturnType<LineMatcher>> {
  const real = path === "" ? base : `${base === "/" ? "" : base}/${path}`;
  const image = await readImage({ real, shown: path, inside: true, kind: "file" }, largestSearched, signal);
  const text = image.ok ? decode(image.value.bytes) : undefined;
  return text === undefined ? [] : matcher(text);
}

/** Undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}
