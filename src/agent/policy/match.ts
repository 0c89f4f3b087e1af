// Whether a rule fits a part. An allow rule must cover the whole part; an ask or deny rule fits as soon as it may touch it.

import {
  compileGlob,
  compileWords,
  covers,
  type Glob,
  isAnchored,
  isAnywhere,
  isVague,
  meets,
  meetsBelow,
  meetsName,
  type Path,
  pathsMeet,
} from "./glob.ts";
import type { PlacedPart, Spot, Subject } from "./part.ts";
import { grave, type Rule } from "./rules.ts";

export type About = Omit<Subject, "parts">;

export function matches(rule: Rule, part: PlacedPart, about: About): boolean {
  const { match, verdict } = rule;
  if (match.effect && !match.effect.includes(part.effect)) return false;
  if (match.workspace && !match.workspace.includes(about.root)) return false;
  if (match.tool && !match.tool.includes(about.tool)) return false;
  if (match.mode && !match.mode.includes(about.mode)) return false;
  if (match.role && !(about.role && match.role.includes(about.role))) return false;
  if (match.tainted !== undefined && match.tainted !== about.tainted) return false;
  if (match.disturbed !== undefined && match.disturbed !== about.disturbed) return false;
  if (match.sandboxed !== undefined && match.sandboxed !== about.sandboxed) return false;
  if (match.line && !(about.line !== undefined && match.line.includes(about.line))) return false;
  if (match.program && !(part.program !== undefined && match.program.includes(part.program))) return false;
  // Allowing a program is allowing to run it, not what its arguments would have it touch.
  if (verdict === "allow" && match.program && !match.effect && part.effect !== "execute") return false;
  if (match.trait && !match.trait.some((trait) => part.traits.includes(trait))) return false;
  if (verdict === "allow" && part.traits.some((trait) => grave.includes(trait) && !match.trait?.includes(trait))) return false;
  if (match.where && (!part.place || part.place.inside !== (match.where === "inside"))) return false;
  if (match.bytesAtLeast !== undefined && !((about.bytes ?? 0) >= match.bytesAtLeast)) return false;
  if (match.usdAtLeast !== undefined && about.usd < match.usdAtLeast) return false;
  if (match.confidenceBelow !== undefined && !((about.confidence ?? 1) < match.confidenceBelow)) return false;
  return matchesPatterns(rule, part);
}

interface Patterns {
  readonly path: readonly Glob[] | undefined;
  readonly within: readonly Glob[] | undefined;
  readonly args: Path | undefined;
  readonly host: readonly Glob[] | undefined;
}

/** Patterns are compiled once per rule. */
const compiled = new WeakMap<Rule, Patterns>();

function patternsOf(rule: Rule): Patterns {
  const known = compiled.get(rule);
  if (known) return known;
  const { path, within, args, host } = rule.match;
  const patterns: Patterns = {
    path: path?.map(compileGlob),
    within: within?.map(compileGlob),
    args: args && compileWords(args, { wild: true }),
    host: host?.map((pattern) => compileGlob(pattern.toLowerCase())),
  };
  compiled.set(rule, patterns);
  return patterns;
}

function matchesPatterns(rule: Rule, part: PlacedPart): boolean {
  if (!rule.match.path && !rule.match.within && !rule.match.args && !rule.match.host) return true;
  const { path, within, args, host } = patternsOf(rule);
  if (within && !(part.place && allCovered(within, part.place))) return false;
  if (path && !(part.place && (rule.verdict === "allow" ? allCovered(path, part.place) : anyTouched(path, part.place)))) return false;
  if (args && !(part.args && pathsMeet(args, compileWords(part.args, { wild: false })))) return false;
  return !host || (part.host !== undefined && meetsAny(host, compileGlob(part.host.toLowerCase().replace(/[\\*?[\]{}]/g, "\\$&"))));
}

const meetsAny = (patterns: readonly Glob[], name: Glob): boolean => patterns.some((pattern) => meets(pattern, name, "exact"));

const allCovered = (patterns: readonly Glob[], { names, deep }: Spot): boolean =>
  names.some((name) => patterns.some((pattern) => covers(pattern, name, { deep })));

/**
 * A part that means a whole folder touches a pattern that starts in it ("secret/**"), but not one that could be anywhere
 * ("**" + "/.env"): else nothing could be done to any folder. Whether it lies in the path itself is asked in both cases.
 */
const anyTouched = (patterns: readonly Glob[], { names, deep }: Spot): boolean =>
  names.some((name) =>
    patterns.some((pattern) => {
      if (isAnywhere(name)) return meetsName(name, pattern);
      if (!isVague(name) && meets(pattern, name, "folded")) return true;
      return (deep || isVague(name)) && isAnchored(pattern) && (deep ? meetsBelow(name, pattern) : meets(pattern, name, "folded"));
    }),
  );
