// A plan: steps with dependencies, each carrying its own proof obligation.
// Owns what makes a plan valid (unique ids, known needs, no cycle, a real check on every writing step).
// Refuses to know how a plan is made, settled or run.

import * as z from "zod";
import { fail, ok, type Result } from "./result.ts";

/** How a step proves that it is done. Deterministic kinds first; a critic never stands alone on a writing step. */
export type Check = z.infer<typeof Check>;
export const Check = z.discriminatedUnion("by", [
  z.object({ by: z.literal("command"), line: z.string().min(1) }),
  /** No errors in these files and folders; with a message: no problem that says this, however grave. */
  z.object({ by: z.literal("diagnostics"), paths: z.array(z.string()).min(1), message: z.string().optional() }),
  z.object({ by: z.literal("content"), path: z.string().min(1), matches: z.string().min(1) }),
  z.object({ by: z.literal("citation") }),
  z.object({ by: z.literal("critic"), rubric: z.string().min(1) }),
]);

export const roles = ["planner", "researcher", "coder", "tester", "reviewer"] as const;
export type RoleName = (typeof roles)[number];
/** Roles that may change the workspace; their steps need a deterministic check. */
const writingRoles: readonly RoleName[] = ["coder"];

export type Step = z.infer<typeof Step>;
export const Step = z.object({
  /** Letters, digits, "-" and "_": it becomes part of call ids and file names. */
  id: z.string().regex(/^[\w-]{1,40}$/),
  goal: z.string().min(1),
  role: z.enum(roles),
  needs: z.array(z.string()),
  check: Check,
});

export type Plan = z.infer<typeof Plan>;
export const Plan = z.object({ goal: z.string(), steps: z.array(Step) });

/** Parses and validates a plan from outside. The fault names the first thing wrong, in words a model can act on. */
export function parsePlan(value: unknown, here: { readonly diagnostics: boolean }): Result<Plan> {
  const parsed = Plan.safeParse(value);
  if (!parsed.success) return fail("invalid", `The plan does not fit the schema: ${z.prettifyError(parsed.error)}`);
  return validatePlan(parsed.data, here);
}

/** Checks what a schema cannot: ids, dependencies, acyclicity, and that writing steps can be proved with what is `here`. */
export function validatePlan(plan: Plan, here: { readonly diagnostics: boolean }): Result<Plan> {
  if (plan.steps.length === 0) return fail("invalid", "The plan has no steps; give at least one.");
  const ids = new Set<string>();
  for (const step of plan.steps) {
    if (ids.has(step.id)) return fail("invalid", `Two steps have the id "${step.id}"; make ids unique.`);
    ids.add(step.id);
  }
  for (const step of plan.steps) {
    const unknown = step.needs.find((need) => !ids.has(need));
    if (unknown !== undefined) return fail("invalid", `Step "${step.id}" needs "${unknown}", which is not a step of this plan.`);
    if (writingRoles.includes(step.role) && (step.check.by === "critic" || step.check.by === "citation")) {
      return fail("invalid", `Step "${step.id}" writes, so its check must be a command, diagnostics or content, not "${step.check.by}".`);
    }
    if (step.check.by === "diagnostics" && !here.diagnostics) {
      return fail("invalid", `Step "${step.id}" is to be proved by diagnostics, but no editor runs here; use a command or content.`);
    }
    if (step.check.by === "content" && !isPattern(step.check.matches)) {
      return fail("invalid", `Step "${step.id}" checks for ${JSON.stringify(step.check.matches)}, which is not a regular expression.`);
    }
  }
  const cycle = findCycle(plan);
  if (cycle) return fail("invalid", `The steps depend on each other in a circle: ${cycle.join(" -> ")}. Break it.`);
  return ok(plan);
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, "mu");
    return true;
  } catch {
    return false;
  }
}

function findCycle(plan: Plan): string[] | undefined {
  const needs = new Map(plan.steps.map((step) => [step.id, step.needs]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const need of needs.get(id) ?? []) {
      const cycle = visit(need, [...path, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const step of plan.steps) {
    const cycle = visit(step.id, []);
    if (cycle) return cycle;
  }
  return undefined;
}
