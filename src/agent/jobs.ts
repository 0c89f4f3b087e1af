// Background jobs: commands that go on beside the run, confined like any other. Each ends with a stop, with its run or with this
// process; none outlives it. Keeps the end of each job's output, bounded; what of it was told already is not told again.

import { disturbedText } from "./disturbance.ts";
import { fail, ok, type Result } from "./result.ts";
import type { Jobs, JobEnd, JobReport, JobTask } from "./job.ts";
import type { Clock, Ending, Shell } from "./world.ts";

/** Most of a job's output that is kept, in characters. */
const keptChars = 64_000;
const pollMs = 100;
/** How long a job without a probe is looked at before it counts as running. */
const settleMs = 700;
/** The longest a timer waits: jobs have no time limit of their own. */
const endlessMs = 2 ** 31 - 1;
const most = 8;

export interface JobParts {
  /** Asked for when a job starts: a place may put its own shell before the machine's. */
  readonly shell: () => Shell;
  readonly clock: Clock;
  readonly onOutput: (job: string, chunk: string) => void;
  /** Called once for each job that came to stand, when nothing of it runs any more. */
  readonly onEnd: (end: JobEnd) => void;
}

export function openJobs(parts: JobParts): Jobs {
  const jobs = new Map<string, Job>();
  return {
    async start(task, signal) {
      signal.throwIfAborted();
      const running = [...jobs.values()].filter((job) => job.running).length;
      if (running >= most) return fail("unavailable", `${most} jobs are running already; stop one first.`);
      const job = new Job(task, parts);
      jobs.set(task.job, job);
      return job.stand(signal);
    },
    report: (id) => jobs.get(id)?.report(),
    async stop(ids, why) {
      const chosen = ids === "all" ? [...jobs.values()] : ids.flatMap((id) => jobs.get(id) ?? []);
      await Promise.all(chosen.map((job) => job.stop(why)));
    },
  };
}

class Job {
  readonly #task: JobTask;
  readonly #parts: JobParts;
  readonly #stop = new AbortController();
  readonly #begun: number;
  readonly #ended: Promise<void>;
  #kept = "";
  /** Characters dropped from the front of `#kept`, and how far it was told. */
  #dropped = 0;
  #told = 0;
  #ending: Ending | string | undefined;
  #why: JobEnd["why"] = "exited";
  /** It has stood, so its end is worth an event; before that its call tells it. */
  #stood = false;
  #over = false;

  constructor(task: JobTask, parts: JobParts) {
    this.#task = task;
    this.#parts = parts;
    this.#begun = parts.clock.now();
    this.#ended = this.#run();
  }

  get running(): boolean {
    return !this.#over;
  }

  /** Waits until it is ready, has ended, or has had its time. */
  async stand(signal: AbortSignal): Promise<Result<JobReport>> {
    const { ready, readyMs } = this.#task;
    const { clock } = this.#parts;
    const until = clock.now() + (ready ? readyMs : settleMs);
    let isReady = false;
    try {
      while (!this.#over && !isReady && clock.now() < until) {
        await Promise.race([this.#ended, clock.sleep(pollMs, signal)]);
        isReady = ready !== undefined && (await this.#probe(ready, signal));
      }
    } catch (error) {
      await this.stop("stopped");
      throw error;
    }
    this.#stood = !this.#over;
    if (typeof this.#ending === "string") return fail("unavailable", this.#ending);
    return ok({ ...this.report(), ...(ready ? { ready: isReady && !this.#over } : {}) });
  }

  /** How it stands, and what it said since the last report. */
  report(): JobReport {
    const from = Math.max(0, this.#told - this.#dropped);
    const omitted = Math.max(0, this.#dropped - this.#told);
    const output = this.#kept.slice(from);
    this.#told = this.#dropped + this.#kept.length;
    const ending = typeof this.#ending === "object" ? this.#ending : undefined;
    const hints = [...(ending?.hint === undefined ? [] : [ending.hint]), ...disturbedText(ending?.audit)];
    return {
      running: !this.#over,
      exit: ending?.exit ?? null,
      killedBy: ending?.killedBy ?? null,
      output,
      omitted,
      ...(hints.length === 0 ? {} : { hint: hints.join("\n") }),
    };
  }

  async stop(why: JobEnd["why"]): Promise<void> {
    if (!this.#over) {
      this.#why = why;
      this.#stop.abort(new DOMException("the job was stopped", "AbortError"));
    }
    await this.#ended;
  }

  async #probe({ port, pattern }: NonNullable<JobTask["ready"]>, signal: AbortSignal): Promise<boolean> {
    if (pattern !== undefined && new RegExp(pattern, "m").test(this.#kept)) return true;
    return port !== undefined && this.#parts.shell().listens({ port, network: this.#task.network }, signal);
  }

  async #run(): Promise<void> {
    const { job, line, cwd, network } = this.#task;
    const task = { call: job, line, cwd, network, background: true, timeoutMs: endlessMs, onOutput: (chunk: string) => this.#hear(chunk) };
    try {
      const ending = await this.#parts.shell().run(task, this.#stop.signal);
      this.#ending = ending.ok ? ending.value : ending.fault.message;
      this.#why = "exited";
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#ending = error instanceof Error ? error.message : String(error);
    }
    this.#over = true;
    if (!this.#stood) return;
    const exit = typeof this.#ending === "object" ? this.#ending.exit : null;
    const said = typeof this.#ending === "string" ? { said: this.#ending } : {};
    this.#parts.onEnd({ job, exit, why: this.#why, ms: this.#parts.clock.now() - this.#begun, ...said });
  }

  #hear(chunk: string): void {
    this.#parts.onOutput(this.#task.job, chunk);
    this.#kept += chunk;
    const excess = this.#kept.length - keptChars;
    if (excess <= 0) return;
    this.#kept = this.#kept.slice(excess);
    this.#dropped += excess;
  }
}
