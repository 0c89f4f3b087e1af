// Small jobs stay small: tells from the words of a goal whether one step will do, and makes that plan without a model.
// Errs on the side of asking the model: what it does not recognise gets a real plan.

import { proofOf, readEditorGoal } from "./editor-goal.ts";
import type { Plan } from "./plan.ts";

/** What can prove a step here. */
export interface Proofs {
  /** The shell line that runs the tests, if known. */
  readonly test: string | undefined;
  /** Whether an editor reports problems. */
  readonly diagnostics: boolean;
}

/** A plan of one step, or undefined where the goal wants a plan of its own. */
export function smallPlan(goal: string, { test, diagnostics }: Proofs): Plan | undefined {
  const reported = diagnostics ? readEditorGoal(goal) : undefined;
  if (reported) return { goal, steps: [{ id: "change", goal, role: "coder", needs: [], check: proofOf(reported) }] };
  const [asked = "", ...quoted] = goal.split("\n");
  // What stands below a question is what it is about, not more to do.
  const question = quoted.length > 0 && /\?\s*$/.test(asked) ? asked : goal;
  if (isCompound(question)) return undefined;
  if (isAboutTests(question)) return { goal, steps: [{ id: "test", goal, role: "tester", needs: [], check: { by: "citation" } }] };
  if (isQuestion(question)) return { goal, steps: [{ id: "answer", goal, role: "researcher", needs: [], check: { by: "citation" } }] };
  if (isChange(goal) && test !== undefined)
    return { goal, steps: [{ id: "change", goal, role: "coder", needs: [], check: { by: "command", line: test } }] };
  return undefined;
}

/** Long, listed, or several sentences: more than one thing is wanted. */
function isCompound(goal: string): boolean {
  return (
    goal.length > 240 ||
    /\n\s*(?:[-*]|\d+[.)])\s/.test(goal) ||
    /[.;!?]\s+\S+\s+\S/.test(goal) ||
    /\b(?:and then|then|after that|afterwards|as well as|refactor|migrate|redesign|port|plan)\b/i.test(goal)
  );
}

/** Asks what the tests say, which only running them can tell. */
function isAboutTests(goal: string): boolean {
  return (
    /^\s*(?:please\s+)?(?:run|execute)\b.*\btests?\b/i.test(goal) ||
    (isQuestion(goal) && /\b(?:fail|fails|failing|broken|pass|passes)\b/i.test(goal) && /\btests?\b/i.test(goal))
  );
}

function isQuestion(goal: string): boolean {
  return (
    /\?\s*$/.test(goal) ||
    /^\s*(?:who|what|where|when|why|how|which|is|are|does|do|can|explain|describe|find|show|list|tell|summari[sz]e)\b/i.test(goal)
  );
}

function isChange(goal: string): boolean {
  return /^\s*(?:please\s+)?(?:fix|repair|correct|make|add|remove|delete|rename|change|update|replace|implement|write|create|set|handle|support|move|simplify|clean|organi[sz]e|format)\b/i.test(
    goal,
  );
}
