// Editing a plan before it is approved: pure operations on its steps. The host validates what comes out.

import type { ApprovalRequest } from "../protocol/to-view.ts";

export type Plan = NonNullable<ApprovalRequest["plan"]>;
export type Step = Plan["steps"][number];

export function moveStep(steps: readonly Step[], id: string, by: -1 | 1): readonly Step[] {
  const from = steps.findIndex((step) => step.id === id);
  const to = from + by;
  const moved = steps[from];
  if (!moved || to < 0 || to >= steps.length) return steps;
  const rest = steps.filter((step) => step.id !== id);
  return [...rest.slice(0, to), moved, ...rest.slice(to)];
}

/** What needed the dropped step now needs what that one needed. */
export function dropStep(steps: readonly Step[], id: string): readonly Step[] {
  const gone = steps.find((step) => step.id === id);
  return steps
    .filter((step) => step.id !== id)
    .map((step) =>
      step.needs.includes(id)
        ? { ...step, needs: [...new Set([...step.needs.filter((need) => need !== id), ...(gone?.needs ?? [])])] }
        : step,
    );
}

export const replaceStep = (steps: readonly Step[], next: Step): readonly Step[] =>
  steps.map((step) => (step.id === next.id ? next : step));

/** A new last step, to be filled in; it comes after the one that was last. */
export function addStep(steps: readonly Step[]): { readonly steps: readonly Step[]; readonly added: string } {
  const taken = new Set(steps.map((step) => step.id));
  let n = steps.length + 1;
  while (taken.has(`step-${n}`)) n++;
  const last = steps.at(-1);
  const check: Step["check"] = steps.filter((step) => step.check.by === "command").at(-1)?.check ?? { by: "command", line: "npm test" };
  const added: Step = { id: `step-${n}`, goal: "New step", role: "coder", needs: last ? [last.id] : [], check };
  return { steps: [...steps, added], added: added.id };
}
