// The models of a run, from settings and flags: providers behind their layers, or the rules engine where none is configured.
// Nothing heavy is loaded before it is needed: neither a provider's package nor the engine's grammars.

import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Ask } from "../agent/model/ask.ts";
import { allowance, pursesOf } from "../agent/model/purses.ts";
import type { Fault, Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import type { Clock, World } from "../agent/world.ts";
import { Breakers } from "../node/breakers.ts";
import { chooseModels, type ModelChoice, type Models } from "../node/choose-model.ts";
import { type Config, loadConfig } from "../node/config.ts";
import { connectModels } from "../node/connect-models.ts";
import { DayBook } from "../node/day-book.ts";
import { replyStore } from "../node/reply-store.ts";
import type { Io } from "./io.ts";
import { homeOf } from "./workspace.ts";

export interface Chosen {
  /** The first of the models. */
  readonly choice: ModelChoice;
  readonly models: Models;
  readonly config: Config;
}

/** Reads the settings and picks the models. `named` is what --model says. */
export async function pickModel(io: Io, named: string | undefined, signal: AbortSignal): Promise<Result<Chosen>> {
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return config;
  const models = await chooseModels(config.value, named === undefined ? {} : { model: named }, signal);
  return models.ok ? { ok: true, value: { choice: models.value.chain[0], models: models.value, config: config.value } } : models;
}

export interface ConnectParts {
  readonly io: Io;
  readonly clock: Clock;
  readonly rules: Ask;
  /** What the run has cost so far counts against its limits. */
  readonly state: () => RunState;
  /** Something a person should know of: a try failed and another is made. */
  readonly onNotice: (text: string) => void;
}

export function connect({ models, config }: Chosen, { io, clock, rules, state, onNotice }: ConnectParts): Pick<World, "ask" | "window"> {
  const onRetry = (fault: Fault, waitMs: number): void => onNotice(`${fault.message} Trying again in ${(waitMs / 1000).toFixed(1)} s.`);
  return connectModels(models, {
    clock,
    config,
    rules,
    random: Math.random,
    purses: pursesOf({ state, clock }),
    book: dayBook(io),
    dayLimit: () => allowance(state().run?.limits.day),
    replies: replyStore({ folder: join(homeOf(io), "replies"), mostBytes: config.cache.megabytes * 2 ** 20 }),
    breakers: new Breakers(),
    onRetry,
  });
}

/** What all runs of this person cost, day by day. */
export const dayBook = (io: Io): DayBook =>
  new DayBook({ folder: join(homeOf(io), "spend"), now: () => Date.now(), id: () => randomUUID() });
