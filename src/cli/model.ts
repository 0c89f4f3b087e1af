// The model of a run, from settings and flags: a provider behind its layers, or the rules engine where none is configured.
// Nothing heavy is loaded before it is needed: neither a provider's package nor the engine's grammars.

import { homedir } from "node:os";
import type { Limits } from "../agent/event.ts";
import type { Ask } from "../agent/model/ask.ts";
import { Ledger } from "../agent/model/ledger.ts";
import type { Fault, Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import type { Clock } from "../agent/world.ts";
import { chooseModel, type ModelChoice } from "../node/choose-model.ts";
import { type Config, loadConfig } from "../node/config.ts";
import { connectModel } from "../node/connect-model.ts";
import type { Io } from "./io.ts";

export interface Chosen {
  readonly choice: ModelChoice;
  readonly config: Config;
}

/** Reads the settings and picks the model. `named` is what --model says. */
export async function pickModel(io: Io, named: string | undefined, signal: AbortSignal): Promise<Result<Chosen>> {
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return config;
  const choice = await chooseModel(config.value, named === undefined ? {} : { model: named }, signal);
  return choice.ok ? { ok: true, value: { choice: choice.value, config: config.value } } : choice;
}

export interface AskParts {
  readonly clock: Clock;
  readonly rules: Ask;
  /** What the run has cost so far counts against its limits. */
  readonly state: RunState;
  readonly limits: Limits;
  /** Something a person should know of: a try failed and another is made. */
  readonly onNotice: (text: string) => void;
}

export function askOf({ choice, config }: Chosen, { clock, rules, state, limits, onNotice }: AskParts): Ask {
  if (choice.kind === "rules") return rules;
  const { usd, inputTokens, outputTokens, requests } = state.spend;
  const ledger = new Ledger(
    "this run",
    { tokens: limits.tokens, usd: limits.usd },
    { calls: requests, tokens: inputTokens + outputTokens, usd },
  );
  const onRetry = (fault: Fault, waitMs: number): void => onNotice(`${fault.message} Trying again in ${(waitMs / 1000).toFixed(1)} s.`);
  return connectModel(choice, { clock, random: Math.random, ledgers: [ledger], timeouts: config.timeouts, onRetry });
}
