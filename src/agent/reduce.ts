// The fold of a journal into RunState: pure, and the only place that interprets events.
// An event about something unknown is ignored, so that an old journal never breaks a newer reader.

import type { ApprovalRequest, ApprovalSubject, Resolution } from "./approval.ts";
import { answered, bringsForeign, denial, disturbs, draft, ending, put, refused, unconfined } from "./call-fold.ts";
import { checkText } from "./check-text.ts";
import type { Event, EventBody, LedgerEntry, Remedy } from "./event.ts";
import type { Plan } from "./plan.ts";
import { imported } from "./imported.ts";
import { raised } from "./limit.ts";
import { errorLine, signatureOf } from "./fuse/signature.ts";
import { forked, freshAttempt, putBack, reopen } from "./reopen.ts";
import { jobsAfter } from "./job-fold.ts";
import { assertNever } from "./result.ts";
import { spent } from "./spend-fold.ts";
import { squeezed } from "./squeeze.ts";
import {
  type CallState,
  changedPaths,
  type Checked,
  emptyState,
  findCall,
  type RunState,
  sameSubject,
  type StepState,
  type Turn,
} from "./state.ts";

export const fold = (events: readonly Event[]): RunState => events.reduce(reduce, emptyState);

/** Folds one more event. Events come in the order of their `seq`; an event about something unknown is ignored. */
export function reduce(state: RunState, event: Event): RunState {
  const worked = state.waiting.length > 0 || event.type === "run.resumed" || state.seq === 0 ? 0 : Math.max(0, event.at - state.at);
  const next = apply(state, event);
  return { ...next, seq: event.seq, at: event.at, workedMs: startsAnew(event) ? 0 : state.workedMs + worked };
}

/** What it took before is another run's, or another place's. */
const startsAnew = ({ type }: Event): boolean => type === "run.forked" || type === "run.imported";

function apply(state: RunState, event: Event): RunState {
  switch (event.type) {
    case "run.started": {
      const { run: id, goal, criteria, workspace, model, mode, limits, briefing } = event;
      const run = { id, goal, criteria, workspace, model, mode, limits, given: limits, briefing, startedAt: event.at };
      return { ...state, run, criteria: criteria.map(() => undefined) };
    }
    case "run.resumed":
      return reopen(state, event);
    case "user.said":
      return { ...state, said: [...state.said, { seq: event.seq, text: event.text }] };
    case "plan.made":
      return { ...spent(state, event.usage), ...adopt(state, event.plan, event.by), window: event.window };
    case "plan.settled":
      return settle(state, event);
    case "model.replied":
      return { ...replied(spent(state, event.usage, event.step), event), window: event.window };
    case "model.failed":
      return squeezed(state, event) ?? { ...state, modelFault: { fault: event.fault, step: event.step } };
    case "model.switched": {
      const { seq, step, purpose, from, to, because } = event;
      return { ...state, switched: [...state.switched, { seq, step, purpose, from, to, because }] };
    }
    case "call.judged":
      return judged(state, event);
    case "approval.asked":
      return asked(state, event.request);
    case "hunks.decided":
      return withCall(state, event.call, (call) => draft(call, event.digest, event.answers));
    case "approval.given":
      return resolved(
        { ...state, disturbed: state.disturbed && event.resolution.answer !== "approve" },
        event.subject,
        event.resolution,
        event.seq,
      );
    case "call.begun":
      return withCall(state, event.call, (call) => ({
        ...call,
        begun: { digest: event.digest, touches: event.touches, at: event.at, seq: event.seq },
      }));
    case "call.ended":
      return { ...ended(state, event), jobs: jobsAfter(state.jobs, event) };
    case "job.ended":
      return { ...state, jobs: jobsAfter(state.jobs, event), lastWrite: event.why === "run ended" ? state.lastWrite : event.seq };
    case "step.summarised": {
      const { step, attempt, turns, text } = event;
      return withStep(spent(state, event.usage, step), step, (old) =>
        old.attempt === attempt ? { ...old, summarised: turns, summary: text === undefined ? old.summary : { turns, text } } : old,
      );
    }
    case "step.checked": {
      const proof = { evidence: event.evidence, seq: event.seq };
      const status = event.evidence.pass ? "verified" : "doubted";
      const next = { ...spent(state, event.usage, event.step), checks: [...state.checks, checkedBy(event)] };
      return withStep(next, event.step, (step) => ({ ...step, proof, status }));
    }
    case "criterion.checked": {
      const proof = { evidence: event.evidence, seq: event.seq };
      const next = { ...spent(state, event.usage), criteria: state.criteria.map((old, i) => (i === event.criterion ? proof : old)) };
      return event.evidence.pass
        ? next
        : { ...next, plan: undefined, replan: [...state.replan, `A success criterion is not met: ${event.evidence.said}`] };
    }
    case "step.reflected":
      return reflected(spent(state, event.usage, event.step), event);
    case "step.restored": {
      const { step, attempt, restored, kept, commanded = [] } = event;
      const next = remedied(state, step, state.steps[step]?.remedy ?? "give up");
      return {
        ...next,
        restored: [...state.restored, { step, attempt, restored, kept, commanded, to: event.seq - 1 }],
        lastWrite: restored.length > 0 ? event.seq : state.lastWrite,
      };
    }
    case "restore.begun":
      return { ...state, restoring: { point: event.point, files: event.files, kept: event.kept } };
    case "restore.ended":
      return putBack(state, event);
    case "run.forked":
      return forked(state, event);
    case "run.imported":
      return imported(state, event);
    case "fuse.blown":
      return { ...state, fuse: { name: event.fuse, diagnosis: event.diagnosis, step: event.step } };
    case "run.ended":
      return { ...state, ended: { outcome: event.outcome, answer: event.answer, ledger: event.ledger } };
    default:
      return assertNever(event);
  }
}

function checkedBy({ seq, step, evidence }: Extract<Event, { type: "step.checked" }>): Checked {
  const { check, pass, said, tail = "" } = evidence;
  const error = pass ? undefined : signatureOf(tail.trim() === "" ? said : tail);
  return { seq, step, of: checkText(check), error, said: pass || tail.trim() === "" ? said : `${said}: ${errorLine(tail)}` };
}

function adopt(state: RunState, plan: Plan, by: "rule" | "model"): Partial<RunState> {
  const proved = Object.values(state.steps).filter((step) => step.status === "verified");
  const earlier = proved.map(
    ({ step, proof }): LedgerEntry => ({ of: step.id, goal: step.goal, status: "verified", evidence: proof?.evidence }),
  );
  return {
    plan: { revision: state.plans + 1, plan, by, settled: false, refused: undefined },
    plans: state.plans + 1,
    replan: [],
    earlier: [...state.earlier, ...earlier],
    steps: openSteps(plan),
  };
}

function settle(state: RunState, event: Extract<EventBody, { type: "plan.settled" }>): RunState {
  if (!state.plan) return state;
  const waiting = state.waiting.filter((request) => request.subject.of !== "plan");
  if (event.answer !== "rejected") {
    const plan = event.plan ?? state.plan.plan;
    return { ...state, waiting, plan: { ...state.plan, plan, settled: true }, steps: event.plan ? openSteps(plan) : state.steps };
  }
  const why = event.why ?? "no reason given";
  if (event.unattended) return { ...state, waiting, plan: { ...state.plan, refused: why }, unattended: state.unattended + 1 };
  return { ...state, waiting, plan: undefined, steps: {}, replan: [...state.replan, why] };
}

function replied(state: RunState, event: Extract<Event, { type: "model.replied" }>): RunState {
  const calls = event.calls.map(
    ({ call, ref, tool, args }): CallState => ({
      call,
      ref,
      tool,
      args,
      judged: undefined,
      amended: undefined,
      asked: undefined,
      approved: undefined,
      hunks: undefined,
      begun: undefined,
      ended: undefined,
      outside: undefined,
    }),
  );
  const turn: Turn = { seq: event.seq, text: event.text, finish: event.finish, native: event.native, calls };
  const status = calls.length === 0 && event.finish !== "length" ? "claimed" : "open";
  const next = withStep(state, event.step, (step) => ({ ...step, status, turns: [...step.turns, turn] }));
  return { ...next, callCount: state.callCount + calls.length };
}

function judged(state: RunState, event: Extract<Event, { type: "call.judged" }>): RunState {
  const { input, risk, decision, grade } = event;
  return withCall(state, event.call, (call) => ({
    ...call,
    judged: { input, risk, decision, grade },
    ended: decision.verdict === "deny" ? refused(call, denial(decision), event.seq) : call.ended,
  }));
}

function asked(state: RunState, request: ApprovalRequest): RunState {
  const { subject } = request;
  // Of limits one question at a time: what it asks for may have grown since a crash.
  const asksAgain = (other: ApprovalSubject): boolean => sameSubject(other, subject) || (other.of === "limit" && subject.of === "limit");
  const waiting = [...state.waiting.filter((other) => !asksAgain(other.subject)), request];
  const next = { ...state, waiting };
  return request.subject.of === "call" ? withCall(next, request.subject.call, (call) => put(call, request)) : next;
}

function resolved(state: RunState, subject: ApprovalSubject, resolution: Resolution, seq: number): RunState {
  const absent = resolution.answer === "timed out" || (resolution.answer === "reject" && resolution.unattended);
  const unattended = absent ? state.unattended + 1 : state.unattended;
  const next = { ...state, unattended, waiting: state.waiting.filter((request) => !sameSubject(request.subject, subject)) };
  switch (subject.of) {
    case "call":
      return withCall(next, subject.call, (call) => answered(call, resolution, seq));
    case "step":
      return remedied(next, subject.step, resolution.answer === "approve" || resolution.answer === "amend" ? "retry" : "give up");
    case "outside":
      return withCall(next, subject.call, (call) => unconfined(call, resolution));
    case "limit":
      return resolution.answer === "approve" && next.run
        ? { ...next, run: { ...next.run, limits: raised(next.run.limits, subject) }, modelFault: undefined }
        : { ...next, capped: true };
    case "plan":
    case "recovery":
      return next;
    default:
      return assertNever(subject);
  }
}

function ended(state: RunState, event: Extract<Event, { type: "call.ended" }>): RunState {
  const wrote =
    event.changed.length > 0 || event.effects.some((effect) => effect === "write" || effect === "delete" || effect === "execute");
  const next = withCall(state, event.call, (call) => ({
    ...call,
    ended: ending(call, event.outcome, [...(call.changedBefore ?? []), ...event.changed], event.seq, event.ms),
    outside: event.offer === undefined ? call.outside : "offered",
  }));
  const tainted = state.tainted || bringsForeign(event.outcome, findCall(state, event.call)?.call.judged?.risk);
  return { ...next, tainted, disturbed: state.disturbed || disturbs(event.outcome), lastWrite: wrote ? event.seq : state.lastWrite };
}

function reflected(state: RunState, event: Extract<Event, { type: "step.reflected" }>): RunState {
  const { step, attempt, because, lesson, then } = event;
  const next = { ...state, lessons: [...state.lessons, { step, attempt, because, lesson }] };
  const current = next.steps[step];
  if (!current) return next;
  if (changedPaths(current).length === 0) return remedied(next, step, then);
  return withStep(next, step, (old) => ({ ...old, status: "reflected", remedy: then }));
}

function remedied(state: RunState, id: string, remedy: Remedy): RunState {
  switch (remedy) {
    case "retry":
      return withStep(state, id, freshAttempt);
    case "ask":
      return withStep(state, id, (step) => ({ ...step, status: "asking", remedy }));
    case "give up":
      return withStep(state, id, (step) => ({ ...step, status: "failed", remedy }));
    case "replan": {
      const lesson = state.lessons.findLast((one) => one.step === id);
      const why = lesson ? `${lesson.because} ${lesson.lesson}` : `step ${id} failed`;
      return { ...state, plan: undefined, replan: [...state.replan, why] };
    }
    default:
      return assertNever(remedy);
  }
}

const openSteps = (plan: Plan): Record<string, StepState> =>
  Object.fromEntries(
    plan.steps.map((step) => [
      step.id,
      {
        step,
        status: "open",
        attempt: 1,
        forgiven: { attempts: 0, turns: 0 },
        turns: [],
        summary: undefined,
        summarised: 0,
        past: [],
        proof: undefined,
        remedy: undefined,
      },
    ]),
  );

function withStep(state: RunState, id: string, change: (step: StepState) => StepState): RunState {
  const step = state.steps[id];
  return step ? { ...state, steps: { ...state.steps, [id]: change(step) } } : state;
}

function withCall(state: RunState, id: string, change: (call: CallState) => CallState): RunState {
  const found = findCall(state, id);
  if (!found) return state;
  const turn = Number(id.split(".")[2]);
  const turns = found.step.turns.map((old, i) =>
    i === turn ? { ...old, calls: old.calls.map((call) => (call.call === id ? change(call) : call)) } : old,
  );
  return withStep(state, found.step.step.id, (step) => ({ ...step, turns }));
}
