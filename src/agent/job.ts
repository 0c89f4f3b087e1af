// The port of background jobs: what is asked of them and what they tell. jobs.ts builds them over any shell.

import type { Result } from "./result.ts";

/** Commands that go on in the background. None outlives the process that started it. */
export interface Jobs {
  /** Starts one and waits until it is ready, has ended, or has had its time. Cancelling stops it. Faults: it could not be started. */
  start(task: JobTask, signal: AbortSignal): Promise<Result<JobReport>>;
  /** How it stands, and what it printed since the last report; undefined for one that this process never had. */
  report(job: string): JobReport | undefined;
  /** Stops those that still run; returns once nothing of them is left. */
  stop(jobs: readonly string[] | "all", why: JobEnd["why"]): Promise<void>;
}
export interface JobTask {
  /** The call that starts it. */
  readonly job: string;
  readonly line: string;
  /** Absolute folder inside the workspace. */
  readonly cwd: string;
  readonly network: boolean;
  /** What tells that it is ready: a TCP port that listens, or output that matches. */
  readonly ready: { readonly port: number | undefined; readonly pattern: string | undefined } | undefined;
  readonly readyMs: number;
}
export interface JobReport {
  readonly running: boolean;
  /** Only where there was something to wait for. */
  readonly ready?: boolean;
  readonly exit: number | null;
  readonly killedBy: "timeout" | "output-limit" | "memory-limit" | "process-limit" | null;
  readonly output: string;
  /** Characters of new output that were not kept. */
  readonly omitted: number;
  readonly hint?: string;
}
export interface JobEnd {
  readonly job: string;
  readonly exit: number | null;
  readonly why: "exited" | "stopped" | "step ended" | "run ended";
  readonly ms: number;
  /** Where it ended otherwise than by itself or by us. */
  readonly said?: string;
}
