// Which model serves: the one named, else the first of the first provider, else a server found on this machine, else the rules
// engine. Says why, because a person must be able to see where their code goes.

import type { Ask, Purpose } from "../agent/model/ask.ts";
import type { Capability } from "../agent/model/capability.ts";
import { ok, type Result, fail } from "../agent/result.ts";
import { type Provider } from "../agent/settings.ts";
import { type Config, set } from "./config.ts";
import { findLocalServers, type LocalServer, localServers } from "./local-servers.ts";
import type { Connection } from "./openai/connection.ts";
import { isOpenAI } from "./openai/features.ts";
import { isTalker, listModels } from "./openai/models.ts";
import type { ModelPrice } from "./prices.ts";

/** Everything a run may ask: the first of the chain, what follows where it fails, and who serves a purpose. */
export interface Models {
  readonly chain: readonly [ModelChoice, ...(readonly ModelChoice[])];
  readonly by: Partial<Readonly<Record<Purpose, readonly ModelChoice[]>>>;
}

export type ModelChoice =
  | {
      readonly kind: "openai";
      /** As shown and as "--model" takes it: "openai/gpt-5.2". */
      readonly name: string;
      readonly why: string;
      readonly connection: Connection;
      readonly prices: Readonly<Record<string, ModelPrice>>;
      /** As configured; the rest is found out. */
      readonly capability: Capability;
    }
  /** A model that the place we run in brings along. */
  | { readonly kind: "host"; readonly name: string; readonly why: string; readonly ask: Ask; readonly capability: Capability }
  | { readonly kind: "rules"; readonly name: "rules"; readonly why: string };

export interface ChooseOptions {
  /** What "--model" says; goes before everything else. */
  readonly model?: string | undefined;
  /** Where to look for servers; for tests. */
  readonly local?: readonly LocalServer[];
  /** How long each of them may take to answer. */
  readonly probeMs?: number;
  /** Models that the place we run in brings along; undefined where the name is none of theirs. */
  readonly host?: (name: string, signal: AbortSignal) => Promise<Result<Extract<ModelChoice, { kind: "host" }>> | undefined>;
}

/** For OpenAI itself where nobody named one, and for servers that have one model and do not care what it is called. */
const usualModel = "gpt-5.2";
const listMs = 2000;

/** The chosen model with all that stands behind it. A model named for this run alone serves every purpose. Faults as `chooseModel`. */
export async function chooseModels(config: Config, options: ChooseOptions, signal: AbortSignal): Promise<Result<Models>> {
  const primary = await chooseModel(config, options, signal);
  if (!primary.ok) return primary;
  if (primary.value.kind === "rules") return ok({ chain: [primary.value], by: {} });
  const chain: [ModelChoice, ...ModelChoice[]] = [primary.value];
  for (const model of config.fallback) {
    const next = await chooseModel(config, { ...options, model }, signal);
    if (!next.ok) return next;
    if (next.value.kind !== "rules" && chain.every(({ name }) => name !== next.value.name)) chain.push(next.value);
  }
  const by: Partial<Record<Purpose, ModelChoice[]>> = {};
  for (const [purpose, names] of options.model === undefined ? Object.entries(config.routes) : []) {
    const group: ModelChoice[] = [];
    for (const model of names ?? []) {
      const one = await chooseModel(config, { ...options, model }, signal);
      if (!one.ok) return one;
      group.push(one.value);
    }
    by[purpose as Purpose] = group;
  }
  return ok({ chain, by });
}

/** Faults: a provider whose key is not set. Rejects only when cancelled. */
export async function chooseModel(
  config: Config,
  { model = config.model, local = localServers, probeMs, host }: ChooseOptions,
  signal: AbortSignal,
): Promise<Result<ModelChoice>> {
  const hosted = model === undefined ? undefined : await host?.(model, signal);
  if (hosted) return hosted;
  if (model === "rules") return ok({ kind: "rules", name: "rules", why: "the rules engine was asked for" });
  const named = model === undefined ? undefined : providerNamed(model, config, local);
  if (named) return connect(named.provider, { model: named.model, why: "it was asked for" }, config, signal);
  const [first] = config.providers;
  if (first) {
    const listing = model === undefined ? undefined : (config.providers.find(({ models }) => models.includes(model)) ?? first);
    return connect(
      listing ?? first,
      { model, why: model === undefined ? `"${first.id}" is configured` : "it was asked for" },
      config,
      signal,
    );
  }
  const [found] = config.probe ? await findLocalServers(signal, local, probeMs) : [];
  if (found) {
    const chosen = model ?? found.models[0] ?? usualModel;
    return connect(
      localProvider(found),
      { model: chosen, why: `no model is configured, and ${found.name} answers at ${found.baseURL}` },
      config,
      signal,
    );
  }
  if (model !== undefined) {
    return fail(
      "unavailable",
      `No provider is configured for the model ${model}; set OPENAI_API_KEY or OPENAI_BASE_URL, or start a local model server.`,
    );
  }
  return ok({
    kind: "rules",
    name: "rules",
    why: config.probe ? "no model is configured and no local server answers" : "no model is configured",
  });
}

/** "provider/model", where there is such a provider. Model names may hold slashes themselves. */
function providerNamed(
  name: string,
  { providers }: Config,
  local: readonly LocalServer[],
): { readonly provider: Provider; readonly model: string | undefined } | undefined {
  const all = [...providers, ...local.filter(({ id }) => providers.every((one) => one.id !== id)).map(localProvider)];
  const whole = all.find(({ id }) => id === name);
  if (whole) return { provider: whole, model: undefined };
  const provider = all.find(({ id }) => name.startsWith(`${id}/`));
  return provider && { provider, model: name.slice(provider.id.length + 1) };
}

const localProvider = ({ id, baseURL }: LocalServer): Provider => ({
  id,
  baseURL,
  api: "chat",
  headers: {},
  models: [],
  stream: true,
  prices: {},
  capabilities: {},
});

async function connect(
  provider: Provider,
  { model, why }: { readonly model: string | undefined; readonly why: string },
  { env }: Config,
  signal: AbortSignal,
): Promise<Result<ModelChoice>> {
  const { id, baseURL, api, keyEnv, stream, prices, capabilities } = provider;
  const key = (keyEnv === undefined ? undefined : set(env[keyEnv])) ?? provider.key;
  // The environment's own provider may do without a key: many servers need none.
  if (keyEnv !== undefined && !key && keyEnv !== "OPENAI_API_KEY")
    return fail("unavailable", `The provider "${id}" takes its key from ${keyEnv}, which is not set; set it, or choose another model.`);
  const chosen = model ?? provider.models[0] ?? (isOpenAI(baseURL) ? usualModel : await firstModel(provider, key, signal));
  const { headers, carriesKey } = withKey(provider.headers, key);
  const connection: Connection = {
    id,
    baseURL,
    api,
    model: chosen,
    key: carriesKey ? undefined : key,
    keyName: keyEnv ?? `the key of "${id}"`,
    headers,
    stream,
  };
  const { price, ...known } = { price: prices[chosen], ...capabilities[chosen] };
  return ok({ kind: "openai", name: `${id}/${chosen}`, why, connection, prices, capability: { ...known, ...(price ? { price } : {}) } });
}

/** Headers with the key where they say "${key}", as some gateways want it in a header of their own. */
function withKey(
  headers: Provider["headers"],
  key: string | undefined,
): { readonly headers: Provider["headers"]; readonly carriesKey: boolean } {
  const place = "${key}";
  const filled = Object.entries(headers).map(([name, value]) => [name, value.replaceAll(place, key ?? "")] as const);
  return { headers: Object.fromEntries(filled), carriesKey: Object.values(headers).some((value) => value.includes(place)) };
}

async function firstModel({ baseURL, headers }: Provider, key: string | undefined, signal: AbortSignal): Promise<string> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(listMs)]);
    const models = await listModels(baseURL, { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers }, patience);
    return (models.ok ? models.value.find(isTalker) : undefined) ?? usualModel;
  } catch {
    signal.throwIfAborted();
    return usualModel;
  }
}
