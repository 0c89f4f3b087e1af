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
  const ended = step.turns.flatMap((turn) => turn.calls.flatMap((call) => call.ended?.outcome ?? []));
  const tried = ended.filter((outcome) => outcome.ok || outcome.fault.kind !== "denied").slice(-remembered);
  const attempts = step.attempt - 1;
  const earned =
    tried.length + attempts === 0 ? undefined : (tried.filter((outcome) => outcome.ok).length + 1) / (tried.length + attempts + 1);
  const judged = step.step.needs.flatMap((need) => steps[need]?.proof?.evidence.confidence ?? []);
  return earned === undefined && judged.length === 0 ? undefined : Math.min(earned ?? 1, ...judged);
}
