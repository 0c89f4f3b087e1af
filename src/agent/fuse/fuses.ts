// The fuses of a run in one place: how near each is, and which has blown. Pure folds of RunState; the detectors are in detect.ts,
// limits that a person may raise in ../limit.ts. Everything is counted since the last resume, so that going on means as much again.

import type { FuseName, Limits } from "../event.ts";
import { type Gauge, nearness } from "./gauge.ts";
import { amountOf, type Hit, hitLimit, minutesWorked } from "../limit.ts";
import { type Effort, type Ended, detectLoop, idleTurns, repeats, rounds, sameErrors, type Try } from "./detect.ts";
import { errorLine, failuresIn } from "./signature.ts";
import { type CallState, isObserving, type RunState, type StepState, type Turn } from "../state.ts";

/** Turns that loops and errors are looked for in. */
const remembered = 24;

/** What stops the run for good, unless a person resumes it: limits that nobody raised, plans and turns used up, loops, standing still. */
export function stopping(state: RunState, now: number): Hit | undefined {
  const limits = state.run?.limits;
  const hit = hitLimit(state, now);
  if (hit || !limits) return hit;
  if (!state.plan && state.plans >= limits.plans) {
    return {
      fuse: "plans",
      diagnosis: `${state.plans} plans did not get there. The last one failed because: ${state.replan.at(-1) ?? "unknown"}`,
    };
  }
  for (const step of openSteps(state)) {
    const found = stepFuse(state, step, limits);
    if (found) return { ...found, step: step.step.id, diagnosis: `Step ${step.step.id}${found.diagnosis}` };
  }
  return checkFuse(state, limits);
}

function stepFuse(state: RunState, step: StepState, limits: Limits): Hit | undefined {
  // Between two turns, when nothing of the last one is open any more.
  const rests = step.status === "open" && (step.turns.at(-1)?.calls.every(({ ended }) => ended) ?? true);
  if (rests && step.turns.length - step.forgiven.turns >= limits.turnsPerStep)
    return { fuse: "turns", diagnosis: ` took ${step.turns.length} turns without claiming to be done.` };
  const loop = detectLoop(callsOf(state, step), limits.repeats);
  if (loop) return { fuse: loop.kind, diagnosis: `: ${loop.diagnosis}` };
  if (!rests) return undefined;
  const errors = sameErrors(triesOf(state, step));
  if (errors >= limits.sameErrors)
    return { fuse: "error", diagnosis: `: ${errors} turns ended in the same error, however they differed: ${lastError(step)}` };
  const idle = idleTurns(effortsOf(state, step, limits));
  if (idle >= limits.idleTurns)
    return {
      fuse: "idle",
      diagnosis: `: ${idle} turns changed no file, made no check better${looks(step) ? " and found nothing new" : ""}.`,
    };
  return undefined;
}

/** Attempts and plans whose checks fail in the same way. */
function checkFuse(state: RunState, limits: Limits): Hit | undefined {
  const times = sameErrors(checksOf(state));
  const last = state.checks.at(-1);
  if (times < limits.sameErrors || !last) return undefined;
  return { fuse: "error", step: last.step, diagnosis: `${times} checks failed in the same way, whatever was tried: ${last.said}` };
}

/** Every fuse of the run with its state, nearest of each kind; empty before there is a run. `now` in ms since the epoch. */
export function gauges(state: RunState, now: number): readonly Gauge[] {
  const { run, spend } = state;
  if (!run) return [];
  const { limits } = run;
  const of = (what: Amount, used: number): Gauge => ({ fuse: what, used, limit: limits[what], said: amounts(what, used, limits[what]) });
  return [
    ...nearest(openSteps(state).flatMap((step) => stepGauges(state, step, limits))),
    errorGauge(state, limits),
    { fuse: "plans", used: state.plans, limit: limits.plans, said: `${state.plans} of ${limits.plans} plans` },
    of("usd", spend.usd),
    of("tokens", spend.inputTokens + spend.outputTokens),
    of("calls", state.callCount),
    of("minutes", Math.floor(minutesWorked(state, now))),
    providerGauge(state),
  ];
}

function stepGauges(state: RunState, step: StepState, limits: Limits): readonly Gauge[] {
  const made = (fuse: FuseName, used: number, limit: number, words: string): Gauge => ({
    fuse,
    step: step.step.id,
    used,
    limit,
    said: `${used} of ${limit} ${words}`,
  });
  const calls = callsOf(state, step);
  const cycle = rounds(calls);
  return [
    made("turns", step.turns.length - step.forgiven.turns, limits.turnsPerStep, "turns"),
    made("repeat", repeats(calls), limits.repeats, "times the same call"),
    made("cycle", cycle.times > 1 ? cycle.times : 0, limits.repeats, "times the same round of calls"),
    made("idle", idleTurns(effortsOf(state, step, limits)), limits.idleTurns, "turns without progress"),
  ];
}

function errorGauge(state: RunState, limits: Limits): Gauge {
  const used = Math.max(sameErrors(checksOf(state)), ...openSteps(state).map((step) => sameErrors(triesOf(state, step))));
  return { fuse: "error", used, limit: limits.sameErrors, said: `${used} of ${limits.sameErrors} times the same error` };
}

/** Open where no model could be asked; a model that gave way to another leaves it whole. */
function providerGauge({ modelFault, switched }: RunState): Gauge {
  const last = switched.at(-1);
  if (modelFault && !modelFault.fault.cap) return { fuse: "model", used: 1, limit: 1, said: `open: ${modelFault.fault.message}` };
  return { fuse: "model", used: 0, limit: 1, said: last ? `closed; ${last.to} answers instead of ${last.from}` : "closed" };
}

/** Of the gauges of several steps, the nearest of each fuse. */
function nearest(all: readonly Gauge[]): readonly Gauge[] {
  const best = new Map<FuseName, Gauge>();
  for (const gauge of all) {
    const known = best.get(gauge.fuse);
    if (!known || nearness(gauge) > nearness(known)) best.set(gauge.fuse, gauge);
  }
  return [...best.values()];
}

type Amount = "usd" | "tokens" | "minutes" | "calls";

const amounts = (what: Amount, used: number, limit: number): string =>
  what === "usd" ? `$${used.toFixed(2)} of ${amountOf(what, limit)}` : `${used} of ${amountOf(what, limit)}`;

const openSteps = (state: RunState): readonly StepState[] =>
  Object.values(state.steps).filter(({ status }) => status !== "verified" && status !== "failed");

/** The step's ended calls since the last resume, oldest first, each with a fingerprint of itself and its result: what loops are looked for in. */
function callsOf(state: RunState, step: StepState): readonly Ended[] {
  const recent = step.turns.slice(-remembered).flatMap((turn) => turn.calls);
  return recent.flatMap((call): Ended[] => {
    if (!call.ended || call.ended.seq <= state.resumedAt) return [];
    if (call.ended.changed.length > 0 && !isCommand(call)) return [{ key: call.ended.fingerprint, progress: true }];
    return [isObserving(call) ? { key: call.ended.fingerprint, progress: false } : { key: call.ended.fingerprint }];
  });
}

/** A command that writes its log anew each time gets nowhere by that. */
const isCommand = (call: CallState): boolean => call.judged?.risk.effects.includes("execute") ?? false;

/** The work of such a step is to look. */
const looks = ({ step }: StepState): boolean => step.role !== "coder";

/** The turns since the last resume, as far back as standing still can be seen. */
function effortsOf(state: RunState, step: StepState, { idleTurns: most }: Limits): readonly Effort[] {
  const recent = step.turns.slice(-2 * most).filter(({ seq }) => seq > state.resumedAt);
  return recent.map((turn, i) => {
    const before = recent[i - 1]?.seq ?? 0;
    const heard = state.said.some(({ seq }) => seq > before && seq < turn.seq) || turn.calls.some(hears);
    return {
      changes: turn.calls.flatMap(changesBy),
      checks: turn.calls.flatMap(checksBy),
      found: looks(step) ? turn.calls.flatMap(({ ended }) => (ended?.outcome.ok ? [ended.fingerprint] : [])) : [],
      heard,
    };
  });
}

const hears = ({ tool, ended }: CallState): boolean => tool === "ask_user" && ended?.outcome.ok === true;

const changesBy = (call: CallState): Effort["changes"] =>
  (call.ended?.changed ?? []).map(({ path, before, after }) => ({
    path,
    before: before ?? "",
    after: after ?? "",
    ...(isCommand(call) ? { by: `${call.tool} ${call.args}` } : {}),
  }));

function checksBy({ tool, args, ended }: CallState): Effort["checks"] {
  if (!ended?.outcome.ok) return [];
  const { data, text } = ended.outcome.observation;
  const exit = typeof data === "object" && data !== null && !Array.isArray(data) ? data["exit"] : undefined;
  return typeof exit === "number" ? [{ of: `${tool} ${args}`, failed: exit === 0 ? 0 : failuresIn(text) }] : [];
}

/** What the step tried since the last resume and since a person last said something: a command by its line, other tools by their name. */
function triesOf(state: RunState, step: StepState): readonly Try[] {
  const since = Math.max(state.resumedAt, state.said.at(-1)?.seq ?? 0);
  return step.turns.slice(-remembered).flatMap((turn) => (turn.seq > since ? turn.calls.flatMap((call) => tryOf(turn, call)) : []));
}

function tryOf({ seq }: Turn, call: CallState): readonly Try[] {
  const { tool, args, ended } = call;
  if (!ended || (!ended.outcome.ok && ended.outcome.fault.kind === "denied")) return [];
  return [{ turn: seq, of: isCommand(call) ? `${tool} ${args}` : tool, error: ended.error }];
}

function checksOf(state: RunState): readonly Try[] {
  const since = Math.max(state.resumedAt, state.said.at(-1)?.seq ?? 0);
  return state.checks.flatMap(({ seq, of, error }) => (seq > since ? [{ turn: seq, of, error }] : []));
}

/** The error that came last, as it was told. */
function lastError(step: StepState): string {
  const call = step.turns.flatMap((turn) => turn.calls).findLast(({ ended }) => ended?.error !== undefined);
  if (!call?.ended) return "";
  const { outcome } = call.ended;
  return errorLine(outcome.ok ? outcome.observation.text : outcome.fault.message);
}
