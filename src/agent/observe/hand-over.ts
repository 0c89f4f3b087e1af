// A run handed over to a person, in writing: what was wanted, what stopped it, what was tried, what is proved, what lies changed in the
// workspace, and what could come next. A pure fold of the journal into Markdown; it claims nothing that no event says.

import { checkText } from "../check-text.ts";
import { changesAfter, unkeptAfter } from "../checkpoint.ts";
import type { Event, FuseName, LedgerEntry } from "../event.ts";
import { ledgerOf } from "../ledger.ts";
import { reduce } from "../reduce.ts";
import { changedPaths, emptyState, type RunState, type StepState } from "../state.ts";
import { isChange, type Touch } from "../touch.ts";
import { foundText } from "../doubt.ts";
import { count, duration, spendText } from "./amount.ts";
import { callFact, callWords, touchWords } from "./call-words.ts";
import { fuseWords } from "../fuse/words.ts";

/** The last calls that are told one by one. */
const mostCalls = 12;

/** Empty for a journal in which no run began. */
export function handOver(events: readonly Event[]): string {
  const { state, tried } = follow(events);
  const { run } = state;
  if (!run) return "";
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ["Where it stands", standing(state)],
    ["The plan", Object.values(state.steps).map((step, i) => `${i + 1}. ${stepLine(step, state)}`)],
    ["What was tried", tried],
    ["The last calls", lastCalls(state)],
    ["Evidence", ledgerOf(state).map(entryLine)],
    ["Open changes", openChanges(events)],
    ["What could come next", next(state, run.id).map((one, i) => `${i + 1}. ${one}`)],
  ];
  const sections = parts.flatMap(([title, lines]) => (lines.length > 0 ? [`## ${title}\n\n${lines.join("\n")}\n`] : []));
  return [`# Hand-over: ${plain(run.goal)}\n`, ...sections].join("\n");
}

interface Followed {
  readonly state: RunState;
  /** A line for each attempt that failed, of every plan, and for each time the run was stopped. */
  readonly tried: readonly string[];
}

function follow(events: readonly Event[]): Followed {
  const tried: string[] = [];
  let state = emptyState;
  for (const event of events) {
    if (event.type === "step.reflected") tried.push(attemptLine(state, event));
    else if (event.type === "fuse.blown")
      tried.push(...openAttempts(state), `- Stopped by a fuse (${fuseWords[event.fuse].name}): ${plain(event.diagnosis)}`);
    else if (event.type === "plan.settled" && event.answer === "rejected")
      tried.push(`- A plan was sent back: ${plain(event.why ?? "no reason given")}`);
    else if (event.type === "run.resumed")
      tried.push(`- It went on${event.replan ? " with a new plan" : ""}${event.limits ? ", with more" : ""}.`);
    else if (event.type === "restore.ended" && event.changed.length > 0)
      tried.push(`- Files were put back as they were ${plain(state.restoring?.point ?? "earlier")}: ${paths(event.changed)}`);
    state = reduce(state, event);
  }
  return { state, tried };
}

function attemptLine(state: RunState, { step, attempt, because, lesson }: Extract<Event, { type: "step.reflected" }>): string {
  const known = state.steps[step];
  const did = known ? `${work(known)}. ` : "";
  return `- Plan ${state.plans}, step ${code(step)}, attempt ${attempt}: ${did}Its check failed: ${plain(because)} Lesson: ${plain(lesson)}`;
}

const openAttempts = (state: RunState): readonly string[] =>
  Object.values(state.steps)
    .filter(({ status, turns }) => status !== "verified" && status !== "failed" && turns.length > 0)
    .map((step) => `- Plan ${state.plans}, step ${code(step.step.id)}, attempt ${step.attempt}: ${work(step)}. It did not come to an end.`);

function work(step: StepState): string {
  const calls = step.turns.reduce((sum, turn) => sum + turn.calls.length, 0);
  const changed = changedPaths(step);
  return `${count(step.turns.length, "turn")}, ${count(calls, "call")}, ${changed.length > 0 ? `changed ${paths(changed)}` : "changed no file"}`;
}

function standing(state: RunState): readonly string[] {
  const { run, fuse, ended, spend, workedMs } = state;
  return [
    `- Run ${code(run?.id ?? "")} in ${code(run?.workspace ?? "")}, ${spendText(spend)}, ${duration(workedMs)} of work`,
    `- ${ended ? `Ended: ${ended.outcome}` : "Not ended"}${fuse ? `, stopped by a fuse (${fuseWords[fuse.name].name})` : ""}`,
    ...(fuse ? [`- ${plain(fuse.diagnosis)}`] : []),
    ...(state.undone ? ["- Files were put back after it had ended: what was proved before was proved of other files."] : []),
  ];
}

function stepLine(step: StepState, state: RunState): string {
  const { goal, check } = step.step;
  const stale = step.status === "verified" && (step.proof?.seq ?? 0) < state.lastWrite ? ", before the last change" : "";
  const word = step.status === "verified" ? `verified${stale}` : step.status === "failed" ? "failed" : "not done";
  return `${plain(goal)} (${word}, attempt ${step.attempt}; done when ${plain(checkText(check))})`;
}

/** What the step that did not get there did last. */
function lastCalls(state: RunState): readonly string[] {
  const step = state.steps[state.fuse?.step ?? ""] ?? Object.values(state.steps).find(({ status }) => status !== "verified");
  const calls = (step?.turns ?? step?.past.at(-1)?.turns ?? []).flatMap((turn) => turn.calls).slice(-mostCalls);
  return calls.map((call) => {
    const fact = call.ended ? callFact(call.ended) : "did not end";
    return `- ${code(callWords(call.tool, call.judged?.input ?? call.args))}: ${plain(fact)}`;
  });
}

function entryLine({ of, status, evidence }: LedgerEntry): string {
  const found = evidence ? plain(foundText(evidence)) : "nothing was checked";
  return `- ${code(of)} ${status}: ${found}`;
}

/** What the workspace holds of ours by now, file by file, and what nobody can put back. */
function openChanges(events: readonly Event[]): readonly string[] {
  const byPath = new Map<string, Touch>();
  for (const touch of changesAfter(events, 0)) {
    const first = byPath.get(touch.path);
    byPath.set(touch.path, first ? { ...first, after: touch.after } : touch);
  }
  const open = [...byPath.values()].filter(isChange);
  const unkept = unkeptAfter(events, 0);
  if (open.length === 0 && unkept.length === 0) return ["No file differs from what it was when the run began, as far as the run knows."];
  return [
    ...open.map((touch) => `- ${touchWords(touch).replace(touch.shown, code(touch.shown))}`),
    ...unkept.map(({ shown, why }) => `- ${code(shown)} cannot be put back: ${plain(why)}`),
  ];
}

/** What a person may do now, most promising first. */
function next({ fuse, steps, lessons, run }: RunState, id: string): readonly string[] {
  const failing = Object.values(steps).find(({ proof }) => proof && !proof.evidence.pass);
  const check = failing?.step.check;
  const lesson = lessons.at(-1);
  const criteria = run?.criteria.length ?? 0;
  return [
    ...(fuse ? [advice[fuse.name]] : []),
    ...(check?.by === "command" ? [`Run the check that fails yourself: ${code(check.line)}.`] : []),
    ...(lesson ? [`Mind the last lesson: ${plain(lesson.lesson)}`] : []),
    ...(criteria > 0 ? ["Prove the goal itself: its own criteria are in the evidence above."] : []),
    `${code(`proviso resume ${id} --more`)} goes on as planned with as much again, ${code(`--replan`)} with a new plan.`,
    `${code(`proviso restore ${id} --to start --preview`)} shows what taking everything back would do; ${code(`--yes`)} in its place does it.`,
  ];
}

const advice: Readonly<Record<FuseName, string>> = {
  repeat: "Say what the repeated call was meant to find out; it has nothing more to tell.",
  cycle: "Decide what the calls kept going back and forth about; two of its conditions may want opposite things.",
  idle: "Split the step, or say which file to begin with; looking around did not lead to a change.",
  error: "Look at the error itself: what was changed does not touch its cause.",
  model: "Test the connection, or choose another model.",
  usd: "Decide whether the goal is worth more money, or whether a smaller one would do.",
  tokens: "Decide whether the goal is worth more tokens, or whether a smaller one would do.",
  minutes: "Decide whether the goal is worth more time, or whether a smaller one would do.",
  calls: "See whether the plan is too large for one run; split the goal where it is.",
  turns: "Split the step; one attempt was not enough to come to an end.",
  plans: "Say more exactly what is wanted, or by which check it would be proved.",
  internal: "Report what Proviso says above; the run itself can be resumed.",
};

/** Text of models and tools on one line, without meaning as Markdown. */
const plain = (text: string): string =>
  text
    .replace(/\s*\n\s*/g, " ")
    .trim()
    .slice(0, 500)
    .replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`);

/** As code, whatever it holds. */
function code(text: string): string {
  const one = text.replace(/\s*\n\s*/g, " ").slice(0, 300);
  const ticks = "`".repeat(Math.max(0, ...(one.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return ticks.length === 1 ? `\`${one}\`` : `${ticks} ${one} ${ticks}`;
}

const paths = (touches: readonly Touch[]): string => [...new Set(touches.map(({ shown }) => code(shown)))].join(", ");
