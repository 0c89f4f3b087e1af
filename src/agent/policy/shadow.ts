// Whether a rule can never decide, because one before it in its list fits wherever it fits. Told only where it is certain: what is
// not compared here counts as different. Pure.

import { sorted } from "./judge.ts";
import { grave, type Match, type Rule } from "./rules.ts";

/** For each rule of a list that can never decide: the rule that stands before it. */
export function shadows(rules: readonly Rule[]): ReadonlyMap<Rule, Rule> {
  const order = sorted(rules);
  const found = new Map<Rule, Rule>();
  order.forEach((rule, index) => {
    const before = order.slice(0, index).find((earlier) => shadowsRule(earlier, rule));
    if (before) found.set(rule, before);
  });
  return found;
}

/** True where whatever part the later rule fits, the earlier one fits too. */
export function shadowsRule(earlier: Rule, later: Rule): boolean {
  const [wide, narrow] = [earlier.match, later.match];
  // An allow rule must cover a part, an ask or deny rule only touch it: the former fits less.
  if (earlier.verdict === "allow" && later.verdict !== "allow") return false;
  if (earlier.verdict === "allow" && !allowsAsMuch(wide, narrow)) return false;
  return (
    listed.every((field) => includes(wide[field], narrow[field])) &&
    exact.every((field) => wide[field] === undefined || wide[field] === narrow[field]) &&
    (wide.args === undefined || JSON.stringify(wide.args) === JSON.stringify(narrow.args)) &&
    least.every((field) => wide[field] === undefined || (narrow[field] !== undefined && narrow[field] >= wide[field])) &&
    (wide.confidenceBelow === undefined || (narrow.confidenceBelow !== undefined && narrow.confidenceBelow <= wide.confidenceBelow))
  );
}

const listed = ["workspace", "tool", "effect", "trait", "path", "within", "program", "line", "host", "role", "mode"] as const;
const exact = ["where", "tainted", "disturbed", "sandboxed"] as const;
const least = ["bytesAtLeast", "usdAtLeast"] as const;

const includes = (wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean =>
  wide === undefined || (narrow?.every((value) => wide.includes(value)) ?? false);

/** What an allow rule does not cover although its match does not say so: unnamed grave traits, and what a program's arguments touch. */
function allowsAsMuch(wide: Match, narrow: Match): boolean {
  const named = narrow.trait?.filter((trait) => grave.includes(trait)) ?? [];
  if (named.some((trait) => !wide.trait?.includes(trait))) return false;
  const executesOnly = wide.program !== undefined && wide.effect === undefined;
  return !executesOnly || narrow.effect === undefined || narrow.effect.every((effect) => effect === "execute");
}
