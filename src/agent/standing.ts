// Where a step stands, the same for every view. Pure; whether anybody works on it now is not known here.

import { type RunState, type StepState, waitsForPerson } from "./state.ts";

/** later: what it needs is not proved yet · working and checking: it is its turn. */
export type Standing = "later" | "working" | "waiting" | "checking" | "verified" | "unverified" | "failed";

export function standingOf(step: StepState, state: RunState): Standing {
  switch (step.status) {
    case "verified":
      return step.proof?.evidence.hollow ? "unverified" : "verified";
    case "failed":
      return "failed";
    case "asking":
      return "waiting";
    case "claimed":
      return "checking";
    case "open":
    case "doubted":
    case "reflected": {
      const calls = step.turns.at(-1)?.calls ?? [];
      if (calls.some(waitsForPerson)) return "waiting";
      const ready = state.plan?.settled === true && step.step.needs.every((need) => state.steps[need]?.status === "verified");
      return ready ? "working" : "later";
    }
  }
}
