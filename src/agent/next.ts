// What may happen now, decided purely from the state: the whole control flow of a run is in this file.
// Owns order, parallelism, retries, limits and endings. Refuses to do anything: performers do, the engine flies them.

import type { ApprovalSubject } from "./approval.ts";
import type { FuseName, Outcome, Remedy } from "./event.ts";
import { stopping } from "./fuse/fuses.ts";
import { summaryDue } from "./memory/compaction.ts";
import { type CallState, isHollow, isObserving, type RunState, type StepState } from "./state.ts";

export type Command =
  | { readonly do: "plan" }
  | { readonly do: "settle" }
  | { readonly do: "think"; readonly step: string }
  | { readonly do: "summarise"; readonly step: string; readonly turns: number }
  | { readonly do: "judge"; readonly call: string }
  | { readonly do: "approve"; readonly subject: ApprovalSubject }
  | { readonly do: "execute"; readonly call: string }
  | { readonly do: "recover"; readonly call: string }
  | { readonly do: "verify"; readonly of: { readonly step: string } | { readonly criterion: number } }
  | { readonly do: "reflect"; readonly step: string }
  | { readonly do: "rollback"; readonly step: string }
  | { readonly do: "restore" }
  | { readonly do: "answer"; readonly outcome: Outcome };

/** Either commands, all of which may fly at once (none: the run is over or waits for flights to land), or a limit that was hit. */
export type Next = { readonly commands: readonly Command[] } | { readonly blow: Blow };

export interface Blow {
  readonly fuse: FuseName;
  readonly diagnosis: string;
  /** Whose calls blew it, where it was one's. */
  readonly step?: string;
}

/** `now` in ms since the epoch; used for the time limit alone. */
export function next(state: RunState, now: number): Next {
  // Files half put back come before all else, even in a run that is over.
  if (state.restoring) return { commands: [{ do: "restore" }] };
  if (!state.run || state.ended) return { commands: [] };
  if (state.fuse) return { commands: [{ do: "answer", outcome: "fuse" }] };
  const hit = stopping(state, now);
  if (hit?.raise && !state.capped) return { commands: [{ do: "approve", subject: { of: "limit", ...hit.raise } }] };
  if (hit) return { blow: { fuse: hit.fuse, diagnosis: hit.diagnosis, ...(hit.step === undefined ? {} : { step: hit.step }) } };
  if (!state.plan) return { commands: [{ do: "plan" }] };
  if (state.plan.refused !== undefined) return { commands: [{ do: "answer", outcome: "stopped" }] };
  if (!state.plan.settled) return { commands: [{ do: "settle" }] };
  const commands = Object.values(state.steps).flatMap((step) => stepCommands(state, step));
  return { commands: commands.length > 0 ? commands : closing(state) };
}

/** Two commands of one subject never fly together: this is the subject. */
export function subjectOf(command: Command): string {
  switch (command.do) {
    case "think":
    case "summarise":
    case "reflect":
    case "rollback":
      return `step ${command.step}`;
    case "judge":
    case "execute":
    case "recover":
      return `call ${command.call}`;
    case "approve":
      return command.subject.of === "call" || command.subject.of === "outside"
        ? `call ${command.subject.call}`
        : command.subject.of === "step"
          ? `step ${command.subject.step}`
          : command.subject.of;
    case "verify":
      return "step" in command.of ? `step ${command.of.step}` : `criterion ${command.of.criterion}`;
    default:
      return "run";
  }
}

function stepCommands(state: RunState, step: StepState): Command[] {
  const id = step.step.id;
  switch (step.status) {
    case "open": {
      const pending = pendingCalls(step);
      if (pending.length > 0) return [...pending, ...companions(step, pending)].flatMap(callCommand);
      const broken = step.turns.at(-1)?.calls.find((call) => call.outside === "offered");
      if (broken) return [{ do: "approve", subject: { of: "outside", call: broken.call } }];
      if (!isReady(state, step)) return [];
      const turns = summaryDue(state, step);
      return [turns === undefined ? { do: "think", step: id } : { do: "summarise", step: id, turns }];
    }
    case "claimed":
      // What the user said after the model's last word is read before the claim is checked.
      return hasUnread(state, step) ? [{ do: "think", step: id }] : [{ do: "verify", of: { step: id } }];
    case "doubted":
      return [{ do: "reflect", step: id }];
    case "reflected":
      return [{ do: "rollback", step: id }];
    case "asking":
      return [{ do: "approve", subject: { of: "step", step: id, attempt: step.attempt } }];
    case "verified":
    case "failed":
      return [];
  }
}

const isReady = (state: RunState, step: StepState): boolean => step.step.needs.every((need) => state.steps[need]?.status === "verified");

const hasUnread = (state: RunState, step: StepState): boolean => (state.said.at(-1)?.seq ?? 0) > (step.turns.at(-1)?.seq ?? 0);

/**
 * Unended calls of the last turn that may go on now: observing ones together, anything else alone and in the order asked for.
 * A call is judged only after those before it: what it would be judged against is not known earlier.
 */
function pendingCalls(step: StepState): readonly CallState[] {
  const ready: CallState[] = [];
  for (const call of step.turns.at(-1)?.calls ?? []) {
    if (call.ended) continue;
    const alone = call.judged !== undefined && !isObserving(call);
    if (alone && ready.length > 0) break;
    ready.push(call);
    if (alone || !call.judged) break;
  }
  return ready;
}

/**
 * A change that waits for its approval lets the changes of other files that follow it be judged and asked too, so that a person sees
 * and decides them together. They still happen one after the other: of what is named here nothing is executed.
 */
function companions(step: StepState, pending: readonly CallState[]): readonly CallState[] {
  const [first] = pending;
  if (!first || pending.length > 1 || !isProposal(first)) return [];
  const calls = step.turns.at(-1)?.calls ?? [];
  const found: CallState[] = [];
  const taken = new Set(pathsOf(first));
  for (const call of calls.slice(calls.indexOf(first) + 1)) {
    if (call.ended) continue;
    const paths = pathsOf(call);
    if (paths.length === 0 || paths.some((path) => taken.has(path))) break;
    for (const path of paths) taken.add(path);
    if (call.judged && !isProposal(call)) break;
    if (call.approved === undefined) found.push(call);
    if (!call.judged) break;
  }
  return found;
}

/** A change of files that a person is asked about. */
const isProposal = ({ judged, begun }: CallState): boolean =>
  judged?.decision.verdict === "ask" &&
  begun === undefined &&
  judged.risk.line === undefined &&
  judged.risk.effects.length > 0 &&
  judged.risk.effects.every((effect) => effect === "write" || effect === "delete");

/** What a call touches as far as it is known: as judged, else as it says itself. A mistake costs the call a stale fault, no more. */
function pathsOf({ judged, amended, args }: CallState): readonly string[] {
  if (judged) return judged.risk.paths;
  const path = amended === undefined ? /"path"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(args)?.[1] : undefined;
  return path === undefined ? [] : [path];
}

function callCommand(call: CallState): Command[] {
  if (call.begun) return [{ do: "recover", call: call.call }];
  if (!call.judged) return [{ do: "judge", call: call.call }];
  if (call.judged.decision.verdict === "ask" && call.approved === undefined)
    return [{ do: "approve", subject: { of: "call", call: call.call } }];
  return [{ do: "execute", call: call.call }];
}

/** Nothing is left to do in any step: read what was said, prove what went stale, prove the criteria, then end. */
function closing(state: RunState): Command[] {
  const steps = Object.values(state.steps);
  const failed = steps.some((step) => step.status === "failed");
  if (failed) return [{ do: "answer", outcome: state.unattended > 0 ? "stopped" : "failed" }];
  if (steps.some((step) => step.status !== "verified")) return [{ do: "answer", outcome: "failed" }];
  const last = steps.at(-1);
  // What the user said while the last checks ran is still read by somebody: the run does not end over it.
  if (last && steps.every((step) => hasUnread(state, step))) return [{ do: "think", step: last.step.id }];
  const stale = steps.filter((step) => isWorldly(step) && (step.proof?.seq ?? 0) < state.lastWrite);
  if (stale.length > 0) return stale.map((step): Command => ({ do: "verify", of: { step: step.step.id } }));
  const open = state.criteria.flatMap((proof, criterion) =>
    proof && proof.evidence.pass && proof.seq > state.lastWrite ? [] : [criterion],
  );
  if (open.length > 0) return open.map((criterion): Command => ({ do: "verify", of: { criterion } }));
  // Something was not allowed because nobody was there, and nothing proves that it was not needed.
  if (state.unattended > 0 && steps.some(isHollow)) return [{ do: "answer", outcome: "stopped" }];
  return [{ do: "answer", outcome: "done" }];
}

/** Checks whose result a later write can change. */
const isWorldly = (step: StepState): boolean => step.step.check.by !== "citation" && step.step.check.by !== "critic";

/** What may follow a failed attempt: the proposal, unless its limit is reached. */
export function permittedRemedy(state: RunState, step: StepState, proposed: Remedy): Remedy {
  const limits = state.run?.limits;
  if (!limits) return "give up";
  if (proposed === "replan" && state.plans >= limits.plans) return permittedRemedy(state, step, "retry");
  if (proposed === "retry" && step.attempt - step.forgiven.attempts >= limits.attemptsPerStep) return "give up";
  return proposed;
}

/** Whether another attempt can follow at all; when not, nobody needs to be asked what to do next. */
export const isLastAttempt = (state: RunState, step: StepState): boolean => permittedRemedy(state, step, "retry") === "give up";
