// The rows at the bottom of a live view: the plan's steps, what streams in, what runs and for how long, what it has cost. Pure.
// Every row fits the width; what gives way first is what can be read elsewhere, numbers last.

import { duration, money, tokens } from "../../agent/observe/amount.ts";
import { type Activity, stepMark } from "../../agent/observe/activity.ts";
import type { Mark } from "../../agent/observe/line.ts";
import type { RunState } from "../../agent/state.ts";
import { cells, cut, cutStart } from "./cells.ts";
import { iconOf, paint, type Style, toneOf } from "./style.ts";
import { visible } from "./visible.ts";

export interface Status {
  readonly state: RunState;
  readonly activities: readonly Activity[];
  /** The end of what is streaming in: words of the model, or output of a command. */
  readonly stream: string;
  readonly now: number;
  /** Counts up with time: turns the wheel. */
  readonly tick: number;
  /** A question is open: nothing moves, so less is shown. */
  readonly asking: boolean;
}

const wheel = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const mostSteps = 8;
const streamRows = 3;

export function statusRows(status: Status, columns: number, style: Style): readonly string[] {
  const { asking, state } = status;
  if (state.ended) return [];
  const rows = asking ? [] : [...streamLines(status.stream, columns, style), ...stepRows(status, columns, style)];
  return [...rows, activityRow(status, columns, style)];
}

const words: Partial<Record<Mark, string>> = {
  later: "later",
  waits: "waits for you",
  working: "working",
  verified: "verified",
  unverified: "unverified",
  failed: "failed",
};

/** The plan as a list, where it has more than one step; a long one is shown around what moves. While it is put to the person, the card lists it. */
function stepRows({ state, tick }: Status, columns: number, style: Style): readonly string[] {
  const steps = (state.plan?.plan.steps ?? []).flatMap((step) => state.steps[step.id] ?? []);
  if (steps.length < 2 || !state.plan?.settled) return [];
  const moving = Math.max(
    0,
    steps.findIndex((step) => step.status !== "verified"),
  );
  const first = Math.max(0, Math.min(moving - 2, steps.length - mostSteps));
  return steps.slice(first, first + mostSteps).map((step, i) => {
    const mark = stepMark(step, state);
    const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : "";
    const word = `${words[mark] ?? mark}${attempt}`;
    const icon = mark === "working" ? turning(tick, style) : iconOf(mark, style);
    const goal = cut(`${first + i + 1} ${visible(step.step.goal).replaceAll("\n", " ")}`, columns - cells(word) - 6);
    const gap = " ".repeat(Math.max(1, columns - 4 - cells(goal) - cells(word)));
    return `  ${paint(toneOf[mark], icon, style)} ${goal}${gap}${paint(toneOf[mark], word, style)}`;
  });
}

function streamLines(stream: string, columns: number, style: Style): readonly string[] {
  const lines = visible(stream)
    .split("\n")
    .filter((one) => one.trim() !== "");
  return lines.slice(-streamRows).map((one) => paint("quiet", `    ${cutStart(one.trimEnd(), columns - 4)}`, style));
}

function activityRow({ state, activities, now, tick, asking }: Status, columns: number, style: Style): string {
  const waits = activities.length > 0 && activities.every((one) => one.waits);
  const icon = waits || asking ? paint("waits", iconOf("waits", style), style) : paint("moving", turning(tick, style), style);
  const facts = factsOf(state, now);
  const right = facts.join(" · ");
  const room = columns - 3;
  const doing =
    activities
      .map((one) => `${one.step === undefined ? "" : `${one.step} `}${visible(one.words).replaceAll("\n", " ")}${elapsed(one, now)}`)
      .join(" · ") || "working";
  const keep = room - cells(right) - 2 >= 24 ? right : (facts[0] ?? "");
  const left = cut(doing, room - cells(keep) - 2);
  const gap = " ".repeat(Math.max(1, room - cells(left) - cells(keep)));
  return `${icon} ${left}${gap}${paint("quiet", keep, style)}`;
}

/** Most needed first. */
function factsOf(state: RunState, now: number): readonly string[] {
  const { spend, run } = state;
  const worked = state.workedMs + (state.waiting.length > 0 || state.seq === 0 ? 0 : Math.max(0, now - state.at));
  const cost = spend.usd > 0 || spend.unpriced === 0 ? `${money(spend.usd)} of ${money(run?.limits.usd ?? 0)}` : "price unknown";
  return [
    cost,
    tokens(spend.inputTokens + spend.outputTokens),
    `${duration(Math.floor(worked / 1000) * 1000)} of ${run?.limits.minutes ?? 0} min`,
  ];
}

const elapsed = ({ since, waits }: Activity, now: number): string =>
  waits || now - since < 1000 ? "" : ` ${Math.floor((now - since) / 1000)} s`;

const turning = (tick: number, style: Style): string =>
  style.unicode ? (wheel[tick % wheel.length] ?? "*") : (["|", "/", "-", "\\"][tick % 4] ?? "*");
