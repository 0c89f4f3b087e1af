// How a run goes on after it stopped: with the limits it had, or, where a fuse ended it, with as much again of what ran out.

import type { FuseName, Limits } from "./event.ts";
import type { RunState } from "./state.ts";

/** Limits a fuse stands for. The other fuses are no limits (a loop, a model that failed), or count anew after a resume. */
const limitOf: Partial<Record<FuseName, keyof Limits>> = {
  plans: "plans",
  calls: "calls",
  tokens: "tokens",
  minutes: "minutes",
  usd: "usd",
};

/**
 * The limits to resume with, or undefined where they stay as they are. A limit that was hit is raised by what the run was given at
 * first. `wanted` are limits that a person sets now, for the whole run; they go before.
 */
export function resumeLimits(state: RunState, wanted: Partial<Limits> = {}): Limits | undefined {
  if (!state.run) return undefined;
  const { limits, given } = state.run;
  const hit = state.fuse && limitOf[state.fuse.name];
  const final = { ...limits, ...(hit ? { [hit]: limits[hit] + given[hit] } : {}), ...wanted };
  return Object.entries(final).every(([name, value]) => limits[name as keyof Limits] === value) ? undefined : final;
}
