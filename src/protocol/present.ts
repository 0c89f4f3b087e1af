// RunState into what a person sees: a header and items in the order of the journey. Pure; every view draws from here.
// Items are rebuilt only where the state below them changed (states share structure), so a long run costs no more per event than a short one.

import type { ApprovalRequest } from "../agent/approval.ts";
import { foundText } from "../agent/doubt.ts";
import { standingOf } from "../agent/standing.ts";
import { changedPaths, type CallState, type RunState, type StepState, type Switched, type Turn } from "../agent/state.ts";
import { checkText } from "../agent/check-text.ts";
import { approvalItem, changeSets, waitsText } from "./approval-item.ts";
import { gauges } from "../agent/fuse/fuses.ts";
import { moreWords, offersOf } from "../agent/fuse/offer.ts";
import { callItem, type CallPlace } from "./call-item.ts";
import type {
  Clash,
  EndItem,
  EvidenceFacts,
  FuseItem,
  Header,
  Item,
  LessonItem,
  PlanItem,
  RunMood,
  StepItem,
  StepMood,
  SwitchItem,
  TextItem,
} from "./to-view.ts";

/** What the header shows that no journal holds. */
export interface Surroundings {
  readonly driving: boolean;
  readonly model: string;
  readonly mode: string;
  readonly unsandboxed: string | undefined;
  readonly limits: string | undefined;
  /** The folder the next run will work in, where there is a choice. */
  readonly folder: string | undefined;
  /** The folder this run works in, where there are several. */
  readonly runFolder: string | undefined;
  readonly examples: readonly string[];
  /** How full its next request will be, where the run is open. */
  readonly context?: Header["context"];
  readonly clashes?: readonly Clash[];
}

export interface View {
  readonly header: Header;
  readonly items: readonly Item[];
}

export function present(state: RunState, around: Surroundings): View {
  return { header: headerOf(state, around), items: itemsOf(state, around.driving) };
}

/** The header alone, which costs the same however long the run is. */
export function headerOf(state: RunState, around: Surroundings): Header {
  const steps = Object.values(state.steps).map((step) => ({ id: step.step.id, status: stepMood(step, state, around.driving) }));
  const { spend, run } = state;
  return {
    run: run && { id: run.id, goal: run.goal, folder: around.runFolder },
    mood: runMood(state, around.driving),
    forked: state.forkedFrom !== undefined && !around.driving,
    steps,
    verified: steps.filter((step) => step.status === "verified").length,
    waiting: state.waiting.length,
    waits: waitsText(state.waiting),
    spend: { usd: spend.usd, limit: run?.limits.usd ?? 0, unpriced: spend.unpriced, tokens: spend.inputTokens + spend.outputTokens },
    fuses: gauges(state, state.at),
    context: around.context,
    model: around.model,
    mode: around.mode,
    unsandboxed: around.unsandboxed,
    limits: around.limits,
    folder: around.folder,
    examples: around.examples,
    clashes: around.clashes,
  };
}

function runMood(state: RunState, driving: boolean): RunMood {
  if (!state.run) return "idle";
  if (state.ended) {
    const { outcome } = state.ended;
    if (outcome === "done" && state.undone) return "unverified";
    if (outcome !== "done") return outcome === "unproved" ? "unverified" : outcome;
    return state.ended.ledger.some((entry) => entry.status === "unverified") ? "unverified" : "done";
  }
  if (state.waiting.length > 0) return "waiting";
  return driving ? "working" : "stopped";
}

function stepMood(step: StepState, state: RunState, driving: boolean): StepMood {
  const standing = standingOf(step, state);
  return (standing === "working" || standing === "checking") && !driving ? "stopped" : standing;
}

function itemsOf(state: RunState, driving: boolean): readonly Item[] {
  const plan = state.waiting.find((request) => request.subject.of === "plan");
  const items: Item[] = switchesOf(state, undefined).map(switchItem);
  if (plan) items.push({ kind: "plan", id: "plan", request: plan } satisfies PlanItem);
  if (!plan) Object.values(state.steps).forEach((step, i, all) => items.push(...stepItems(state, step, i, all, driving)));
  const limits = state.waiting.filter(({ subject }) => subject.of === "limit");
  items.push(...limits.map((request) => approvalItem(request, undefined, state)));
  const said = state.said.map((one): TextItem => ({ kind: "text", id: `said:${one.seq}`, by: "user", text: one.text }));
  items.push(...said);
  if (state.fuse) items.push(fuseItem(state, state.fuse));
  if (state.ended) items.push(endItem(state));
  return items;
}

function stepItems(state: RunState, step: StepState, index: number, all: readonly StepState[], driving: boolean): readonly Item[] {
  const id = step.step.id;
  const numbers = new Map(all.map((other, i) => [other.step.id, i + 1]));
  const head: StepItem = {
    kind: "step",
    id: `step:${id}`,
    number: index + 1,
    of: all.length,
    goal: step.step.goal,
    role: step.step.role,
    mood: stepMood(step, state, driving),
    check: checkText(step.step.check),
    attempt: step.attempt,
    attempts: state.run?.limits.attemptsPerStep ?? step.attempt,
    needs: step.step.needs.map((need) => numbers.get(need) ?? 0),
    calls: step.turns.reduce((n, turn) => n + turn.calls.length, 0),
    changed: changedPaths(step).length,
    evidence: evidenceOf(step, state.lastWrite),
  };
  const turns = [...step.past.flatMap((one) => one.turns), ...step.turns];
  const switches = switchesOf(state, id);
  const ahead = (turn: Turn | undefined): readonly SwitchItem[] =>
    switches.filter(({ seq }) => turns.find((other) => other.seq > seq) === turn).map(switchItem);
  const past = step.past.flatMap(({ attempt, turns }) => [
    ...turns.flatMap((turn) => [...ahead(turn), ...turnItems(turn, { step: id, attempt, past: true, driving, jobs: state.jobs })]),
    ...lessonsOf(state, id, attempt),
  ]);
  const failed = lessonsOf(state, id, step.attempt);
  const now = step.turns.flatMap((turn) => [
    ...ahead(turn),
    ...turnItems(turn, { step: id, attempt: step.attempt, past: false, driving, jobs: state.jobs }),
  ]);
  const waiting = state.waiting.filter((request) => belongsTo(request, id)).map((request) => approvalItem(request, id, state));
  return [head, ...past, ...now, ...ahead(undefined), ...failed, ...waiting, ...changeSets(waiting, id)];
}

/** Where another model came in; that it stays is told once. */
const switchesOf = ({ switched }: RunState, step: string | undefined): readonly Switched[] =>
  switched.filter((one) => one.step === step).filter(({ from, to }, i, all) => from !== all[i - 1]?.from || to !== all[i - 1]?.to);

const switchItem = ({ seq, step, from, to, because }: Switched): SwitchItem => ({
  kind: "switch",
  id: `switch:${seq}`,
  step,
  from,
  to,
  because,
});

const turnCache = new WeakMap<Turn, Pick<CallPlace, "driving" | "past" | "jobs"> & { readonly items: readonly Item[] }>();

function turnItems(turn: Turn, at: CallPlace): readonly Item[] {
  const known = turnCache.get(turn);
  if (known && known.driving === at.driving && known.past === at.past && known.jobs === at.jobs) return known.items;
  const words: TextItem[] = turn.text.trim() === "" ? [] : [{ kind: "text", id: `text:${turn.seq}`, by: "model", text: turn.text }];
  const items = [...words, ...turn.calls.map((call: CallState) => callItem(call, at))];
  turnCache.set(turn, { driving: at.driving, past: at.past, jobs: at.jobs, items });
  return items;
}

function lessonsOf(state: RunState, step: string, attempt: number): readonly LessonItem[] {
  const now = state.steps[step];
  return state.lessons
    .filter((lesson) => lesson.step === step && lesson.attempt === attempt)
    .map(({ because, lesson }) => {
      const undone = state.restored.find((one) => one.step === step && one.attempt === attempt);
      return {
        kind: "lesson",
        id: `lesson:${step}.${attempt}`,
        attempt,
        because,
        lesson,
        final: now?.status === "failed" && now.attempt === attempt,
        restored: undone?.restored ?? [],
        kept: undone?.kept ?? [],
        commanded: undone?.commanded ?? [],
      };
    });
}

function evidenceOf(step: StepState, lastWrite: number): EvidenceFacts | undefined {
  if (!step.proof) return undefined;
  const { evidence, seq } = step.proof;
  const { pass, exit, ms, tail = "", check } = evidence;
  return { said: foundText(evidence), pass, exit, ms, tail, fresh: seq > lastWrite, line: check.by === "command" ? check.line : undefined };
}

function belongsTo({ subject }: ApprovalRequest, step: string): boolean {
  if (subject.of === "step") return subject.step === step;
  return "call" in subject && subject.call.split(".")[0] === step;
}

function fuseItem(state: RunState, { name, diagnosis, step }: NonNullable<RunState["fuse"]>): FuseItem {
  const place = Object.keys(state.steps).indexOf(step ?? "");
  const offers = state.ended ? offersOf(state) : [];
  return { kind: "fuse", id: "fuse", name, diagnosis, offers, more: moreWords(state), step: place < 0 ? undefined : place + 1 };
}

function endItem(state: RunState): EndItem {
  const changed = Object.values(state.steps).flatMap((step) => (step.status === "failed" ? [] : changedPaths(step)));
  return {
    kind: "end",
    id: "end",
    outcome: state.ended?.outcome ?? "failed",
    undone: state.undone,
    answer: state.ended?.answer ?? "",
    ledger: state.ended?.ledger ?? [],
    spend: {
      usd: state.spend.usd,
      limit: state.run?.limits.usd ?? 0,
      unpriced: state.spend.unpriced,
      tokens: state.spend.inputTokens + state.spend.outputTokens,
    },
    ms: state.workedMs,
    changed: [...new Set(changed.map((touch) => touch.shown))].map((path) => ({ path })),
  };
}
