// Two changes at once, for what no single change mends: first the same slip made twice, then the best singles together.

import type { Candidate } from "./candidate.ts";

/** Pairs, best first. Each is a list of changes, of one file or two. `texts` holds the files by path. */
export function pairUp(singles: readonly Candidate[], texts: ReadonlyMap<string, string>, most: number): readonly (readonly Candidate[])[] {
  const alike = new Map<string, Candidate[]>();
  for (const single of singles) {
    const key = slipOf(single, texts);
    if (key !== undefined) alike.set(key, [...(alike.get(key) ?? []), single]);
  }
  const twice = [...alike.values()].filter((group) => group.length > 1 && group.length <= 6).flatMap((group) => combine(group, 1.5));
  const best = combine(onePerPlace(singles).slice(0, 70), 1);
  const seen = new Set<string>();
  return [...twice, ...best]
    .sort((a, b) => b.score - a.score)
    .filter(({ pair }) => {
      const key = JSON.stringify(pair.map(({ path, edits }) => [path, edits]));
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, most)
    .map(({ pair }) => pair);
}

/** What was written for what, where that is short enough to be a slip. */
function slipOf({ path, edits, change }: Candidate, texts: ReadonlyMap<string, string>): string | undefined {
  const [only] = edits;
  if (!only || edits.length > 1 || only.text.length > 20 || only.text.includes("\n")) return undefined;
  return `${change} ${texts.get(path)?.slice(only.start, only.end) ?? ""} ${only.text}`;
}

/** At most three candidates of a place, so that one place does not crowd out the others. */
function onePerPlace(singles: readonly Candidate[]): readonly Candidate[] {
  const counts = new Map<string, number>();
  return singles.filter(({ path, edits }) => {
    const place = `${path} ${edits[0]?.start ?? 0}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return count <= 3;
  });
}

function combine(group: readonly Candidate[], weight: number): { readonly pair: readonly Candidate[]; readonly score: number }[] {
  return group.flatMap((a, i) =>
    group
      .slice(i + 1)
      .filter((b) => areApart(a, b))
      .map((b) => ({ pair: [a, b], score: weight * a.score * b.score })),
  );
}

const areApart = (a: Candidate, b: Candidate): boolean =>
  a.path !== b.path || a.edits.every((one) => b.edits.every((other) => one.end < other.start || other.end < one.start));
