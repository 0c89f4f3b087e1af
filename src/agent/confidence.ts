// How sure one may be of an agent's next act: not what it says of itself, but what it has earned. The share of this step's tries that
// worked, one success lent in advance, so that nothing is held against a beginner. Pure.

import type { StepState } from "./state.ts";

/** Only what happened lately counts. */
const remembered = 8;

/** 0 to 1; undefined while nothing was tried. Failed attempts count, and calls that failed by themselves; a refused call does not. */
export function confidenceIn(step: StepState): number | undefined {
  const ended = step.turns.flatMap((turn) => turn.calls.flatMap((call) => call.ended?.outcome ?? []));
  const tried = ended.filter((outcome) => outcome.ok || outcome.fault.kind !== "denied").slice(-remembered);
  const attempts = step.attempt - 1;
  if (tried.length + attempts === 0) return undefined;
  return (tried.filter((outcome) => outcome.ok).length + 1) / (tried.length + attempts + 1);
}
