// The budgets of one run, over its journal: what it spent before this process counts, and limits that a person raises hold at once.

import type { Bound } from "../event.ts";
import { minutesWorked } from "../limit.ts";
import type { RunState } from "../state.ts";
import type { Clock } from "../world.ts";
import { type Allowance, Ledger, type Purse } from "./ledger.ts";

export interface PursesOptions {
  /** The run as it is now; before its first event without limits. */
  readonly state: () => RunState;
  readonly clock: Clock;
}

/** The run's own purse and one for each of its steps. */
export function pursesOf({ state, clock }: PursesOptions): readonly Purse[] {
  const minutes = (): number => minutesWorked(state(), clock.now());
  const run = new Ledger({
    name: "this run",
    scope: "run",
    limit: () => allowance(state().run?.limits),
    spent: amountOf(state().spend),
    minutes,
  });
  const steps = new Map<string, Ledger>();
  const ledgerOf = (step: string): Ledger => {
    const known = steps.get(step);
    if (known) return known;
    const spent = state().stepSpend[step];
    const made = new Ledger({
      name: `step ${step}`,
      scope: "step",
      limit: () => allowance(state().run?.limits.step),
      ...(spent ? { spent: amountOf(spent) } : {}),
      minutes: () => {
        const since = state().stepSpend[step]?.sinceMs;
        return since === undefined ? 0 : minutes() - since / 60_000;
      },
    });
    steps.set(step, made);
    return made;
  };
  const free: Ledger = new Ledger({ name: "no step", scope: "step", limit: () => ({}) });
  const step: Purse = {
    room: ({ step }) => (step ? ledgerOf(step.id) : free).room(),
    reserve: (worst, { step }) => (step ? ledgerOf(step.id) : free).reserve(worst),
  };
  return [run, step];
}

/** A bound of settings and journals as an allowance of model calls. */
export const allowance = ({ usd, tokens, requests, minutes }: Bound = {}): Allowance => ({ usd, tokens, calls: requests, minutes });

const amountOf = ({
  requests,
  inputTokens,
  outputTokens,
  usd,
}: RunState["spend"]): { readonly calls: number; readonly tokens: number; readonly usd: number } => ({
  calls: requests,
  tokens: inputTokens + outputTokens,
  usd,
});
