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

/** A step to be filled in, which would come after the last one. */
export function newStep(steps: readonly Step[]): Step {
  const taken = new Set(steps.map((step) => step.id));
  let n = steps.length + 1;
  while (taken.has(`step-${n}`)) n++;
  const last = steps.at(-1);
  const check: Step["check"] = steps.filter((step) => step.check.by === "command").at(-1)?.check ?? { by: "command", line: "npm test" };
  return { id: `step-${n}`, goal: "New step", role: "coder", needs: last ? [last.id] : [], check };
}

/** The steps it may come after: all but itself and those that come after it already. */
export function canNeed(steps: readonly Step[], id: string): readonly Step[] {
  const later = new Set([id]);
  for (let size = 0; size !== later.size; ) {
    size = later.size;
    for (const step of steps) if (step.needs.some((need) => later.has(need))) later.add(step.id);
  }
  return steps.filter((step) => !later.has(step.id));
}
