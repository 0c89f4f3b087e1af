// What of an imported run holds in this place: its conversation and its lessons. Nothing that was allowed elsewhere is allowed here,
// nothing proved elsewhere is proved here, and no file of here is touched for what happened there. Pure part of the fold in reduce.ts.

import { refused } from "./call-fold.ts";
import type { Event } from "./event.ts";
import { lostJobs } from "./job-fold.ts";
import { fail } from "./result.ts";
import { type CallState, emptyState, type RunState, type StepState, type Turn } from "./state.ts";

export function imported(state: RunState, event: Extract<Event, { type: "run.imported" }>): RunState {
  const { workspace, mode, limits, briefing, seq } = event;
  // A criterion that is a command stands in no plan, so nobody here would see it before it runs.
  const criteria = (state.run?.criteria ?? []).filter(({ by }) => by !== "command");
  return {
    ...state,
    run: state.run && { ...state.run, workspace, mode, limits, given: limits, briefing, criteria },
    criteria: criteria.map(() => undefined),
    plan: state.plan && { ...state.plan, settled: false, refused: undefined },
    steps: Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, doneElsewhere(step, seq)])),
    said: [...state.said, { seq, text: news }],
    spend: emptyState.spend,
    stepSpend: {},
    callCount: 0,
    waiting: [],
    restoring: undefined,
    jobs: lostJobs(state.jobs, seq),
    lastWrite: seq,
    // Whoever sent it wrote all of it.
    tainted: true,
    resumedAt: seq,
    unattended: 0,
    modelFault: undefined,
    capped: false,
    fuse: state.ended ? state.fuse : undefined,
  };
}

const news =
  "I brought this conversation into another workspace. Files may differ from what you saw: read them again before you change them.";

const doneElsewhere = (step: StepState, seq: number): StepState => ({
  ...step,
  turns: step.turns.map((turn) => turnElsewhere(turn, seq)),
  past: step.past.map(({ attempt, turns }) => ({ attempt, turns: turns.map((turn) => turnElsewhere(turn, seq)) })),
});

const turnElsewhere = (turn: Turn, seq: number): Turn => ({ ...turn, calls: turn.calls.map((call) => callElsewhere(call, seq)) });

/** What had not begun is to be judged anew; what had begun has ended; what it changed is not ours to put back unasked. */
function callElsewhere(call: CallState, seq: number): CallState {
  const { ended, changedBefore: _, ...rest } = call;
  if (ended) return { ...rest, ended: { ...ended, changed: [] }, outside: call.outside && "declined" };
  if (call.begun) return { ...rest, ended: refused(call, unknown, seq), outside: undefined };
  return { ...rest, ended, judged: undefined, asked: undefined, approved: undefined, hunks: undefined, outside: undefined };
}

const unknown = fail(
  "broken",
  "This had begun before the conversation was brought into this workspace; how it ended there is unknown, and nothing of it happened here. Look before you repeat it.",
).fault;
