// Joins a chosen model with the layers every model gets: from a ModelChoice to an Ask that is ready to use.

import type { Ask } from "../agent/model/ask.ts";
import { type Gateway, gateway } from "../agent/model/gateway.ts";
import type { ModelChoice } from "./choose-model.ts";
import type { Config } from "./config.ts";
import { hostOf } from "./openai/connection.ts";
import { openai } from "./openai/openai.ts";
import { priceTable } from "./prices.ts";

export type Connected = Pick<Gateway, "clock" | "random" | "ledgers" | "onCall" | "onRetry" | "onBreaker"> & Pick<Config, "timeouts">;

/** Nothing is sent, and the openai package not loaded, before the first request. */
export function connectModel({ connection, prices }: Extract<ModelChoice, { kind: "openai" }>, { timeouts, ...parts }: Connected): Ask {
  const { id, model, baseURL } = connection;
  return gateway({
    ...parts,
    ...timeouts,
    ask: openai(connection),
    provider: id,
    model,
    host: hostOf(baseURL),
    price: priceTable(baseURL, prices),
  });
}
