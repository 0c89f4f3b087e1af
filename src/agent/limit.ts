// Whether the run has used up what it was given, and by how much a person could raise it. Pure; next.ts decides what follows.
// A limit of money, tokens, requests, calls or time can be raised; loops, plans, turns and a model that failed cannot.

import type { Bound, FuseName, Limits } from "./event.ts";
import type { Cap } from "./result.ts";
import type { RunState } from "./state.ts";

/** How a limit would be raised: to `from` plus what was given at first, and at least to what the next call may take. */
export interface Raise {
  readonly scope: Cap["scope"];
  readonly what: Cap["what"] | "calls";
  /** Of a step's limit. */
  readonly step?: string | undefined;
  readonly from: number;
  readonly to: number;
}

export interface Hit {
  readonly fuse: FuseName;
  readonly diagnosis: string;
  /** Whose calls hit it, where it is one of a step. */
  readonly step?: string;
  readonly raise?: Raise;
}

/** The limit that keeps the run from going on; undefined where none does. `now` in ms since the epoch. */
export function hitLimit(state: RunState, now: number): Hit | undefined {
  const { run, modelFault, spend } = state;
  if (!run) return undefined;
  const { limits } = run;
  if (modelFault) {
    const raise = modelFault.fault.cap && raiseFor(state, modelFault.fault.cap, modelFault.step);
    const fuse = raise?.what === "usd" || raise?.what === "tokens" || raise?.what === "minutes" ? raise.what : "model";
    return { fuse, diagnosis: modelFault.fault.message, ...(raise ? { raise } : {}) };
  }
  const tokens = spend.inputTokens + spend.outputTokens;
  const minutes = minutesWorked(state, now);
  const raised = (what: Raise["what"], from: number): { raise: Raise } => ({
    raise: { scope: "run", what, from, to: from + (run.given[what] ?? from) },
  });
  if (spend.usd >= limits.usd)
    return {
      fuse: "usd",
      diagnosis: `The run has cost $${spend.usd.toFixed(2)} of its limit of $${limits.usd.toFixed(2)}.`,
      ...raised("usd", limits.usd),
    };
  if (tokens >= limits.tokens)
    return { fuse: "tokens", diagnosis: `The run has used ${tokens} of its ${limits.tokens} tokens.`, ...raised("tokens", limits.tokens) };
  if (state.callCount > limits.calls)
    return {
      fuse: "calls",
      diagnosis: `The run has made ${state.callCount} tool calls, more than its limit of ${limits.calls}.`,
      ...raised("calls", limits.calls),
    };
  if (minutes >= limits.minutes)
    return {
      fuse: "minutes",
      diagnosis: `The run has worked for ${Math.floor(minutes)} minutes, its limit.`,
      ...raised("minutes", limits.minutes),
    };
  return undefined;
}

/** Minutes of work until now; waiting for a person does not count. */
export const minutesWorked = (state: RunState, now: number): number =>
  (state.workedMs + (state.waiting.length > 0 || state.ended ? 0 : Math.max(0, now - state.at))) / 60_000;

/** The raise that lets the refused call happen; undefined where the run has no such limit any more. */
function raiseFor({ run, spend }: RunState, { scope, what, need }: Cap, step: string | undefined): Raise | undefined {
  const from = run && limitOf(run.limits, { scope, what });
  if (run === undefined || from === undefined) return undefined;
  const used = scope !== "run" ? from : what === "usd" ? spend.usd : what === "tokens" ? spend.inputTokens + spend.outputTokens : 0;
  const least = used + need;
  const to = Math.max(from + (limitOf(run.given, { scope, what }) ?? from), what === "usd" ? Math.ceil(least * 100) / 100 : least);
  return { scope, what, ...(scope === "step" ? { step } : {}), from, to };
}

const limitOf = (limits: Limits, { scope, what }: Pick<Raise, "scope" | "what">): number | undefined =>
  scope === "run" ? limits[what] : what === "calls" ? undefined : limits[scope]?.[what];

/** The limits with one of them raised. */
export function raised(limits: Limits, { scope, what, to }: Pick<Raise, "scope" | "what" | "to">): Limits {
  if (scope === "run") return { ...limits, [what]: to };
  const bound: Bound = { ...limits[scope], [what]: to };
  return { ...limits, [scope]: bound };
}

/** "$2.00", "40000 tokens": an amount of what is limited. */
export const amountOf = (what: Raise["what"], value: number): string =>
  what === "usd" ? `$${value.toFixed(2)}` : `${value} ${nouns[what]}${value === 1 ? "" : "s"}`;

const nouns = { tokens: "token", requests: "model call", minutes: "minute", calls: "tool call" } as const;

/** "this run", "step fix", "today". */
export const ownerOf = ({ scope, step }: Pick<Raise, "scope" | "step">): string =>
  scope === "run" ? "this run" : scope === "day" ? "today" : step === undefined ? "a step" : `step ${step}`;
