// The keys with which models are reached, as secrets that must not leave by any other way.

import type { ModelChoice, Models } from "./choose-model.ts";
import type { Config } from "./config.ts";
import type { KnownSecret } from "./secrets/patterns.ts";

/** Every key of every model a run may ask, also where a header of its own carries it. */
export const modelKeys = ({ chain, by }: Models): readonly KnownSecret[] =>
  [...chain, ...Object.values(by).flat()]
    .flatMap(keysOf)
    .filter(({ value }, at, all) => all.findIndex((one) => one.value === value) === at);

function keysOf(choice: ModelChoice): readonly KnownSecret[] {
  if (choice.kind !== "openai") return [];
  const { id, key, headers } = choice.connection;
  return known(id, key, headers);
}

/** The same as the settings have them, whether their model is chosen or not. */
export const configuredKeys = ({ providers, env }: Pick<Config, "providers" | "env">): readonly KnownSecret[] =>
  providers.flatMap(({ id, key, keyEnv, headers }) => known(id, key ?? (keyEnv === undefined ? undefined : env[keyEnv]), headers));

function known(id: string, key: string | undefined, headers: Readonly<Record<string, string>>): readonly KnownSecret[] {
  const carried = Object.entries(headers).filter(([name]) => /key|token|auth|secret/i.test(name));
  return [...(key === undefined ? [] : [key]), ...carried.map(([, value]) => value.replace(/^\w+ /, ""))].map((value) => ({
    name: `the key of ${id}`,
    value,
  }));
}
