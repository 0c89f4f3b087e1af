// How a run goes on after it stopped: with the limits it had, or, where a fuse ended it, with as much again of what ran out.

import type { FuseName, Limits } from "./event.ts";
import type { RunState } from "./state.ts";

/** Limits a fuse stands for. The others are not limits (a loop, a model that failed), or count anew after a resume. */
const limitOf: Partial<Record<FuseName, keyof Limits>> = { plans: "plans", calls: "calls", tokens: "tokens", minutes: "minutes", usd: "usd" };

/**
 * The limits to resume with, or undefined where nothing changes. `first` are those the run began with: a blown limit is raised by
 * that much. `wanted` are limits a person now sets, for the whole run.
 */
export function resumeLimits(state: RunState, first: Limits, wanted: Partial<Limits>): Limits | undefined {
  const limits = state.run?.limits ?? first;
  const blown = state.fuse && limitOf[state.fuse.name];
  const raised = blown ? { ...limits, [blown]: limits[blown] + first[blown] } : limits;
  const final = { ...raised, ...wanted };
  return JSON.stringify(final) === JSON.stringify(limits) ? undefined : final;
}
