// How a run goes on: reopened after it had stopped, apart from the run it was forked from, or after a person put its files back.
// Pure parts of the fold in reduce.ts.

import type { Event } from "./event.ts";
import { lostJobs } from "./job-fold.ts";
import { changedPaths, emptyState, isHollow, type RunState, type StepState } from "./state.ts";

/** The model hears of it as of everything a person says; what was proved before it has to be proved again. */
export function putBack(state: RunState, event: Extract<Event, { type: "restore.ended" }>): RunState {
  const next = { ...state, restoring: undefined };
  if (event.changed.length === 0) return next;
  const files = event.changed.map(({ shown }) => shown).join(", ");
  const text = `I put files back as they were ${state.restoring?.point ?? "earlier"}: ${files}. Read them again before you change them.`;
  return { ...next, said: [...state.said, { seq: event.seq, text }], lastWrite: event.seq, undone: state.ended !== undefined };
}

/** What waited, how it ended and what it cost are the other run's; this one begins with the same allowance. */
export function forked(state: RunState, event: Extract<Event, { type: "run.forked" }>): RunState {
  return {
    ...state,
    spend: emptyState.spend,
    callCount: 0,
    waiting: [],
    restoring: undefined,
    forkedFrom: event.from,
    // The files may be those of a later moment.
    lastWrite: event.seq,
    jobs: lostJobs(state.jobs, event.seq),
    undone: false,
    resumedAt: event.seq,
    unattended: 0,
    modelFault: undefined,
    // Another model may answer from here on.
    squeezed: {},
    capped: false,
    fuse: undefined,
    ended: undefined,
  };
}

/** A run that had stopped goes on: fuses are mended, failed steps get new attempts, refusals by absence are forgotten; with a new plan if so. */
export function reopen(state: RunState, { limits, replan, seq }: Extract<Event, { type: "run.resumed" }>): RunState {
  const forgive = (step: StepState): StepState =>
    (step.status === "failed" && state.ended?.outcome !== "cancelled") || (isHollow(step) && state.ended?.outcome === "stopped")
      ? { ...freshAttempt(step), forgiven: { attempts: step.attempt, turns: 0 } }
      : { ...step, forgiven: { attempts: step.attempt - 1, turns: step.turns.length } };
  return {
    ...state,
    run: state.run && limits ? { ...state.run, limits } : state.run,
    plan:
      replan || !state.plan || state.plan.refused === undefined ? (replan ? undefined : state.plan) : { ...state.plan, refused: undefined },
    replan: replan ? [...state.replan, whyAnew(state)] : state.replan,
    steps: state.ended ? Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, forgive(step)])) : state.steps,
    forkedFrom: undefined,
    // A question about what is planned no longer is none any more.
    waiting: replan ? [] : state.waiting,
    jobs: lostJobs(state.jobs, seq),
    undone: false,
    resumedAt: seq,
    unattended: 0,
    modelFault: undefined,
    // Another model may answer from here on.
    squeezed: {},
    capped: false,
    fuse: undefined,
    ended: undefined,
  };
}

/** What the next plan has to know of the one it takes the place of. */
function whyAnew(state: RunState): string {
  const { fuse, steps } = state;
  const open = Object.values(steps).filter(({ status }) => status !== "verified");
  const left = [...new Set(open.flatMap(changedPaths).map(({ shown }) => shown))];
  const files = left.length > 0 ? ` It left changes in ${left.join(", ")}.` : "";
  return `${fuse ? fuse.diagnosis : "A person wanted another one."}${state.undone ? "" : files}`;
}

/** The next attempt at a step, with the earlier ones kept. */
export const freshAttempt = (step: StepState): StepState => ({
  ...step,
  status: "open",
  attempt: step.attempt + 1,
  turns: [],
  summary: undefined,
  summarised: 0,
  forgiven: { ...step.forgiven, turns: 0 },
  past: [...step.past, { attempt: step.attempt, turns: step.turns }],
  proof: undefined,
  remedy: undefined,
});
