// The view of a person at a terminal: lines as they happen, and below them what goes on right now. Owns the terminal and a timer.
// Streamed text is shown while it comes and gone when the event with the whole of it arrives.

import type { Event } from "../../agent/event.ts";
import { type Activity, activities } from "../../agent/observe/activity.ts";
import type { Line } from "../../agent/observe/line.ts";
import { tell } from "../../agent/observe/transcript.ts";
import { emptyState, type RunState } from "../../agent/state.ts";
import type { Live } from "../../agent/world.ts";
import type { Io } from "../io.ts";
import { Terminal } from "../terminal/terminal.ts";
import { statusRows } from "./status.ts";
import { styleFor } from "./style.ts";
import type { View } from "./view.ts";

export interface LiveViewParts {
  readonly io: Io;
  readonly now: () => number;
  readonly onInterrupt: () => void;
  readonly onSaid: (text: string) => void;
}

const tickMs = 120;
const ticksPerSecond = Math.round(1000 / tickMs);
const streamChars = 2000;
/** Events that bring the whole of what was streamed. */
const streamed: ReadonlySet<Event["type"]> = new Set(["model.replied", "call.ended", "step.checked", "criterion.checked"]);

export class LiveView implements View {
  readonly terminal: Terminal;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #state: RunState = emptyState;
  #activities: readonly Activity[] = [];
  #plan: readonly Line[] = [];
  /** The end of what comes in, of one source at a time. */
  #stream = { of: "", text: "" };
  #tick = 0;
  #dirty = false;

  constructor({ io, now, onInterrupt, onSaid }: LiveViewParts) {
    this.#now = now;
    this.terminal = new Terminal({
      input: io.stdin,
      output: io.stdout,
      style: () => styleFor(io.stdout, io.env),
      status: (columns) => this.#rows(columns, io),
      onInterrupt,
      suspend: io.suspend,
      onSaid,
      now,
    });
    this.#timer = setInterval(() => this.#beat(), tickMs);
  }

  event(event: Event, before: RunState, after: RunState): void {
    this.#state = after;
    this.#activities = activities(this.#activities, after, this.#now());
    if (streamed.has(event.type)) this.#stream = { of: "", text: "" };
    const lines = this.#withPlan(event, tell(event, before, after));
    // What is asked is shown whole, as a card, by whoever asks.
    if (event.type === "approval.asked") this.terminal.refresh();
    else if (lines.length > 0) this.terminal.print(lines);
  }

  live(live: Live): void {
    const of = live.of === "output" ? `call ${live.call}` : `step ${live.step}`;
    if (live.of === "restart") {
      if (this.#stream.of === of) this.#stream = { of, text: "" };
      this.#dirty = true;
      return;
    }
    const before = this.#stream.of === of ? this.#stream.text : "";
    this.#stream = { of, text: (before + (live.of === "text" ? live.delta : live.chunk)).slice(-streamChars) };
    this.#dirty = true;
  }

  /** A plan is held back until it is settled: whom it was put to has seen it on the card, and need not see it twice. */
  #withPlan(event: Event, lines: readonly Line[]): readonly Line[] {
    if (event.type === "approval.asked") return [];
    const held = this.#plan;
    this.#plan = event.type === "plan.made" ? lines : [];
    if (event.type === "plan.made") return held;
    return event.type === "plan.settled" && event.by === "person" ? lines : [...held, ...lines];
  }

  /** A run that goes on from an earlier journal: its state is known before the first new event. */
  seed(state: RunState): void {
    this.#state = state;
  }

  close(): void {
    clearInterval(this.#timer);
    this.terminal.close();
  }

  /** Draws again only where something can have changed: while nothing moves, nothing is written. */
  #beat(): void {
    this.#tick++;
    const moving = this.#activities.some((one) => !one.waits);
    const counting = this.#state.waiting.some(({ deadline }) => deadline !== undefined) && this.#tick % ticksPerSecond === 0;
    if (moving || counting || this.#dirty) this.terminal.refresh();
    this.#dirty = false;
  }

  #rows(columns: number, io: Io): readonly string[] {
    const status = {
      state: this.#state,
      activities: this.#activities,
      stream: this.#stream.text,
      now: this.#now(),
      tick: this.#tick,
      asking: this.terminal?.asking ?? false,
    };
    return statusRows(status, columns, styleFor(io.stdout, io.env));
  }
}
