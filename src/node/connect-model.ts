// Joins a chosen model with the layers every model gets: from a ModelChoice to an Ask that is ready to use.

import { randomBytes } from "node:crypto";
import type { Ask } from "../agent/model/ask.ts";
import { type Gateway, gateway } from "../agent/model/gateway.ts";
import type { ModelChoice } from "./choose-model.ts";
import type { Config } from "./config.ts";
import { hostOf } from "./openai/connection.ts";
import { openai } from "./openai/openai.ts";
import { priceTable } from "./prices.ts";

export type Connected = Pick<
  Gateway,
  "clock" | "random" | "purses" | "count" | "guard" | "retries" | "patienceMs" | "onCall" | "onRetry" | "onBreaker"
> &
  Pick<Config, "timeouts">;

/** Nothing is sent, and the openai package not loaded, before the first request. */
export function connectModel(choice: Extract<ModelChoice, { kind: "openai" }>, { timeouts, ...parts }: Connected): Ask {
  const { connection, prices, capability } = choice;
  const { id, model, baseURL } = connection;
  return gateway({
    ...parts,
    ...timeouts,
    ask: openai(connection, capability.tools),
    provider: id,
    model,
    nonce: fenceWord(),
    host: hostOf(baseURL),
    price: priceTable(baseURL, prices),
  });
}

/** A model of the place we run in: whoever brought it along is paid there, so its price is unknown here. */
export function connectHosted({ name, ask }: Extract<ModelChoice, { kind: "host" }>, { timeouts, ...parts }: Connected): Ask {
  const slash = name.indexOf("/");
  return gateway({
    ...parts,
    ...timeouts,
    ask,
    provider: name.slice(0, slash),
    model: name.slice(slash + 1),
    nonce: fenceWord(),
    host: name,
  });
}

const fenceWord = (): string => randomBytes(9).toString("base64url");
