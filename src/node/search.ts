// The Search port: lines of text that match, in order, from files that are meant to be seen. ripgrep does it where there is one,
// a plain walk where there is none; both answer the same. Files that usually hold secrets are passed over unless named outright.

import { likelySecrets, secrets, templates } from "../agent/policy/places.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Place, Search, TextMatches, TextQuery } from "../agent/world.ts";
import { globMatcher } from "./search/globs.ts";
import type { Catch, Hunt } from "./search/hunt.ts";
import { type IgnoreRules, rulesAbove } from "./files/ignore-rules.ts";
import { type Locate, locateAgain } from "./files/locate.ts";
import { searchByRipgrep } from "./search/ripgrep.ts";
import { searchPlainly } from "./search/plain.ts";

/** Files whose content the shipped rules ask about, so that a search does not bring it unasked. */
export const askedAbout: readonly string[] = [...secrets, ...likelySecrets, ...templates.map((glob) => `!${glob}`)];

export interface SearchParts {
  /** Absolute real path of the workspace. */
  readonly root: string;
  readonly locate: Locate;
  /** Absolute path of ripgrep; undefined where there is none. */
  readonly ripgrep: string | undefined;
  /** Globs of files whose content is passed over unless the query's path is that very file. */
  readonly unsought?: readonly string[];
  readonly timeoutMs?: number;
}

/** So many are collected before they are put in order, so that the same ones are left out each time but in the largest catches. */
const fewestCollected = 5000;

export function createSearch({ root, locate, ripgrep, unsought = askedAbout, timeoutMs = 20_000 }: SearchParts): Search {
  return {
    text: async (query, signal) => {
      signal.throwIfAborted();
      const wrong = wrongPattern(query.pattern);
      if (wrong !== undefined) return fail("invalid", wrong);
      const place = await locateAgain(locate, query.path === "" ? "." : query.path);
      if (!place.ok) return place;
      if (place.value.kind === "missing") return fail("missing", `${place.value.shown} does not exist; search in a folder that does.`);
      if (place.value.kind === "other") return fail("invalid", `${place.value.shown} is neither file nor folder; search elsewhere.`);
      const hunt = await prepare(root, place.value, query, unsought, signal);
      const timeout = AbortSignal.timeout(timeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      try {
        const found = ripgrep === undefined ? undefined : await searchByRipgrep(ripgrep, hunt, either);
        return arrange(found ?? (await searchPlainly(hunt, either)), place.value, query.limit);
      } catch (error) {
        if (!timeout.aborted || signal.aborted) throw error;
        return fail("timeout", `The search took longer than ${timeoutMs / 1000} seconds; narrow its path or its files.`, { retry: false });
      }
    },
  };
}

function wrongPattern(pattern: string): string | undefined {
  if (pattern === "") return "The pattern is empty; say what to search for.";
  if (/[\n\r]/.test(pattern)) return "The pattern has more than one line; search for one of its lines.";
  return pattern.includes("\0") ? "The pattern holds a NUL character; remove it." : undefined;
}

async function prepare(root: string, place: Place, query: TextQuery, unsought: readonly string[], signal: AbortSignal): Promise<Hunt> {
  const isFile = place.kind === "file";
  const base = place.inside ? root : place.real;
  const start = !place.inside || place.real === root ? "" : place.shown;
  const most = Math.max(query.limit + 1, fewestCollected);
  if (isFile) return { query, base, start, isFile, most, wants: () => true };
  const isIncluded = await globMatcher(query.include);
  const isUnsought = unsought.length === 0 ? () => false : await globMatcher(unsought, { anyCase: true });
  const above = await rulesAbove(base, start, signal);
  const wants = (path: string): boolean => isIncluded(path) && !isUnsought(path) && !isBelowIgnored(path, start, above);
  return { query, base, start, isFile, wants, most };
}

/** Rules from above the folder searched are not known to ripgrep, which begins there. */
function isBelowIgnored(path: string, start: string, above: IgnoreRules): boolean {
  if (start === "") return false;
  for (let end = path.indexOf("/", start.length + 1); end !== -1; end = path.indexOf("/", end + 1)) {
    if (above.ignores(path.slice(0, end), "folder")) return true;
  }
  return above.ignores(path, "file");
}

function arrange(found: Catch, place: Place, limit: number): Result<TextMatches> {
  if (!found.ok) return found;
  const prefix = place.inside ? "" : place.kind === "file" ? place.real : `${place.real}/`;
  const matches = found.value.matches
    .map((match) => ({ ...match, path: prefix + match.path }))
    .sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
  return ok({ matches: matches.slice(0, limit), truncated: found.value.truncated || matches.length > limit });
}
