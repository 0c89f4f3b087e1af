// Which of several changes that pass the tests is the one meant. Passing proves little about a change that weakens the code: what only
// removes or bypasses something passes too easily, so it is trusted less than what corrects it.

import type { Candidate } from "./candidate.ts";
import type { Change } from "./draft.ts";

const trust: Readonly<Record<Change, number>> = {
  "from the error": 1.3,
  operator: 1,
  "off by one": 1,
  variable: 1,
  "argument order": 1.2,
  number: 0.8,
  method: 1,
  negation: 0.9,
  attribute: 1,
  operand: 0.7,
  literal: 0.7,
  argument: 0.9,
  condition: 0.6,
  unwrapping: 0.8,
  insertion: 0.8,
  guard: 0.7,
  default: 0.8,
  wrapping: 0.8,
  expression: 0.7,
  deletion: 0.4,
  order: 0.8,
  grouping: 1,
};

/** The most plausible first. */
export function byPlausibility(choices: readonly (readonly Candidate[])[]): readonly (readonly Candidate[])[] {
  return [...choices].sort((a, b) => plausibility(b) - plausibility(a));
}

function plausibility(changes: readonly Candidate[]): number {
  return changes.reduce((product, { change, score, edits }) => {
    const written = edits.reduce((sum, edit) => sum + edit.text.length + (edit.end - edit.start) / 2, 0);
    return product * score * trust[change] * (1 / (1 + written / 60));
  }, 1);
}
