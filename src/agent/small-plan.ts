// Small jobs stay small: tells from the words of a goal whether one step will do, and makes that plan without a model.
// Errs on the side of asking the model: what it does not recognise gets a real plan.

import type { Plan } from "./plan.ts";

/** A plan of one step, or undefined where the goal wants a plan of its own. `test` is the shell line that runs the tests, if known. */
export function smallPlan(goal: string, test: string | undefined): Plan | undefined {
  if (isCompound(goal)) return undefined;
  if (isQuestion(goal)) return { goal, steps: [{ id: "answer", goal, role: "researcher", needs: [], check: { by: "citation" } }] };
  if (isChange(goal) && test !== undefined) return { goal, steps: [{ id: "change", goal, role: "coder", needs: [], check: { by: "command", line: test } }] };
  return undefined;
}

/** Long, listed, or several sentences: more than one thing is wanted. */
function isCompound(goal: string): boolean {
  return goal.length > 240 || /\n\s*(?:[-*]|\d+[.)])\s/.test(goal) || /[.;!?]\s+\S+\s+\S/.test(goal) || /\b(?:and then|then|after that|afterwards|as well as|refactor|migrate|redesign|port|plan)\b/i.test(goal);
}

function isQuestion(goal: string): boolean {
  return /\?\s*$/.test(goal) || /^\s*(?:who|what|where|when|why|how|which|is|are|does|do|can|explain|describe|find|show|list|tell|summari[sz]e)\b/i.test(goal);
}

function isChange(goal: string): boolean {
  return /^\s*(?:please\s+)?(?:fix|repair|correct|make|add|remove|delete|rename|change|update|replace|implement|write|create|set|handle|support|move|simplify|clean|organi[sz]e|format)\b/i.test(goal);
}
