// A request that a server found too long for its model: the next one of the same step is shorter. A pure part of the fold in reduce.ts.

import type { EventBody } from "./event.ts";
import type { RunState } from "./state.ts";

const mostSqueezes = 4;

/** A request that was too long is made again, shorter; undefined where that is no help. */
export function squeezed(state: RunState, { fault, step, purpose }: Extract<EventBody, { type: "model.failed" }>): RunState | undefined {
  const of = step ?? purpose;
  const times = state.squeezed[of] ?? 0;
  return fault.tooLong && times < mostSqueezes ? { ...state, squeezed: { ...state.squeezed, [of]: times + 1 } } : undefined;
}
