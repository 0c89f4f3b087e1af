// The Shell port: one shell line in its own process group, confined where the platform can, its whole tree gone at the end.
// Composes the runner with the sandbox. Whether a command is confined is decided here for each command; a sandbox that
// cannot be had for one is a fault, never a silent run outside.

import { randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Ending, Shell, Task, TrialOutcome, TrialRequest } from "../agent/world.ts";
import { Capture } from "./shell/capture.ts";
import type { CopyBounds, CopyPlan } from "./shell/copy.ts";
import { commandEnvironment } from "./shell/environment.ts";
import { findShell, plainLaunch } from "./shell/launch.ts";
import { defaultLimits, type Limits } from "./shell/limits.ts";
import { PidFiles } from "./shell/pid-file.ts";
import { PipeStore } from "./shell/pipes.ts";
import { markName } from "./shell/process-tree.ts";
import { type Run, runLaunch } from "./shell/run.ts";
import { Spill } from "./shell/spill.ts";
import { contains } from "./shell/path.ts";
import { runTrials, trialEnvironment, type TrialRun } from "./shell/trial.ts";

export interface ShellOptions {
  /** The workspace folder. */
  readonly workspace: string;
  /** Folder for outputs too long to keep, one file per call. */
  readonly spill: string;
  /** Folder that remembers what runs, so that a later process can `reap` it. The same for all processes of one run. */
  readonly pids: string;
  /** Our own environment; commands get an allow-list of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of further variables that commands may see. */
  readonly pass?: readonly string[];
  readonly limits?: Partial<Limits>;
}

/** The most that one private copy for trials may take. */
const copyBounds: CopyBounds = { files: 20_000, bytes: 256 * 1024 * 1024 };

export async function openShell(options: ShellOptions): Promise<Shell> {
  return new NodeShell(options);
}

class NodeShell implements Shell {
  readonly sandbox = { active: false, reason: "no sandbox is built in yet" };
  readonly #root: string;
  readonly #options: ShellOptions;
  readonly #limits: Limits;
  readonly #pids: PidFiles;
  readonly #pipes = new PipeStore();

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#root = realpathSync(options.workspace);
    this.#limits = { ...defaultLimits(), ...options.limits };
    this.#pids = new PidFiles(options.pids);
  }

  async run(task: Task, signal: AbortSignal): Promise<Result<Ending>> {
    signal.throwIfAborted();
    const cwd = this.#locate(task.cwd);
    if (!cwd.ok) return cwd;
    const mark = this.#pids.mark(task.call);
    const launch = plainLaunch(task.line, { shell: findShell(), cwd: cwd.value, env: this.#plainEnvironment(mark) }, this.#limits);
    const spill = new Spill(join(this.#options.spill, `${encodeURIComponent(task.call)}.txt`), this.#limits.outputBytes);
    const capture = new Capture(spill, task.onOutput);
    try {
      const run = await runLaunch(
        {
          launch,
          limits: this.#limits,
          timeoutMs: task.timeoutMs,
          mark,
          capture,
          pipes: this.#pipes,
          onStarted: (pid) => this.#pids.write(task.call, pid),
        },
        signal,
      );
      return ok(endingOf(run, capture, spill, launch.sandboxed));
    } catch (error) {
      signal.throwIfAborted();
      return fail("unavailable", `The command could not be started: ${error instanceof Error ? error.message : String(error)}.`);
    } finally {
      spill.close();
      this.#pids.remove(task.call);
    }
  }

  async reap(call: string): Promise<void> {
    await this.#pids.reap(call);
  }

  async trial(request: TrialRequest, signal: AbortSignal): Promise<Result<readonly TrialOutcome[]>> {
    signal.throwIfAborted();
    const cwd = this.#locate(request.cwd);
    if (!cwd.ok) return cwd;
    const within = relative(this.#root, cwd.value);
    const run = async (copy: string, _plan: CopyPlan, stop: AbortSignal): Promise<Result<TrialRun>> => {
      const mark = randomUUID();
      const env = { ...this.#plainEnvironment(mark), ...trialEnvironment };
      const launch = plainLaunch(request.line, { shell: findShell(), cwd: join(copy, within), env }, this.#limits);
      const capture = new Capture(undefined, undefined);
      const ended = await runLaunch(
        { launch, limits: this.#limits, timeoutMs: request.timeoutMs, mark, capture, pipes: this.#pipes },
        stop,
      );
      return ok({ exit: ended.exit, output: capture.both.text().replaceAll(copy, this.#root), ms: ended.ms });
    };
    return runTrials({ root: this.#root, packages: "link", bounds: copyBounds, masked: () => false, run }, request, signal);
  }

  #locate(cwd: string): Result<string> {
    if (!existsSync(cwd)) return fail("missing", `The folder ${cwd} does not exist; choose one inside the workspace.`);
    const real = realpathSync(cwd);
    if (!contains(this.#root, real)) return fail("denied", `The folder ${cwd} lies outside the workspace; run the command inside it.`);
    return ok(real);
  }

  #plainEnvironment(mark: string): Record<string, string> {
    const { env, pass } = this.#options;
    return commandEnvironment({ from: env, home: env["HOME"] ?? homedir(), temp: tmpdir(), pass: pass ?? [], set: { [markName]: mark } });
  }
}

function endingOf(run: Run, capture: Capture, spill: Spill, sandboxed: boolean): Ending {
  return {
    exit: run.exit,
    signal: run.signal,
    killedBy: run.killedBy,
    output: capture.both.text(),
    stdout: capture.stdout.text(),
    stderr: capture.stderr.text(),
    truncated: capture.both.truncated,
    spill: spill.used ? spill.path : null,
    ms: run.ms,
    sandboxed,
  };
}
