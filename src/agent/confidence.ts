// How sure one may be of an agent's next act: not what it says of itself, but what it has earned. The share of this step's tries that
// worked, one success lent in advance, so that nothing is held against a beginner; and no more than what judges said of the steps it
// builds on. Pure.

import type { StepState } from "./state.ts";

/** Only what happened lately counts. */
const remembered = 8;

/**
 * 0 to 1; undefined while nothing was tried or judged. Failed attempts count, and calls that failed by themselves; a refused call does
 * not. `steps` are all of the plan.
 */
export function confidenceIn(step: StepState, steps: Readonly<Record<string, StepState>> = {}): number | undefined {
  const tried = lately(step);
  const attempts = step.attempt - 1;
  const earned = tried.length + attempts === 0 ? undefined : (tried.filter((ok) => ok).length + 1) / (tried.length + attempts + 1);
  const judged = step.step.needs.flatMap((need) => steps[need]?.proof?.evidence.confidence ?? []);
  return earned === undefined && judged.length === 0 ? undefined : Math.min(earned ?? 1, ...judged);
}

/** Whether each of the last calls worked, newest first; read from the end, because a step may have thousands. */
function lately(step: StepState): readonly boolean[] {
  const tried: boolean[] = [];
  for (let turn = step.turns.length - 1; turn >= 0; turn--) {
    for (const { ended } of step.turns[turn]?.calls.toReversed() ?? []) {
      if (ended && (ended.outcome.ok || ended.outcome.fault.kind !== "denied")) tried.push(ended.outcome.ok);
      if (tried.length === remembered) return tried;
    }
  }
  return tried;
}
