// A Log in memory that can be killed at any append, before or after the line is kept, or lose everything not yet synced.

import type { Log } from "../../src/agent/engine.ts";
import type { Event } from "../../src/agent/event.ts";

export class Killed extends Error {}

export interface Kill {
  readonly at: number;
  /** `before`: the line never got there. `after`: it did, but nobody was told. `power`: as after, and what was not synced is gone. */
  readonly when: "before" | "after" | "power";
}

export class MemoryLog implements Log {
  readonly events: Event[];
  #synced: number;
  #appends = 0;
  #dead = false;
  readonly #kill: Kill | undefined;

  constructor(events: readonly Event[] = [], kill?: Kill) {
    this.events = [...events];
    this.#synced = events.length;
    this.#kill = kill;
  }

  /** Throws once killed: a dead process has no effects. */
  alive(): void {
    if (this.#dead) throw new Killed();
  }

  async append(event: Event): Promise<void> {
    this.alive();
    const dies = this.#kill?.at === this.#appends++;
    if (dies && this.#kill?.when === "before") return this.#die();
    // Through JSON, as on disk: what does not survive that is not history.
    this.events.push(JSON.parse(JSON.stringify(event)) as Event);
    if (dies && this.#kill?.when === "power") this.events.length = this.#synced;
    if (dies) this.#die();
  }

  async synced(): Promise<void> {
    this.alive();
    this.#synced = this.events.length;
  }

  #die(): never {
    this.#dead = true;
    throw new Killed();
  }
}
