// What watches a run and tells it. A view decides nothing and never throws.

import type { Event } from "../../agent/event.ts";
import type { RunState } from "../../agent/state.ts";
import type { Live } from "../../agent/world.ts";

export interface View {
  /** Every event, in order, with the state before and after it. */
  event(event: Event, before: RunState, after: RunState): void;
  /** Streamed text and output: told now or never. */
  live(live: Live): void;
  /** Nothing more will come; leaves the output as a pipe or a shell wants it. */
  close(): void;
}
