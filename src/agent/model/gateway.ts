// The standard stack around one provider: what every request goes through on its way to a model, and every reply on its way back.
// Read from the outside in: what no person here wrote is fenced; a structured answer may take two asks; each is tried again as long as
// that makes sense; a provider that keeps failing is left alone; every try is paid from the budget, recorded, priced, and ended when it
// stops moving.

import { structured } from "./answer.ts";
import type { Ask, Layer } from "./ask.ts";
import { type BreakerOptions, breaker } from "./breaker.ts";
import { budget } from "./budget.ts";
import { compose } from "./compose.ts";
import { fence } from "./fence.ts";
import type { Purse } from "./ledger.ts";
import { type Price, pricing, unknownPrice } from "./price.ts";
import type { CountTokens } from "./tokens.ts";
import { metering } from "./metering.ts";
import { type RetryOptions, retry } from "./retry.ts";
import { type TimeoutOptions, timeout } from "./timeout.ts";
import { type CallRecord, trace } from "./trace.ts";

export interface Gateway extends RetryOptions, Omit<TimeoutOptions, "clock">, Omit<BreakerOptions, "clock" | "host" | "onChange"> {
  /** The bare provider. */
  readonly ask: Ask;
  readonly provider: string;
  readonly model: string;
  /** The word of this run's fences: unpredictable. */
  readonly nonce: string;
  readonly price?: Price;
  /** Budgets of the run, the step, the day; none: nothing is held back. */
  readonly purses?: readonly Purse[];
  /** A real tokenizer, for requests near a limit and replies without numbers. */
  readonly count?: CountTokens | undefined;
  readonly onCall?: (record: CallRecord) => void;
  readonly onBreaker?: BreakerOptions["onChange"];
  /** The breaker of the provider, where its models share one. */
  readonly guard?: Layer;
}

export function gateway({
  ask,
  provider,
  model,
  nonce,
  price = unknownPrice,
  purses = [],
  count,
  onCall,
  onBreaker,
  guard,
  ...options
}: Gateway): Ask {
  const { clock } = options;
  return compose(
    fence(nonce),
    structured,
    retry(options),
    guard ?? breaker({ ...options, ...(onBreaker ? { onChange: onBreaker } : {}) }),
    budget({ purses, price, model, count }),
    ...(onCall ? [trace({ clock, provider, model, onCall })] : []),
    pricing({ price, model, by: `${provider}/${model}` }),
    ...(count ? [metering(count)] : []),
    timeout(options),
  )(ask);
}
