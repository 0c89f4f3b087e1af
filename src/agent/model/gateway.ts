// The standard stack around one provider: what every request goes through on its way to a model, and every reply on its way back.
// Read from the outside in: a structured answer may take two asks; each is tried again as long as that makes sense; a provider
// that keeps failing is left alone; every try is paid from the budget, recorded, priced, and ended when it stops moving.

import { structured } from "./answer.ts";
import type { Ask } from "./ask.ts";
import { type BreakerOptions, breaker } from "./breaker.ts";
import { budget } from "./budget.ts";
import { compose } from "./compose.ts";
import type { Ledger } from "./ledger.ts";
import { type Price, pricing, unknownPrice } from "./price.ts";
import { type RetryOptions, retry } from "./retry.ts";
import { type TimeoutOptions, timeout } from "./timeout.ts";
import { type CallRecord, trace } from "./trace.ts";

export interface Gateway extends RetryOptions, Omit<TimeoutOptions, "clock">, Omit<BreakerOptions, "clock" | "host" | "onChange"> {
  /** The bare provider. */
  readonly ask: Ask;
  readonly provider: string;
  readonly model: string;
  readonly price?: Price;
  /** Budgets of the run, the step, the day; none: nothing is held back. */
  readonly ledgers?: readonly Ledger[];
  readonly onCall?: (record: CallRecord) => void;
  readonly onBreaker?: BreakerOptions["onChange"];
}

export function gateway({ ask, provider, model, price = unknownPrice, ledgers = [], onCall, onBreaker, ...options }: Gateway): Ask {
  const { clock } = options;
  return compose(
    structured,
    retry(options),
    breaker({ ...options, ...(onBreaker ? { onChange: onBreaker } : {}) }),
    budget({ ledgers, price, model }),
    ...(onCall ? [trace({ clock, provider, model, onCall })] : []),
    pricing({ price, model }),
    timeout(options),
  )(ask);
}
