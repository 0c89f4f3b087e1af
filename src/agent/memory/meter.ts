// How full the model's window will be: the next request of a run, by what it is made of. A fold of the journal over the very assembly that
// makes the prompt, so that what is shown is what will be sent.

import type { RunState, StepState } from "../state.ts";
import type { Catalog } from "../tool/catalog.ts";
import { offeredTools } from "../tool/offer.ts";
import { type Assembly, stepRequest } from "./working.ts";

export interface ContextUse {
  /** Whose next request: the fullest of those that are open. */
  readonly step: string;
  /** On the high side. */
  readonly tokens: Assembly["tokens"];
  readonly used: number;
  /** Tokens that request and reply may take together; undefined where nobody knows. */
  readonly window: number | undefined;
  /** How many of the step's turns are told by a summary. */
  readonly summarised: number;
}

type Offers = Pick<Catalog, "specs">;

/** Undefined where there will be no request of a step: before the plan, and after the end. */
export function contextUse(state: RunState, catalog: Offers): ContextUse | undefined {
  const known = uses.get(state);
  if (known?.catalog === catalog) return known.use;
  const use = measured(state, catalog);
  uses.set(state, { catalog, use });
  return use;
}

/** Several views ask of the same state. */
const uses = new WeakMap<RunState, { readonly catalog: Offers; readonly use: ContextUse | undefined }>();

function measured(state: RunState, catalog: Offers): ContextUse | undefined {
  if (state.ended) return undefined;
  const open = Object.values(state.steps).filter(({ status }) => status !== "verified" && status !== "failed");
  const begun = open.filter(({ turns }) => turns.length > 0);
  return (begun.length > 0 ? begun : open.slice(0, 1))
    .map((step) => useOf(state, step, catalog))
    .reduce<ContextUse | undefined>((fullest, use) => (fullest && fullest.used >= use.used ? fullest : use), undefined);
}

function useOf(state: RunState, step: StepState, catalog: Offers): ContextUse {
  const { tokens } = stepRequest(state, step, state.window, offeredTools(state, catalog, step.step.role));
  const used = Object.values(tokens).reduce((sum, one) => sum + one, 0);
  return { step: step.step.id, tokens, used, window: state.window, summarised: step.summary?.turns ?? 0 };
}
