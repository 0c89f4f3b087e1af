// The one run this window shows: opened, driven, steered, stopped. Holds no truth of its own: what is seen is a fold of the journal,
// and closing the window at any instant loses nothing.

import * as vscode from "vscode";
import type { Run } from "../agent/engine.ts";
import type { Event } from "../agent/event.ts";
import { closingAnswer, ledgerOf } from "../agent/ledger.ts";
import { ok, type Result } from "../agent/result.ts";
import { goingOn } from "../agent/fuse/offer.ts";
import { emptyState, type RunState } from "../agent/state.ts";
import type { Live } from "../agent/world.ts";
import type { Imported } from "../node/parcel/import-run.ts";
import type { Parcel } from "../node/parcel/pack.ts";
import type { Rewind } from "../node/rewind.ts";
import type { AuditedRun } from "../node/audit/auditor.ts";
import type { Keep, StoredRun } from "../node/storage.ts";
import { headerOf, present, type Surroundings, type View } from "../protocol/present.ts";
import type { Header, RunLine } from "../protocol/to-view.ts";

/** A run opened for writing by this process. */
export interface OpenRun {
  readonly run: Run;
  /** Works until nothing more can happen; rejects with the signal's reason when it aborts. */
  drive(signal: AbortSignal): Promise<unknown>;
  /** How full its next request will be; undefined where there will be none. */
  context(): Header["context"];
  close(): Promise<void>;
}

/** Text that comes in for an item; undefined: what came since the last event is void. */
export interface Streamed {
  readonly id: string;
  readonly text: string | undefined;
}

/** Where runs come from. The engine and all it needs stand behind this door. */
export interface Runs {
  create(goal: string, watch: (live: Live) => void): Promise<Result<OpenRun>>;
  open(id: string, watch: (live: Live) => void): Promise<Result<OpenRun>>;
  /** Reads how a run stands, without taking it. */
  read(id: string): Promise<Result<RunState>>;
  list(): Promise<Result<readonly RunLine[]>>;
  delete(id: string): Promise<Result<void>>;
  /** What was asked for before, newest first. */
  goals(): Promise<readonly string[]>;
  /** The way back in a run that nobody drives. */
  rewind(id: string): Promise<Result<Rewind>>;
  /** A run as one file. */
  pack(id: string): Promise<Result<Parcel>>;
  /** Takes in a run that was exported to a file, into the folder the next run will work in. */
  take(path: string): Promise<Result<Imported>>;
  /** All runs of the open folders, verified; the newest last. */
  audited(): Promise<Result<readonly AuditedRun[]>>;
  /** What is kept of the runs of the open folders, newest first, and how much may be. */
  stored(): Promise<Result<Stored>>;
  /** Where a run's journal lies. */
  journalOf(id: string): Promise<Result<string>>;
}

export interface Stored {
  readonly runs: readonly StoredRun[];
  readonly keep: Keep;
}

export class Session implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #around: () => Omit<Surroundings, "driving" | "context">;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #delta = new vscode.EventEmitter<Streamed>();
  readonly #event = new vscode.EventEmitter<{ readonly event: Event; readonly run: Run }>();
  readonly onChange = this.#changed.event;
  readonly onDelta = this.#delta.event;
  readonly onEvent = this.#event.event;
  #open: OpenRun | undefined;
  #shown: RunState = emptyState;
  #flight: { readonly stop: AbortController; readonly landed: Promise<void> } | undefined;

  constructor(parts: {
    readonly runs: Runs;
    readonly around: () => Omit<Surroundings, "driving" | "context">;
    readonly log: vscode.LogOutputChannel;
  }) {
    this.#runs = parts.runs;
    this.#around = parts.around;
    this.#log = parts.log;
  }

  get state(): RunState {
    return this.#open?.run.state ?? this.#shown;
  }

  get run(): Run | undefined {
    return this.#open?.run;
  }

  get driving(): boolean {
    return this.#flight !== undefined;
  }

  header(): Header {
    return headerOf(this.state, this.#surroundings());
  }

  view(): View {
    return present(this.state, this.#surroundings());
  }

  #surroundings(): Surroundings {
    return { ...this.#around(), driving: this.driving, context: this.#open?.context() };
  }

  /** Tells the views that something outside the journal changed. */
  refresh(): void {
    this.#changed.fire();
  }

  async start(goal: string): Promise<Result<void>> {
    await this.#leave();
    return this.#take(await this.#runs.create(goal, (live) => this.#watch(live)));
  }

  /** Goes on with a run that stopped, was cut off, or waits. After a limit was hit it gets as much again as it was given at first; with a new plan if so. */
  async resume(id: string, offer: "more" | "replan" = "more"): Promise<Result<void>> {
    if (this.state.run?.id === id && this.driving) return ok(undefined);
    await this.#leave();
    const opened = await this.#runs.open(id, (live) => this.#watch(live));
    if (!opened.ok) return opened;
    const { state } = opened.value.run;
    if (state.ended?.outcome === "done") return this.#take(opened);
    const resumed = opened.value.run.append(goingOn(state, offer));
    await resumed.catch(async (error: unknown) => {
      await opened.value.close();
      throw error;
    });
    return this.#take(opened);
  }

  /** Shows a past run without touching it. */
  async show(id: string): Promise<Result<void>> {
    if (this.state.run?.id === id) return ok(undefined);
    const read = await this.#runs.read(id);
    if (!read.ok) return read;
    await this.#leave();
    this.#shown = read.value;
    this.#changed.fire();
    return ok(undefined);
  }

  /** Reads the run anew that is shown, after something else has written in its journal. */
  async reload(id: string): Promise<Result<void>> {
    if (this.state.run?.id !== id) return ok(undefined);
    this.#shown = emptyState;
    await this.#leave();
    this.#shown = emptyState;
    return this.show(id);
  }

  /** Lets go of the run at once, without a word in its journal. */
  pause(): Promise<void> {
    return this.#leave();
  }

  /** Goes on with a run that was forked, as the person says. */
  async goOn(id: string, text: string): Promise<Result<void>> {
    await this.#leave();
    const opened = await this.#runs.open(id, (live) => this.#watch(live));
    if (!opened.ok) return opened;
    await opened.value.run.append({ type: "run.resumed" });
    await opened.value.run.append({ type: "user.said", text });
    return this.#take(opened);
  }

  async say(text: string): Promise<void> {
    await this.#open?.run.append({ type: "user.said", text });
  }

  /** Stops the run as the user's wish, and says so in the journal. */
  async stop(): Promise<void> {
    const open = this.#open;
    if (!open || !this.#flight) return;
    await this.#ground();
    await open.run.world.jobs.stop("all", "run ended");
    const { state } = open.run;
    try {
      if (!state.ended)
        await open.run.append({
          type: "run.ended",
          outcome: "cancelled",
          answer: closingAnswer(state, "cancelled"),
          ledger: [...ledgerOf(state)],
        });
    } finally {
      await this.#leave();
    }
  }

  list(): Promise<Result<readonly RunLine[]>> {
    return this.#runs.list();
  }

  async delete(id: string): Promise<Result<void>> {
    if (this.state.run?.id === id) await this.clear();
    return this.#runs.delete(id);
  }

  /** Back to the empty state; a run that works is stopped first. */
  async clear(): Promise<void> {
    await this.stop();
    await this.#leave();
    this.#shown = emptyState;
    this.#changed.fire();
  }

  #take(opened: Result<OpenRun>): Result<void> {
    if (!opened.ok) return opened;
    const { run } = opened.value;
    this.#open = opened.value;
    run.onEvent((event) => {
      this.#event.fire({ event, run });
      this.#changed.fire();
    });
    const stop = new AbortController();
    const landed = opened.value
      .drive(stop.signal)
      .then(() => undefined)
      .catch((error: unknown) => this.#failed(error, stop.signal))
      .then(async () => {
        this.#flight = undefined;
        if (!stop.signal.aborted) await this.#leave();
        this.#changed.fire();
      });
    this.#flight = { stop, landed };
    this.#changed.fire();
    return ok(undefined);
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#log.error(error instanceof Error ? error : String(error));
    const said = `Proviso had to stop: ${error instanceof Error ? error.message : String(error)}`;
    void vscode.window.showErrorMessage(said, "Resume").then((choice) => choice && vscode.commands.executeCommand("proviso.resume"));
  }

  async #ground(): Promise<void> {
    this.#flight?.stop.abort(new DOMException("stopped by the user", "AbortError"));
    await this.#flight?.landed;
  }

  /** Lets go of the open run without a word in its journal: it can be taken up again here or elsewhere. */
  async #leave(): Promise<void> {
    await this.#ground();
    const open = this.#open;
    if (!open) return;
    this.#shown = open.run.state;
    this.#open = undefined;
    await open.close();
  }

  #watch(live: Live): void {
    if (live.of === "output") {
      const check = /^check-(.+)-\d+$/.exec(live.call);
      return this.#delta.fire({ id: check ? `step:${check[1]}` : `call:${live.call}`, text: live.chunk });
    }
    if (live.step !== undefined) this.#delta.fire({ id: `step:${live.step}`, text: live.of === "text" ? live.delta : undefined });
  }

  /** The window closes: flights are cancelled, the journal is left as it is, so that the next window goes on. */
  async shutDown(): Promise<void> {
    await this.#leave();
  }

  dispose(): void {
    this.#changed.dispose();
    this.#delta.dispose();
    this.#event.dispose();
  }
}
