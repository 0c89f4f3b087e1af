// Which background jobs a run has, folded from its events; and how they are told to the model, whose prompt is a fold as well.

import * as z from "zod";
import type { Event } from "./event.ts";
import type { JobState, RunState } from "./state.ts";

/** What the call that started a job leaves in its observation. */
const Started = z.object({ job: z.object({ line: z.string(), keep: z.boolean() }) });

export function jobsAfter(jobs: readonly JobState[], event: Extract<Event, { type: "call.ended" | "job.ended" }>): readonly JobState[] {
  if (event.type === "job.ended") {
    const { why, exit, seq } = event;
    return jobs.map((one) => (one.job === event.job && !one.ended ? { ...one, ended: { why, exit, seq } } : one));
  }
  if (!event.outcome.ok) return jobs;
  const started = Started.safeParse(event.outcome.observation.data);
  if (!started.success) return jobs;
  const { line, keep } = started.data.job;
  return [...jobs, { job: event.call, line, keep, step: event.call.split(".")[0] ?? "", at: event.at, ended: undefined }];
}

/** After a resume nothing runs that ran before: jobs end with the process that started them. */
export const lostJobs = (jobs: readonly JobState[], seq: number): readonly JobState[] =>
  jobs.some((one) => !one.ended) ? jobs.map((one) => (one.ended ? one : { ...one, ended: { why: "lost", exit: null, seq } })) : jobs;

export const runningJobs = ({ jobs }: Pick<RunState, "jobs">): readonly JobState[] => jobs.filter((one) => !one.ended);

/** Those that end when their step is about to be checked. */
export const passingJobs = (state: RunState, step: string): readonly string[] =>
  runningJobs(state).flatMap((one) => (one.step === step && !one.keep ? [one.job] : []));

/** "ended: exit 1", "stopped with its step". */
export function endText({ why, exit }: Pick<NonNullable<JobState["ended"]>, "why" | "exit">): string {
  switch (why) {
    case "exited":
      return exit === null ? "was stopped" : `ended: exit ${exit}`;
    case "stopped":
      return "stopped";
    case "step ended":
      return "stopped with its step";
    case "run ended":
      return "stopped with the run";
    case "lost":
      return "ended when Proviso was interrupted";
  }
}

/** What nobody would tell the model otherwise: jobs that ended without being asked to, each with the place of its end. */
export const jobNews = (state: RunState): readonly { readonly seq: number; readonly text: string }[] =>
  state.jobs.flatMap((one) =>
    one.ended && (one.ended.why === "exited" || one.ended.why === "lost")
      ? [{ seq: one.ended.seq, text: `[Job ${one.job} (${one.line}) ${endText(one.ended)}.]` }]
      : [],
  );
