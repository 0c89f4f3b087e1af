// How a run goes on after it stopped: with the limits it had, or, where a fuse ended it, with as much again of what ran out.

import type { Limits } from "./event.ts";
import { hitLimit, raised } from "./limit.ts";
import type { RunState } from "./state.ts";

/** As it was planned, or with a new plan. */
export type Manner = "as planned" | "replan";

/**
 * The limits to resume with, or undefined where they stay as they are. A limit that was hit is raised by what the run was given at
 * first, and at least so far that the call it refused can be made; one of plans also where a new plan is wanted and none is left.
 * `wanted` are limits that a person sets now, for the whole run; they go before. The other fuses are no limits (a loop, a model that
 * failed), or count anew after a resume.
 */
export function resumeLimits(state: RunState, wanted: Partial<Limits> = {}, manner: Manner = "as planned"): Limits | undefined {
  if (!state.run) return undefined;
  const { limits, given } = state.run;
  const raise = state.fuse && hitLimit(state, state.at)?.raise;
  const more = raise ? raised(limits, raise) : limits;
  const short = state.fuse?.name === "plans" || (manner === "replan" && state.plans >= limits.plans);
  const final = { ...more, ...(short ? { plans: limits.plans + given.plans } : {}), ...wanted };
  return Object.entries(final).every(([name, value]) => limits[name as keyof Limits] === value) ? undefined : final;
}
