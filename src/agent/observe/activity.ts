// What a run is doing right now, in words, and since when: the flights that `next` offers, told to a person. Pure.

import { runningJobs } from "../job-fold.ts";
import { checkText } from "../check-text.ts";
import { type Command, next, subjectOf } from "../next.ts";
import { findCall, type JobState, type RunState, type StepState } from "../state.ts";
import { standingOf } from "../standing.ts";
import { callWords } from "./call-words.ts";
import type { Mark } from "./line.ts";

export interface Activity {
  /** One word for the kind, and the subject: the same activity has the same key from event to event. */
  readonly key: string;
  readonly words: string;
  /** Its step's number in the plan, where it belongs to one of several. */
  readonly step: number | undefined;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Nothing moves until a person answers. */
  readonly waits: boolean;
}

/** The activities after an event; what was going on before keeps the time it began. */
export function activities(before: readonly Activity[], state: RunState, now: number): readonly Activity[] {
  const decision = next(state, now);
  const commands = "blow" in decision ? [] : decision.commands;
  const jobs = state.ended ? [] : runningJobs(state).map((job) => jobActivity(job, state));
  return [
    ...jobs,
    ...commands.map((command) => {
      const key = `${command.do} ${subjectOf(command)}`;
      const since = before.find((one) => one.key === key)?.since ?? begunAt(command, state) ?? now;
      return { key, words: wordsOf(command, state), step: stepNumber(command, state), since, waits: isWaiting(command, state) };
    }),
  ];
}

function jobActivity({ job, line, step, at }: JobState, state: RunState): Activity {
  const place = (state.plan?.plan.steps ?? []).findIndex(({ id }) => id === step);
  const number = place === -1 || Object.keys(state.steps).length < 2 ? undefined : place + 1;
  return { key: `job ${job}`, words: `in the background: ${line}`, step: number, since: at, waits: false };
}

/** Where a step stands, as a mark. */
export function stepMark(step: StepState, state: RunState): Mark {
  const standing = standingOf(step, state);
  if (standing === "waiting") return "waits";
  if (standing === "working" || standing === "checking") return state.ended ? "later" : "working";
  return standing;
}

function wordsOf(command: Command, state: RunState): string {
  switch (command.do) {
    case "plan":
      return "planning";
    case "settle":
      return isWaiting(command, state) ? "waits for you: the plan" : "judging the plan";
    case "think":
      return "thinking";
    case "summarise":
      return "summing up what was done";
    case "judge":
      return `judging ${callText(command.call, state)}`;
    case "approve":
      return "call" in command.subject ? `waits for you: ${callText(command.subject.call, state)}` : "waits for you";
    case "execute":
      return callText(command.call, state);
    case "recover": {
      const words = callText(command.call, state);
      if (isWaiting(command, state)) return `waits for you: ${words}`;
      return isFlying(command.call, state) ? words : `finding out how it ended: ${words}`;
    }
    case "verify": {
      const check = "step" in command.of ? state.steps[command.of.step]?.step.check : state.run?.criteria[command.of.criterion];
      return `checking that ${check ? checkText(check) : "it is done"}`;
    }
    case "reflect":
      return "learning from the failed check";
    case "rollback":
      return "undoing the failed attempt";
    case "restore":
      return "restoring files";
    case "answer":
      return "ending";
  }
}

function callText(id: string, state: RunState): string {
  const call = findCall(state, id)?.call;
  return call ? callWords(call.tool, call.judged?.input ?? call.args) : id;
}

function isWaiting(command: Command, state: RunState): boolean {
  if (command.do === "approve") return true;
  if (command.do === "settle") return state.waiting.some(({ subject }) => subject.of === "plan");
  return command.do === "recover" && state.waiting.some(({ subject }) => subject.of === "recovery" && subject.call === command.call);
}

/** What was begun since the run was last opened is under way; what was begun before has to be settled. */
const isFlying = (call: string, state: RunState): boolean => (findCall(state, call)?.call.begun?.seq ?? 0) > state.resumedAt;

const begunAt = (command: Command, state: RunState): number | undefined =>
  command.do === "recover" && isFlying(command.call, state) ? findCall(state, command.call)?.call.begun?.at : undefined;

function stepNumber(command: Command, state: RunState): number | undefined {
  const steps = state.plan?.plan.steps ?? [];
  const [of, name = ""] = subjectOf(command).split(" ");
  const id = of === "call" ? name.split(".")[0] : of === "step" ? name : undefined;
  const place = steps.findIndex((step) => step.id === id);
  return place === -1 || steps.length < 2 ? undefined : place + 1;
}
