// What requests to models have cost, by run and by step. A pure part of the fold in reduce.ts.

import type { Spend } from "./approval.ts";
import { emptyState, type RunState } from "./state.ts";

type Cost = { input: number; output: number; usd?: number | undefined };

/** Adds what a request to a model took to what its run, and its step, have spent. */
export function spent(state: RunState, usage: Cost | undefined, step?: string): RunState {
  if (!usage) return state;
  const known = step === undefined ? undefined : (state.stepSpend[step] ?? { ...emptyState.spend, sinceMs: state.workedMs });
  const stepSpend = step === undefined || !known ? state.stepSpend : { ...state.stepSpend, [step]: { ...known, ...plus(known, usage) } };
  return { ...state, spend: plus(state.spend, usage), stepSpend };
}

const plus = ({ requests, inputTokens, outputTokens, usd, unpriced }: Spend, usage: Cost): Spend => ({
  requests: requests + 1,
  inputTokens: inputTokens + usage.input,
  outputTokens: outputTokens + usage.output,
  usd: usd + (usage.usd ?? 0),
  unpriced: unpriced + (usage.usd === undefined ? 1 : 0),
});
