// What models cost, from the maintained table of @pydantic/genai-prices, which is loaded on the first question and never
// touches the network. Prices a person configured come first. A server on this machine is in no table: unknown, not free.

import type { Price } from "../agent/model/price.ts";
import { isLoopback } from "./openai/connection.ts";

/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of input read from the provider's cache; the input price where absent. */
  readonly cached?: number | undefined;
}

export function priceTable(baseURL: string, configured: Readonly<Record<string, ModelPrice>> = {}): Price {
  const local = isLoopback(new URL(baseURL).hostname);
  return async (model, { input, output, cached = 0 }) => {
    const own = configured[model];
    if (own) return ((input - cached) * own.input + cached * (own.cached ?? own.input) + output * own.output) / 1e6;
    if (local) return undefined;
    const { calcPrice } = await import("@pydantic/genai-prices");
    return calcPrice({ input_tokens: input, output_tokens: output, cache_read_tokens: cached }, model, { providerApiUrl: baseURL })
      ?.total_price;
  };
}
