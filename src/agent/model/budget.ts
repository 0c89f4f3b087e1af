// Refuses a call that could pass a budget before it is made. Sits below retry, so that every try counts.
// Where a limit could be met it caps the reply's length, because a worst case that nobody enforces is none.

import type { Result } from "../result.ts";
import type { AskRequest, Layer, Reply } from "./ask.ts";
import type { Amount, Ledger, Room } from "./ledger.ts";
import type { Price } from "./price.ts";

export interface BudgetOptions {
  /** Every one of them must allow the call. */
  readonly ledgers: readonly Ledger[];
  readonly price: Price;
  readonly model: string;
  /** The reply's cap where there is room for it. */
  readonly maxOutput?: number;
}

/** A reply shorter than this is not worth asking for. */
const leastOutput = 1024;
/** With room for so many of the longest replies, a limit on tokens is far away. */
const plenty = 4;

export function budget({ ledgers, price, model, maxOutput = 32_000 }: BudgetOptions): Layer {
  /** Real input tokens per estimated one, the worst seen so far. */
  let calibration = 1;
  const limited = ledgers.some((ledger) => ledger.limited);
  return (next) => async (request, signal) => {
    const estimate = estimateTokens(request);
    const input = Math.ceil(estimate * calibration);
    const wanted = request.maxOutput ?? maxOutput;
    const rooms = ledgers.map((ledger) => ledger.room);
    const { output, tight } = limited ? await fit(input, wanted, rooms) : { output: wanted, tight: false };
    const worst: Amount = { calls: 1, tokens: input + output, usd: limited ? await price(model, { input, output }) : 0 };
    const settlements: ((real: Amount) => void)[] = [];
    const settle = (real: Amount): void => settlements.forEach((one) => one(real));
    for (const ledger of ledgers) {
      const reserved = ledger.reserve(worst);
      if (!reserved.ok) {
        settle({ calls: 0, tokens: 0, usd: 0 });
        return reserved;
      }
      settlements.push(reserved.value);
    }
    try {
      const result = await next(tight ? { ...request, maxOutput: output } : request, signal);
      settle(await realCost(result, input, estimate));
      return result;
    } catch (error) {
      // Cancelled in mid-flight: the provider bills what it had begun.
      settle({ calls: 1, tokens: input, usd: limited ? await price(model, { input, output: 0 }) : 0 });
      throw error;
    }
  };

  async function realCost(result: Result<Reply>, input: number, estimate: number): Promise<Amount> {
    if (result.ok) {
      const { usage } = result.value;
      // What a provider adds to small requests says nothing about large ones.
      if (estimate > 500) calibration = Math.min(2, Math.max(calibration, usage.input / estimate));
      return { calls: 1, tokens: usage.input + usage.output, usd: usage.usd };
    }
    // A stream that broke off was read and begun, so it is billed; a refused request is not.
    const begun = result.fault.kind === "timeout" || result.fault.kind === "broken";
    return begun
      ? { calls: 1, tokens: input, usd: limited ? await price(model, { input, output: 0 }) : 0 }
      : { calls: 1, tokens: 0, usd: 0 };
  }

  /**
   * The longest reply, up to `wanted`, whose worst case fits every budget; at least `leastOutput`, which then is refused on
   * reserving. Tight where the provider must be held to it: wherever money is counted, and where tokens run short.
   */
  async function fit(input: number, wanted: number, rooms: readonly Room[]): Promise<{ readonly output: number; readonly tight: boolean }> {
    const tokens = Math.min(...rooms.map((room) => room.tokens));
    const usd = Math.min(...rooms.map((room) => room.usd));
    const byTokens = Math.min(wanted, tokens - input);
    const cost = async (output: number): Promise<number> => (await price(model, { input, output })) ?? 0;
    const [base, whole] = [await cost(0), await cost(wanted)];
    const byMoney = whole <= usd ? wanted : Math.floor((wanted * (usd - base)) / (whole - base));
    const counted = whole > 0 && Number.isFinite(usd);
    return { output: Math.max(leastOutput, Math.min(byTokens, byMoney)), tight: counted || tokens < input + plenty * wanted };
  }
}

/** Tokens a request may take, on the high side: two and a half characters each for code, one for scripts that tokenizers split finely. */
export function estimateTokens({ messages, tools }: Pick<AskRequest, "messages" | "tools">): number {
  const spoken = messages.map(
    (message) => message.text + (message.role === "assistant" ? message.calls.map((call) => call.tool + call.args).join("") : ""),
  );
  const texts = [...spoken, ...tools.map((tool) => JSON.stringify(tool))];
  const wide = /[\u0300-\u{10ffff}]/gu;
  const tokens = texts.reduce((sum, text) => sum + 0.4 * text.length + 0.6 * (text.match(wide)?.length ?? 0), 0);
  return Math.ceil(tokens) + 8 * (messages.length + tools.length) + 16;
}
