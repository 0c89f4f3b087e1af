// start_job, job_output, stop_job: commands that go on in the background, such as a server or a watcher. A job is named by the call that
// started it. It is judged and confined like run_command, and ends with its step's check unless it is to be kept, else with the run.

import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import type { JobReport } from "../job.ts";
import type { Observation } from "./observation.ts";
import type { Tool } from "./tool.ts";

const StartInput = z.strictObject({
  line: z.string().min(1),
  cwd: z.string().optional(),
  /** Ready once something listens here. */
  port: z.int().min(1).max(65_535).optional(),
  /** Ready once its output matches. */
  pattern: z.string().min(1).max(500).refine(isPattern, "is not a regular expression").optional(),
  /** Runs on while the step is checked, and after. */
  keep: z.boolean().optional(),
});
const JobInput = z.strictObject({ job: z.string() });

const readyMs = 60_000;
const tailChars = 12_000;

export const startJob: Tool<z.infer<typeof StartInput>> = {
  kind: "observe",
  name: "start_job",
  description: "Run a line in the background; waits until port listens or pattern is printed. Ends with its step unless keep.",
  input: StartInput,
  timeoutMs: 120_000,
  outputChars: 16_000,
  recovery: "ask",
  undo: "It can be stopped; what it changes until then is not undone.",
  title: () => "Start a background job?",
  risk: ({ line, cwd = "." }) => ({ effects: ["execute"], paths: [], line, ...(cwd === "." ? {} : { cwd }), reversible: false }),
  async preview(world, { line, cwd = "." }) {
    const place = await world.files.locate(cwd);
    return place.ok ? ok({ kind: "command", line, cwd: place.value.shown }) : place;
  },
  async execute(world, { line, cwd = ".", port, pattern, keep = false }, signal, context) {
    const place = await world.files.locate(cwd);
    if (!place.ok) return place;
    const ready = port === undefined && pattern === undefined ? undefined : { port, pattern };
    const task = { job: context.call, line, cwd: place.value.real, network: context.grant.network, ready, readyMs };
    const started = await world.jobs.start(task, signal);
    if (!started.ok) return started;
    const { running, exit } = started.value;
    if (!running) return ok({ text: `It ended at once. ${reportText(started.value)}`, data: { exit }, trust: "workspace" });
    const how =
      started.value.ready === false
        ? `It runs but is not ready after ${readyMs / 1000} s`
        : started.value.ready
          ? "It runs and is ready"
          : "It runs";
    return ok({ text: `${how}: job ${context.call}.\n${outputText(started.value)}`, data: { job: { line, keep } }, trust: "workspace" });
  },
};

export const jobOutput: Tool<z.infer<typeof JobInput>> = {
  kind: "observe",
  name: "job_output",
  description: "What a job printed since the last look.",
  input: JobInput,
  timeoutMs: 15_000,
  outputChars: 16_000,
  recovery: "rerun",
  risk: () => ({ effects: [], paths: [], reversible: true }),
  async execute(world, { job }) {
    return tell(world.jobs.report(job), job);
  },
};

export const stopJob: Tool<z.infer<typeof JobInput>> = {
  kind: "observe",
  name: "stop_job",
  description: "Stop it.",
  input: JobInput,
  timeoutMs: 30_000,
  outputChars: 16_000,
  recovery: "rerun",
  risk: () => ({ effects: [], paths: [], reversible: true }),
  async execute(world, { job }) {
    await world.jobs.stop([job], "stopped");
    return tell(world.jobs.report(job), job);
  },
};

/** Of no use before a job has been started, so models are told of them only then: every word of a tool is paid for with every request. */
export const needsJob: readonly string[] = [jobOutput.name, stopJob.name];

function tell(report: JobReport | undefined, job: string): Result<Observation> {
  if (!report)
    return fail(
      "missing",
      `No job ${job} runs: it was never started, or it ended when Proviso was restarted; start it again if it is needed.`,
    );
  return ok({ text: reportText(report), data: { running: report.running, exit: report.exit }, trust: "workspace" });
}

function reportText(report: JobReport): string {
  const { running, exit, killedBy } = report;
  const how = running ? "running" : killedBy ? `stopped: ${killedBy}` : exit === null ? "stopped" : `exit ${exit}`;
  return `${how}\n${outputText(report)}`;
}

function outputText({ output, omitted, hint }: JobReport): string {
  const text = output.trimEnd();
  const cut = Math.max(0, text.length - tailChars);
  const left = omitted + cut > 0 ? `[... ${omitted + cut} characters before ...]\n` : "";
  return `${left}${text === "" ? "(no new output)" : text.slice(cut)}${hint === undefined ? "" : `\n${hint}`}`;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "m");
    return true;
  } catch {
    return false;
  }
}
