// A decision as a page shows it: the line in stretches, a row for each effect, and which rows come first. Pure.
// Smaller than the decision itself, which says the same reason again for each part.

import { type EffectRow, effectRows, type Stretch, strictToLax, stretches } from "../agent/effect-row.ts";
import type { Decision, Verdict } from "../agent/policy/rules.ts";
import type { Effect, Risk } from "../agent/tool/risk.ts";

export interface PartsTold {
  /** Empty where no line was judged. */
  readonly line: readonly Stretch[];
  readonly rows: readonly EffectRow[];
  /** The rows that are shown before all are asked for; no other row is stricter than one of these. */
  readonly first: readonly number[];
  /** What the other rows say: "2 asked, 7 allowed". */
  readonly others: string;
  /** Effects of the call that no row tells. */
  readonly untold: readonly Effect[];
}

/** What is left to tell of the decision. */
export const apartFrom = (decision: Decision): Decision => ({ ...decision, parts: [] });

const most = 6;

export function partsTold(decision: Decision, { line, effects }: Pick<Risk, "line" | "effects">): PartsTold {
  const rows = effectRows(decision);
  const first = rows
    .map(({ verdict }, index) => ({ verdict, index }))
    .sort((a, b) => strictToLax.indexOf(a.verdict) - strictToLax.indexOf(b.verdict))
    .slice(0, most)
    .map(({ index }) => index)
    .sort((a, b) => a - b);
  return {
    line: line === undefined ? [] : stretches(line, decision),
    rows,
    first,
    others: countsOf(rows.filter((_, index) => !first.includes(index))),
    untold: effects.filter((effect) => !decision.parts.some((part) => part.effect === effect)),
  };
}

const words: Readonly<Record<Verdict, string>> = { deny: "denied", ask: "asked", allow: "allowed" };

const countsOf = (rows: readonly EffectRow[]): string =>
  strictToLax
    .map((verdict) => ({ verdict, count: rows.filter((row) => row.verdict === verdict).length }))
    .flatMap(({ verdict, count }) => (count === 0 ? [] : [`${count} ${words[verdict]}`]))
    .join(", ");
