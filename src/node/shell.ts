// The Shell port: one shell line in its own process group, confined where the platform can, its whole tree gone at the end.
// Composes the runner with the sandbox. Whether a command is confined is decided here for each command; a sandbox that
// cannot be had for one is a fault, never a silent run outside.

import { randomUUID } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Disturbance, Ending, Shell, Task, TrialOutcome, TrialRequest } from "../agent/world.ts";
import { refused } from "./errno.ts";
import { sandboxHint } from "./sandbox/hint.ts";
import type { Opening } from "./sandbox/ground.ts";
import type { Confiner, CopyDoor, Visit } from "./sandbox/confiner.ts";
import { openSandbox } from "./sandbox/sandbox.ts";
import { isListening } from "./shell/listening.ts";
import { Capture } from "./shell/capture.ts";
import type { CopyBounds, CopyPlan } from "./shell/copy.ts";
import { commandEnvironment } from "./shell/environment.ts";
import { findShell, type Launch, plainLaunch } from "./shell/launch.ts";
import { defaultLimits, type Limits } from "./shell/limits.ts";
import { realOrNothing } from "./shell/look.ts";
import { contains } from "./shell/path.ts";
import { PidFiles } from "./shell/pid-file.ts";
import { PipeStore } from "./shell/pipes.ts";
import { markName } from "./shell/process-tree.ts";
import { type Run, runLaunch } from "./shell/run.ts";
import { readSpill, Spill, spillPath } from "./shell/spill.ts";
import { runTrials, trialEnvironment, type TrialRun } from "./shell/trial.ts";

export interface ShellOptions {
  /** The workspace folder; it must exist. */
  readonly workspace: string;
  /** Folder for outputs too long to keep, one file per call. */
  readonly spill: string;
  /** Folder that remembers what runs, so that a later process can `reap` it. The same for all processes of one run. */
  readonly pids: string;
  /** Folder of ours, outside every workspace, that outlives runs. */
  readonly cache: string;
  /** Our own environment; commands get an allow-list of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `never` is for a person who chose so: every command then runs unconfined and says so. */
  readonly confine: "where possible" | "never";
  /** Names of further variables that commands may see. */
  readonly pass?: readonly string[];
  /** Folders outside the workspace that commands may read although they are confined. */
  readonly show?: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** The most that one private copy for trials may take. */
const copyBounds: CopyBounds = { files: 20_000, bytes: 256 * 1024 * 1024 };
const probeMs = 3000;
/** What Linux takes as one argument of a program. */
const longestLine = 128 * 1024 - 1;

/** Finds out whether commands can be confined here; where that was found out before it costs next to nothing. */
export async function openShell(options: ShellOptions): Promise<HostShell> {
  const root = realOrNothing(options.workspace);
  if (root === undefined) throw new Error(`the workspace folder ${options.workspace} does not exist`);
  const limits = { ...defaultLimits(), ...options.limits };
  const pipes = new PipeStore();
  const parts = { options, root, limits, pipes };
  if (options.confine === "never") return new NodeShell(parts, fail("unavailable", "it is switched off"));
  const { cache, env, pass = [], show = [] } = options;
  const open = process.platform === "darwin" ? (await import("./sandbox/seatbelt.ts")).openSeatbelt : openSandbox;
  const sandbox = await open({ root, cache, env, pass, show, limits }, async (launch, mark) => {
    const capture = new Capture(undefined, undefined);
    const run = await runLaunch({ launch, limits, timeoutMs: probeMs, mark, capture, pipes }, new AbortController().signal);
    return run.started && run.exit === 0
      ? ok(undefined)
      : fail("unavailable", capture.both.text().trim() || "it does not confine what it should");
  });
  return new NodeShell(parts, sandbox);
}

interface Parts {
  readonly options: ShellOptions;
  readonly root: string;
  readonly limits: Limits;
  readonly pipes: PipeStore;
}

/** The machine's shell: besides shell lines it runs git, for the adapter that speaks for git. */
export interface HostShell extends Shell {
  /** Runs a program of ours, its words never parsed by a shell, confined where the platform can. */
  program(program: Program, signal: AbortSignal): Promise<Result<Ending>>;
}

export interface Program extends Task {
  readonly words: readonly string[];
  readonly repository: Opening | undefined;
}

class NodeShell implements HostShell {
  readonly sandbox: Shell["sandbox"];
  readonly #sandbox: Confiner | undefined;
  readonly #parts: Parts;
  readonly #pids: PidFiles;
  /** What the audit found after commands that were cancelled, whose endings nobody saw. */
  readonly #unreported: Disturbance[] = [];

  constructor(parts: Parts, sandbox: Result<Confiner>) {
    this.#parts = parts;
    this.#pids = new PidFiles(parts.options.pids);
    this.#sandbox = sandbox.ok ? sandbox.value : undefined;
    this.sandbox = sandbox.ok ? { active: true, reason: sandbox.value.name } : { active: false, reason: sandbox.fault.message };
  }

  run(task: Task, signal: AbortSignal): Promise<Result<Ending>> {
    return this.program({ ...task, words: [], repository: undefined }, signal);
  }

  async program(task: Program, signal: AbortSignal): Promise<Result<Ending>> {
    signal.throwIfAborted();
    if (Buffer.byteLength(task.line) > longestLine) return fail("invalid", "The line is too long; put it into a script file and run that.");
    const cwd = this.#locate(task.cwd);
    if (!cwd.ok) return cwd;
    const release = task.background && !task.network ? await this.#sandbox?.share() : undefined;
    try {
      const first = await this.#attempt(task, cwd.value, signal);
      if (!first.stale || this.#sandbox?.forget === undefined) return first.result;
      this.#sandbox.forget();
      return (await this.#attempt(task, cwd.value, signal)).result;
    } finally {
      release?.();
    }
  }

  /** `stale`: the sandbox did not stand, perhaps since a file that it was to cover has gone; nothing ran. */
  async #attempt(task: Program, cwd: string, signal: AbortSignal): Promise<{ readonly stale: boolean; readonly result: Result<Ending> }> {
    const mark = this.#pids.mark(task.call);
    const visit = await this.#prepare(task, cwd, mark, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return refused("The command could not be prepared, so it did not run", error);
    });
    if (!visit.ok) return { stale: false, result: visit };
    const { launch, leave } = visit.value;
    const { options, limits, pipes } = this.#parts;
    const spill = new Spill(spillPath(options.spill, task.call), limits.outputBytes);
    const capture = new Capture(spill, task.onOutput);
    const onStarted = (pid: number): void => this.#pids.write(task.call, pid);
    try {
      const request = { launch, limits, timeoutMs: task.timeoutMs, mark, capture, pipes, onStarted };
      const run = await runLaunch(request, signal).catch(async (error: unknown) => {
        this.#unreported.push(...(await leave()));
        throw error;
      });
      const left = [...this.#unreported.splice(0), ...(await leave())];
      const result = run.started
        ? ok(endingOf(run, capture, spill, launch, left))
        : fail("unavailable", notStarted(capture.both.text()), { outsideHelps: true });
      return { stale: !run.started, result };
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      return { stale: false, result: fail("unavailable", `The command could not be started: ${why}.`) };
    } finally {
      spill.close();
      this.#pids.remove(task.call);
    }
  }

  async reap(call: string): Promise<void> {
    await this.#pids.reap(call);
  }

  async listens({ port, network }: { readonly port: number; readonly network: boolean }, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    return (network ? undefined : this.#sandbox?.listens(port)) ?? isListening(port);
  }

  output(call: string, signal: AbortSignal): Promise<Result<string>> {
    return readSpill(this.#parts.options.spill, call, signal);
  }

  async trial(request: TrialRequest, signal: AbortSignal): Promise<Result<readonly TrialOutcome[]>> {
    signal.throwIfAborted();
    const cwd = this.#locate(request.cwd);
    if (!cwd.ok) return cwd;
    const door = this.#sandbox === undefined ? ok(this.#plainCopyDoor()) : await this.#sandbox.enterCopies(signal);
    if (!door.ok) return door;
    const { root, limits, pipes } = this.#parts;
    const run = async (copy: string, plan: CopyPlan, stop: AbortSignal): Promise<Result<TrialRun>> => {
      const mark = randomUUID();
      const launch = door.value(copy, plan, { line: request.line, cwd: cwd.value, mark, network: false, set: trialEnvironment });
      const capture = new Capture(undefined, undefined);
      const ended = await runLaunch({ launch, limits, timeoutMs: request.timeoutMs, mark, capture, pipes }, stop);
      const output = capture.both.text();
      if (!ended.started) return fail("unavailable", notStarted(output));
      return ok({ exit: ended.exit, output: this.#sandbox?.copies === "mount" ? output : output.replaceAll(copy, root), ms: ended.ms });
    };
    return runTrials({ root, packages: this.#sandbox?.copies ?? "link", bounds: copyBounds, run }, request, signal);
  }

  async #prepare(task: Program, cwd: string, mark: string, signal: AbortSignal): Promise<Result<Visit>> {
    if (this.#sandbox !== undefined && task.outside !== true) {
      const { line, words, repository, network = false } = task;
      const command = { line, words, cwd, mark, network, set: {} };
      return repository ? this.#sandbox.enterRepository(command, repository) : this.#sandbox.enter(command, signal);
    }
    const launch = plainLaunch(task, { shell: findShell(), cwd, env: this.#plainEnvironment(mark, {}) }, this.#parts.limits);
    return ok({ launch, leave: async () => [] });
  }

  #plainCopyDoor(): CopyDoor {
    const { root, limits } = this.#parts;
    return (copy, _plan, { line, cwd, mark, set }) => {
      const place = { shell: findShell(), cwd: join(copy, relative(root, cwd)), env: this.#plainEnvironment(mark, set) };
      return plainLaunch({ line }, place, limits);
    };
  }

  #locate(cwd: string): Result<string> {
    const real = realOrNothing(cwd);
    if (real === undefined) return fail("missing", `The folder ${cwd} does not exist; choose one inside the workspace.`);
    if (!contains(this.#parts.root, real))
      return fail("denied", `The folder ${cwd} lies outside the workspace; run the command inside it.`);
    return ok(real);
  }

  #plainEnvironment(mark: string, set: Readonly<Record<string, string>>): Record<string, string> {
    const { env, pass = [] } = this.#parts.options;
    return commandEnvironment({ from: env, home: env["HOME"] ?? homedir(), temp: tmpdir(), pass, set: { ...set, [markName]: mark } });
  }
}

const notStarted = (said: string): string =>
  `The sandbox did not start, so the command did not run: ${said.trim().slice(0, 300) || "it said nothing"}. Ask the person to look at it.`;

function endingOf(run: Run, capture: Capture, spill: Spill, launch: Launch, audit: readonly Disturbance[]): Ending {
  const output = capture.both.text();
  const hint = launch.sandboxed && run.exit !== 0 ? sandboxHint(output) : undefined;
  return {
    exit: run.exit,
    signal: run.signal,
    killedBy: run.killedBy,
    output,
    stdout: capture.stdout.text(),
    stderr: capture.stderr.text(),
    truncated: capture.both.truncated,
    spill: spill.used ? spill.path : null,
    ms: run.ms,
    sandboxed: launch.sandboxed,
    ...(audit.length > 0 ? { audit } : {}),
    ...(hint === undefined ? {} : { hint: hint.text, outsideHelps: hint.outsideHelps }),
  };
}
