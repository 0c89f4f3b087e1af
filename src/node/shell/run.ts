// Runs one launch to its end: output in, limits watched, time kept, and at the end not one process left.
// Never hangs on an inherited pipe: after the command's exit whoever still holds its output is killed.

import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ending } from "../../agent/world.ts";
import type { Capture, StreamName } from "./capture.ts";
import type { Launch } from "./launch.ts";
import type { Limits } from "./limits.ts";
import type { PipeStore } from "./pipes.ts";
import { MemoryFiles } from "./memory-file.ts";
import { privateBytes, proportionalBytes } from "./process-table.ts";
import { ProcessTree, send } from "./process-tree.ts";
import { type Child, spawnLaunch } from "./spawn.ts";

export interface RunRequest {
  readonly launch: Launch;
  readonly limits: Limits;
  readonly timeoutMs: number;
  /** Value of the marking variable in the launch's environment. */
  readonly mark: string;
  readonly capture: Capture;
  readonly pipes: PipeStore;
  /** Called once with the pid of our child, before anything else can happen. */
  readonly onStarted?: (pid: number) => void;
}

export interface Run {
  /** False: what was to confine the command never stood, so the command did not run. */
  readonly started: boolean;
  /** As the shell says it, so 128 + n for a command that died of a signal; null when we killed it or it killed its parent. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly killedBy: Ending["killedBy"];
  readonly ms: number;
}

const watchMs = 250;
/** How long a finished command's children may go on writing before they are killed. */
const lingerMs = 100;
/** A process that outlives KILL by this much is stuck in the kernel; we go on without it. */
const stuckMs = 3000;

/** Rejects with the signal's reason when cancelled, and with the system's error when the program cannot be started. */
export async function runLaunch(request: RunRequest, signal: AbortSignal): Promise<Run> {
  signal.throwIfAborted();
  const begun = performance.now();
  const child = await spawnLaunch(request.launch, request.pipes);
  request.onStarted?.(child.pid);
  const attempt = new Attempt(child, request);
  const cancel = (): void => attempt.stop("cancelled");
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const run = await attempt.ended();
    signal.throwIfAborted();
    return { ...run, ms: performance.now() - begun };
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

type StopReason = NonNullable<Ending["killedBy"]> | "cancelled";

class Attempt {
  readonly #child: Child;
  readonly #request: RunRequest;
  readonly #tree: ProcessTree;
  readonly #exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #memoryFiles = new MemoryFiles();
  readonly #timers: NodeJS.Timeout[];
  #status = "";
  #started = false;
  #reason: StopReason | undefined;
  #sent: NodeJS.Signals | null = null;
  #stuck: (() => void) | undefined;

  constructor(child: Child, request: RunRequest) {
    this.#child = child;
    this.#request = request;
    this.#tree = new ProcessTree(child.pid, request.mark);
    this.#exited = new Promise((resolve) => {
      child.process.once("exit", (code, signal) => resolve({ code, signal }));
      this.#stuck = () => resolve({ code: null, signal: null });
    });
    child.status.on("data", (chunk) => this.#hear(String(chunk)));
    child.standing.once("data", () => {
      this.#started = true;
    });
    for (const stream of ["stdout", "stderr"] as const) child[stream].on("data", (chunk: Buffer) => this.#take(stream, chunk));
    this.#timers = [setTimeout(() => this.stop("timeout"), request.timeoutMs), setInterval(() => this.#watch(), watchMs)];
  }

  /** Asks everyone to end, and makes them after a grace; the first reason counts. */
  stop(reason: StopReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const { graceMs, cancelGraceMs } = this.#request.limits;
    if (reason !== "timeout" && reason !== "cancelled") return this.#kill();
    this.#sent = "SIGTERM";
    // the supervisor reports the end, and the sandbox's init is the sandbox: both go last
    this.#tree.signal("SIGTERM", [this.#child.pid, ...(this.#request.launch.sandboxed ? this.#inner() : [])]);
    this.#timers.push(setTimeout(() => this.#kill(), reason === "timeout" ? graceMs : cancelGraceMs));
  }

  async ended(): Promise<Omit<Run, "ms">> {
    const { code, signal } = await this.#exited;
    const closed = Promise.all([this.#child.stdout, this.#child.stderr, this.#child.status, this.#child.standing].map(closing));
    await within(lingerMs, closed);
    await this.#bury();
    await within(lingerMs, closed);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#child.destroy();
    this.#request.capture.end();
    const reported = /"exit-code": (\d+)/.exec(this.#status)?.[1];
    const stopped = this.#reason !== undefined;
    return {
      started: this.#started,
      exit: stopped ? null : reported === undefined ? code : Number(reported),
      signal: stopped ? this.#sent : signal,
      killedBy: this.#reason === "cancelled" ? null : (this.#reason ?? null),
    };
  }

  /** Ends when no process of the command is left. */
  async #bury(): Promise<void> {
    const deadline = performance.now() + stuckMs;
    for (let pause = 1; this.#tree.alive().length > 0 && performance.now() < deadline; pause = Math.min(pause * 2, 50)) {
      this.#tree.signal("SIGKILL");
      await sleep(pause);
    }
  }

  #kill(): void {
    this.#sent = "SIGKILL";
    for (const pid of this.#inner()) {
      // the whole group at once, so that it cannot fork away; in a sandbox this is its init and ends everyone inside
      send(-pid, "SIGKILL");
      send(pid, "SIGKILL");
    }
    this.#tree.signal("SIGKILL");
    this.#timers.push(setTimeout(() => this.#stuck?.(), stuckMs));
  }

  #hear(text: string): void {
    this.#status += text;
    for (const pid of this.#inner()) this.#tree.adopt(pid);
  }

  /** The line's own process, or in a sandbox its init; known once the launch has told. */
  #inner(): readonly number[] {
    const told = /"child-pid": (\d+)/.exec(this.#status)?.[1];
    return told === undefined ? [] : [Number(told)];
  }

  #take(stream: StreamName, chunk: Buffer): void {
    const { capture, limits } = this.#request;
    if (capture.received > limits.outputBytes) return;
    capture.push(stream, chunk);
    if (capture.received > limits.outputBytes) this.stop("output-limit");
  }

  #watch(): void {
    const { limits } = this.#request;
    const members = this.#tree.alive();
    if (members.length > limits.processes) return this.stop("process-limit");
    const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
    const resident = sum(members.map((entry) => entry.resident));
    const pids = members.map(({ pid }) => pid);
    const files = this.#memoryFiles.bytes(pids, Math.max(limits.memoryBytes - resident, limits.memoryBytes / 8));
    if (resident + files <= limits.memoryBytes) return;
    // what is both mapped and in a descriptor counts once
    const mapped = sum(members.map(proportionalBytes));
    if (Math.max(mapped, sum(members.map(privateBytes)) + files) > limits.memoryBytes) this.stop("memory-limit");
  }
}

async function closing(stream: Readable): Promise<void> {
  if (!stream.closed) await new Promise<void>((resolve) => stream.once("close", resolve));
}

/** Waits for the promise, but not longer than so many milliseconds. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
}
