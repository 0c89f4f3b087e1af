// The ways on after a fuse has blown: with more, with a new plan, with files put back, or in a person's own hands. Pure; what each
// does is done by what resumes, restores and tells of runs anyway.

import type { EventBody, Limits } from "../event.ts";
import { amountOf, hitLimit } from "../limit.ts";
import { resumeLimits } from "../resume.ts";
import type { RunState } from "../state.ts";

export type Offer = "more" | "replan" | "rollBack" | "handOver";

/** What is offered of a run that a fuse stopped, the most usual first; nothing is to be put back where nothing was changed. */
export const offersOf = (state: RunState): readonly Offer[] =>
  !state.fuse
    ? []
    : ["more", ...(state.plan ? (["replan"] as const) : []), ...(state.lastWrite > 0 ? (["rollBack"] as const) : []), "handOver"];

/** The event that goes on with more, as planned or with a new plan. */
export function goingOn(
  state: RunState,
  offer: "more" | "replan",
  wanted: Partial<Limits> = {},
): Extract<EventBody, { type: "run.resumed" }> {
  const limits = resumeLimits(state, wanted, offer === "replan" ? "replan" : "as planned");
  return { type: "run.resumed", ...(limits ? { limits } : {}), ...(offer === "replan" ? { replan: true } : {}) };
}

/** What going on with more would mean, in words. */
export function moreWords(state: RunState): string {
  const { fuse, run } = state;
  if (!fuse || !run) return "";
  const raise = hitLimit(state, state.at)?.raise;
  if (raise) return `as planned, up to ${amountOf(raise.what, raise.to)}`;
  if (fuse.name === "plans") return `up to ${run.limits.plans + run.given.plans} plans`;
  if (fuse.name === "model") return "the same request, once more";
  return "as planned; turns, repeats and errors are counted anew";
}
