// What a run cost: every request to a model, and their sums by step, role and model. A pure fold of the journal. What has no known price
// is counted apart, never as free.

import type { Spend } from "../approval.ts";
import type { Event } from "../event.ts";
import { reduce } from "../reduce.ts";
import { emptyState, type RunState } from "../state.ts";

/** One request: what for, who answered, and how much. */
export interface CostLine {
  readonly seq: number;
  readonly at: number;
  readonly purpose: "plan" | "act" | "judge" | "reflect" | "summarise";
  readonly step: string | undefined;
  readonly role: string | undefined;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly usd: number | undefined;
  /** The tokens were counted here, because the server told none. */
  readonly counted: boolean;
}

export interface Cost {
  readonly lines: readonly CostLine[];
  readonly total: Spend;
  readonly by: Readonly<Record<"purpose" | "step" | "role" | "model", Readonly<Record<string, Spend>>>>;
}

export function costOf(events: readonly Event[]): Cost {
  let state = emptyState;
  const lines = events.flatMap((event) => {
    state = reduce(state, event);
    return lineOf(event, state) ?? [];
  });
  const by = (key: "purpose" | "step" | "role" | "model"): Readonly<Record<string, Spend>> => {
    const groups: Record<string, Spend> = {};
    for (const line of lines) {
      const name = line[key];
      if (name !== undefined) groups[name] = plus(groups[name] ?? nothing, line);
    }
    return groups;
  };
  return {
    lines,
    total: lines.reduce(plus, nothing),
    by: { purpose: by("purpose"), step: by("step"), role: by("role"), model: by("model") },
  };
}

const nothing: Spend = { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 };

const plus = (sum: Spend, { input, output, usd }: CostLine): Spend => ({
  requests: sum.requests + 1,
  inputTokens: sum.inputTokens + input,
  outputTokens: sum.outputTokens + output,
  usd: sum.usd + (usd ?? 0),
  unpriced: sum.unpriced + (usd === undefined ? 1 : 0),
});

function lineOf(event: Event, state: RunState): CostLine | undefined {
  if (!("usage" in event) || !event.usage) return undefined;
  const { input, output, cached = 0, usd, by, counted = false } = event.usage;
  const step = "step" in event ? event.step : undefined;
  return {
    seq: event.seq,
    at: event.at,
    purpose: purposes[event.type],
    step,
    role: step === undefined ? undefined : state.steps[step]?.step.role,
    model: by ?? ("model" in event ? event.model : undefined) ?? "unknown",
    input,
    output,
    cached,
    usd,
    counted,
  };
}

const purposes = {
  "plan.made": "plan",
  "model.replied": "act",
  "step.checked": "judge",
  "criterion.checked": "judge",
  "step.reflected": "reflect",
  "step.summarised": "summarise",
} as const;
