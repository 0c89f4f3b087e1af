// What a decision about a hunk says of lines that the person changed meanwhile. Pure.
// Only somebody who sees those lines can agree to their being replaced.

import type { HunkDecision } from "./decision.ts";
import type { Placed } from "./place.ts";

/** Decided where the hunk stands among the person's own lines: it may replace them. What is taken is what is shown, their own words for it included. */
export function seeing(decision: HunkDecision | null, placed: Placed | undefined): HunkDecision | null {
  if (decision?.is !== "accepted" && decision?.is !== "changed") return decision;
  if (placed?.standing !== "conflict" && placed?.standing !== "agreed") return decision;
  const made = placed.answer?.decision;
  const taken = placed.standing === "conflict" && decision.is === "accepted" && made?.is === "changed" ? made : decision;
  return { ...taken, over: placed.at.removed.join("") };
}

/** Decided where they are not shown: what was agreed to before holds, and nothing more. */
export function unseeing(decision: HunkDecision | null, before: HunkDecision | null): HunkDecision | null {
  const over = before?.is === "accepted" || before?.is === "changed" ? before.over : undefined;
  return decision?.is === "changed" && over !== undefined ? { ...decision, over } : decision;
}
