// All models of a run behind one Ask: cache, route, then for each model its own stack, at the end the cached answer and the rules engine.
// One breaker for each provider, shared by its models and kept for as long as the process lives.

import type { Ask, Purpose } from "../agent/model/ask.ts";
import { cache, type Replies } from "../agent/model/cache.ts";
import type { Capability } from "../agent/model/capability.ts";
import type { Gateway } from "../agent/model/gateway.ts";
import type { Allowance, Purse } from "../agent/model/ledger.ts";
import { type Candidate, route } from "../agent/model/route.ts";
import { rulesProvider } from "../agent/model/rules/understanding.ts";
import { countRequest, estimateTokens } from "../agent/model/tokens.ts";
import type { Clock } from "../agent/world.ts";
import type { Breakers } from "./breakers.ts";
import type { ModelChoice, Models } from "./choose-model.ts";
import type { Config } from "./config.ts";
import { connectHosted, connectModel } from "./connect-model.ts";
import type { DayBook } from "./day-book.ts";
import { sha256 } from "./digest.ts";
import { modelFacts } from "./model-facts.ts";
import { hostOf } from "./openai/connection.ts";
import { countTokens } from "./tokenizer.ts";

export interface ConnectedModels extends Pick<Gateway, "random" | "onCall" | "onRetry"> {
  readonly clock: Clock;
  readonly config: Config;
  /** Of the run and its steps. */
  readonly purses: readonly Purse[];
  /** What the day costs, over all runs; held to `dayLimit`. */
  readonly book: DayBook;
  readonly dayLimit: () => Allowance;
  readonly replies: Replies;
  readonly breakers: Breakers;
  readonly rules: Ask;
}

/** What a run needs of its models besides asking them. */
export interface Connection {
  readonly ask: Ask;
  /** Tokens the model for a purpose can take together; undefined where nobody knows. */
  readonly window: (purpose: Purpose, signal: AbortSignal) => Promise<number | undefined>;
}

/** Nothing is sent, and no package loaded, before the first request. */
export function connectModels({ chain, by }: Models, parts: ConnectedModels): Connection {
  const { config, clock, rules } = parts;
  const [primary] = chain;
  if (primary.kind === "rules") return { ask: rules, window: () => Promise.resolve(undefined) };
  const alone = chain.length === 1;
  const made = new Map<string, Candidate>();
  const candidate = (choice: ModelChoice): Candidate | undefined => {
    if (choice.kind === "rules") return undefined;
    const known = made.get(choice.name);
    if (known) return known;
    const one = { name: choice.name, ask: connected(choice, parts, alone), capability: capabilityOf(choice) };
    made.set(choice.name, one);
    return one;
  };
  const all = (choices: readonly ModelChoice[]): readonly Candidate[] => choices.map(candidate).filter((one) => one !== undefined);
  const candidates = all(chain);
  const routes = Object.fromEntries(Object.entries(by).map(([purpose, choices]) => [purpose, all(choices)]));
  const cached = cache({
    clock,
    digest: sha256,
    replies: parts.replies,
    models: [...made.keys()].join(" "),
    serves: config.cache.purposes,
    freshMs: config.cache.hours * 3_600_000,
  });
  const size = async (request: Parameters<Ask>[0], context: number): Promise<number> => {
    const estimate = estimateTokens(request);
    return estimate < context ? estimate : countRequest(request, countTokens);
  };
  const ask = cached.layer(route({ by: routes, chain: candidates, last: [cached.provider, rulesProvider(rules)], size }));
  return {
    ask,
    window: async (purpose, signal) => {
      const [first] = routes[purpose] ?? candidates;
      return first && (await first.capability(signal)).context;
    },
  };
}

function connected(choice: Exclude<ModelChoice, { kind: "rules" }>, parts: ConnectedModels, alone: boolean): Ask {
  const { book, dayLimit, purses, breakers, config, clock } = parts;
  const guard = breakers.of(choice.kind === "host" ? choice.name : hostOf(choice.connection.baseURL), clock);
  // With another to turn to, waiting long for the first is no use.
  const haste = alone ? {} : { retries: 2, patienceMs: 10_000 };
  const common = {
    ...parts,
    ...haste,
    purses: [...purses, book.purse({ model: choice.name, limit: dayLimit })],
    guard,
    count: countTokens,
    timeouts: config.timeouts,
  };
  return choice.kind === "host" ? connectHosted(choice, common) : connectModel(choice, common);
}

/** Asked once; of a local model that is not loaded, again until it is. */
function capabilityOf(choice: Exclude<ModelChoice, { kind: "rules" }>): (signal: AbortSignal) => Promise<Capability> {
  if (choice.kind === "host") return () => Promise.resolve(choice.capability);
  let known: Capability | undefined;
  return async (signal) => {
    if (known) return known;
    const { capability, settled } = await modelFacts(choice.connection, choice.capability, signal);
    if (settled) known = capability;
    return capability;
  };
}
