// The loop: asks next what may happen, flies a performer for each command, appends what it brings back, and asks again.
// Invariants: events are appended one at a time, in the order their flights land; two commands of one subject never fly together;
// a performer that throws anything but a cancellation stops the run with a diagnosis, and the journal says so.

import { cleanse } from "./cleanse.ts";
import type { Event, EventBody } from "./event.ts";
import { type Command, next, subjectOf } from "./next.ts";
import { reduce } from "./reduce.ts";
import type { RunState } from "./state.ts";
import type { Catalog } from "./tool/catalog.ts";
import type { World } from "./world.ts";

/** One function per command word. It ends in exactly one event, or in none when it was cancelled, and never calls another. */
export type Performers = {
  readonly [Word in Command["do"]]: (
    run: Run,
    command: Extract<Command, { do: Word }>,
    signal: AbortSignal,
  ) => Promise<EventBody | undefined>;
};

/** Where events are kept. `append` returns once the line is handed to the operating system; `synced` once it would survive a power cut. */
export interface Log {
  append(event: Event): Promise<void>;
  synced(): Promise<void>;
}

/** One run in this process: its world, its state so far, and the only door through which events enter. */
export class Run {
  #state: RunState;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(event: Event, state: RunState) => void>();

  readonly world: World;
  readonly tools: Catalog;
  readonly #log: Log;

  constructor(parts: { readonly world: World; readonly tools: Catalog; readonly log: Log; readonly state: RunState }) {
    this.world = parts.world;
    this.tools = parts.tools;
    this.#log = parts.log;
    this.#state = parts.state;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Makes what was told safe to keep, appends and folds. Rejects when the journal cannot be written; the state then is as if nothing had happened. */
  append(body: EventBody): Promise<RunState> {
    const appended = this.#tail.then(async () => {
      const safe = await cleanse(body, this.world.secrets);
      const event: Event = { v: 1, seq: this.#state.seq + 1, at: this.world.clock.now(), ...safe };
      await this.#log.append(event);
      this.#state = reduce(this.#state, event);
      for (const listener of this.#listeners) listener(event, this.#state);
      return this.#state;
    });
    this.#tail = appended.catch(() => undefined);
    return appended;
  }

  /** Waits until everything appended so far would survive a power cut. Called before any effect. */
  synced(): Promise<void> {
    return this.#log.synced();
  }

  /** Calls back after every event, in order. Returns how to stop. */
  onEvent(listener: (event: Event, state: RunState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

interface Landing {
  readonly subject: string;
  readonly body: EventBody | undefined;
}

/**
 * Drives the run until nothing more can happen. When the signal aborts, every flight is cancelled, what they still bring back is
 * appended, and the promise rejects with the signal's reason; the run can be driven again at any time.
 */
export async function drive(run: Run, performers: Performers, signal: AbortSignal): Promise<RunState> {
  const flights = new Map<string, Promise<Landing>>();
  const grounded = new AbortController();
  const anySignal = AbortSignal.any([signal, grounded.signal]);
  const land = async (): Promise<void> => {
    const { subject, body } = await Promise.race(flights.values());
    flights.delete(subject);
    if (body) await run.append(body);
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const decision = next(run.state, run.world.clock.now());
      if ("blow" in decision) {
        grounded.abort(new DOMException("a fuse blew", "AbortError"));
        while (flights.size > 0) await land();
        await run.append({ type: "fuse.blown", ...decision.blow });
        return await drive(run, performers, signal);
      }
      for (const command of decision.commands) {
        const subject = subjectOf(command);
        if (!flights.has(subject)) flights.set(subject, fly(run, performers, command, anySignal));
      }
      if (flights.size === 0) return run.state;
      await land();
    }
  } finally {
    grounded.abort(new DOMException("the run stopped", "AbortError"));
    while (flights.size > 0) await land().catch(() => undefined);
  }
}

/** Never rejects: a cancelled performer lands empty, a broken one lands with the diagnosis. */
async function fly(run: Run, performers: Performers, command: Command, signal: AbortSignal): Promise<Landing> {
  const subject = subjectOf(command);
  try {
    return { subject, body: await perform(run, performers, command, signal) };
  } catch (error) {
    if (signal.aborted) return { subject, body: undefined };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { subject, body: { type: "fuse.blown", fuse: "internal", diagnosis: `Proviso itself failed at "${command.do}": ${message}` } };
  }
}

function perform<Word extends Command["do"]>(
  run: Run,
  performers: Performers,
  command: Extract<Command, { do: Word }>,
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const performer: Performers[Word] = performers[command.do];
  return performer(run, command, signal);
}
