// Puts a price on replies. Knows no table: the composition root hands in a Price (node/prices.ts holds the maintained one).
// Invariant: what is unknown stays unknown; no price is ever guessed as zero.

import { ok } from "../result.ts";
import type { Layer, Usage } from "./ask.ts";

/** US dollars for so many tokens of a model; undefined where nobody knows. Never rejects. */
export type Price = (model: string, usage: Usage) => Promise<number | undefined>;

/** The price of nothing we know of. */
export const unknownPrice: Price = () => Promise.resolve(undefined);

/**
 * Fills in `usage.usd` where the provider did not, and who is paid. `model` is the name we asked for, tried where the reply's own name
 * is not known.
 */
export const pricing =
  ({ price, model, by }: { readonly price: Price; readonly model: string; readonly by: string }): Layer =>
  (next) =>
  async (request, signal) => {
    const result = await next(request, signal);
    if (!result.ok) return result;
    const { usage } = result.value;
    const usd = usage.usd ?? (await price(result.value.model, usage)) ?? (await price(model, usage));
    return ok({ ...result.value, usage: { ...usage, by, ...(usd === undefined ? {} : { usd }) } });
  };
