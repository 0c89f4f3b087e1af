// Scripts of a model whose plan has one step, for tests of what can go wrong in it.

import type { Cue, Line, Script } from "./script.ts";

/** Needs a plan of the model's own: no rule recognises it as a small job. */
export const oneGoal = "Mend the sum";

export interface OneStep {
  readonly role?: "researcher" | "coder" | "tester";
  readonly check?: unknown;
}

export const onePlan = ({ role = "researcher", check = { by: "citation" } }: OneStep = {}): unknown => ({
  steps: [{ id: "only", goal: "Do it", role, needs: [], check }],
});

/** The plan, then one line after another; the last for ever. A line may depend on what the model has just heard. */
export function oneStep(step: OneStep, ...turns: readonly (Line | ((cue: Cue) => Line))[]): Script {
  return (cue) => {
    if (cue.answer === "plan") return { answer: onePlan(step) };
    if (cue.answer === "reflection") return { answer: { because: "It did not work.", lesson: "Do it well.", then: "give up" } };
    const turn = turns[Math.min(cue.turn, turns.length - 1)];
    return typeof turn === "function" ? turn(cue) : turn;
  };
}

export const call = (tool: string, args: unknown): Line => ({ calls: [{ tool, args }] });
