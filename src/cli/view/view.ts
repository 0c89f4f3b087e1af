// What watches a run and tells it: one of json, plain or live. A view decides nothing and never throws.

import type { Event } from "../../agent/event.ts";
import { tell } from "../../agent/observe/transcript.ts";
import type { RunState } from "../../agent/state.ts";
import type { Live } from "../../agent/world.ts";
import { jsonLine, type Output } from "../io.ts";
import { render } from "./render.ts";
import type { Style } from "./style.ts";

export interface View {
  /** Every event, in order, with the state before and after it. */
  event(event: Event, before: RunState, after: RunState): void;
  /** Streamed text and output: told now or never. */
  live(live: Live): void;
  /** Nothing more will come; leaves the output as a pipe or a shell wants it. */
  close(): void;
}

/** The journal itself, line by line as it grows. */
export const jsonView = (output: Output): View => ({
  event: (event) => void output.write(jsonLine(event)),
  live: () => undefined,
  close: () => undefined,
});

/** Lines that only ever get longer: for pipes, files and dumb terminals. */
export const plainView = (output: Output, style: Style): View => ({
  event: (event, before, after) => {
    const rows = render(tell(event, before, after), style);
    if (rows.length > 0) output.write(`${rows.join("\n")}\n`);
  },
  live: () => undefined,
  close: () => undefined,
});
