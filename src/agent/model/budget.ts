// Refuses a call that could pass a budget before it is made. Sits below retry, so that every try counts.
// Where a limit could be met it caps the reply's length, because a worst case that nobody enforces is none; for the same reason it
// counts the request exactly there, where a tokenizer is at hand.

import type { Result } from "../result.ts";
import type { AskRequest, Layer, Reply } from "./ask.ts";
import type { Amount, Purse, Room, Settle } from "./ledger.ts";
import type { Price } from "./price.ts";
import { countRequest, type CountTokens, estimateTokens } from "./tokens.ts";

export interface BudgetOptions {
  /** Every one of them must allow the call. */
  readonly purses: readonly Purse[];
  readonly price: Price;
  readonly model: string;
  /** The reply's cap where there is room for it. */
  readonly maxOutput?: number;
  readonly count?: CountTokens | undefined;
}

/** A reply shorter than this is not worth asking for. */
const leastOutput = 1024;
/** With room for so many of the longest replies, a limit on tokens is far away. */
const plenty = 4;
/** Other tokenizers than ours make a little more of a text, until the server's own numbers are known. */
const otherTokenizer = 1.1;

export function budget({ purses, price, model, maxOutput = 32_000, count }: BudgetOptions): Layer {
  /** Real input tokens per estimated and per counted one, the worst seen so far. */
  let calibration = { estimated: 1, counted: otherTokenizer };
  return (next) => async (request, signal) => {
    const { subject } = request;
    const rooms = await Promise.all(purses.map((purse) => purse.room(subject)));
    const room = smallest(rooms);
    const limited = Number.isFinite(room.tokens) || Number.isFinite(room.usd);
    const wanted = request.maxOutput ?? maxOutput;
    const sized = await size(request, room, wanted);
    const { input } = sized;
    const { output, tight } = limited ? await fit(input, wanted, room) : { output: wanted, tight: false };
    const worst: Amount = { calls: 1, tokens: input + output, usd: limited ? await price(model, { input, output }) : 0 };
    const settlements: Settle[] = [];
    const settle = async (real: Amount): Promise<void> => {
      for (const one of settlements) await one(real);
    };
    for (const purse of purses) {
      const reserved = await purse.reserve(worst, subject);
      if (!reserved.ok) {
        await settle({ calls: 0, tokens: 0, usd: 0 });
        return reserved;
      }
      settlements.push(reserved.value);
    }
    const maxMs = room.minutes * 60_000;
    const held = { ...(tight ? { maxOutput: output } : {}), ...(maxMs < (request.maxMs ?? Number.POSITIVE_INFINITY) ? { maxMs } : {}) };
    try {
      const result = await next({ ...request, ...held }, signal);
      await settle(await realCost(result, sized, limited));
      return result;
    } catch (error) {
      // Cancelled in mid-flight: the provider bills what it had begun.
      await settle({ calls: 1, tokens: input, usd: limited ? await price(model, { input, output: 0 }) : 0 });
      throw error;
    }
  };

  /** Counting costs milliseconds and a library: it is done only where the estimate could make the difference. */
  async function size(request: AskRequest, { tokens, usd }: Room, wanted: number): Promise<Sized> {
    const guess = estimateTokens(request);
    const input = Math.ceil(guess * calibration.estimated);
    const estimated: Sized = { guess, input, by: "estimated" };
    if (!count) return estimated;
    const cost = Number.isFinite(usd) ? ((await price(model, { input, output: wanted })) ?? 0) : 0;
    if (input + wanted <= tokens && cost <= usd) return estimated;
    const counted = await countRequest(request, count);
    return { guess: counted, input: Math.min(input, Math.ceil(counted * calibration.counted)), by: "counted" };
  }

  async function realCost(result: Result<Reply>, { guess, input, by }: Sized, limited: boolean): Promise<Amount> {
    if (result.ok) {
      const { usage } = result.value;
      // What a provider adds to small requests says nothing about large ones.
      if (guess > 500 && !usage.counted)
        calibration = { ...calibration, [by]: Math.min(2, Math.max(calibration[by], usage.input / guess)) };
      return { calls: 1, tokens: usage.input + usage.output, usd: usage.usd };
    }
    // A stream that broke off was read and begun, so it is billed; a refused request is not.
    const { kind, cap } = result.fault;
    const begun = kind === "timeout" || kind === "broken" || cap !== undefined;
    return begun
      ? { calls: 1, tokens: input, usd: limited ? await price(model, { input, output: 0 }) : 0 }
      : { calls: 1, tokens: 0, usd: 0 };
  }

  /**
   * The longest reply, up to `wanted`, whose worst case fits every budget; at least `leastOutput`, which then is refused on
   * reserving. Tight where the provider must be held to it: wherever money is counted, and where tokens run short.
   */
  async function fit(input: number, wanted: number, { tokens, usd }: Room): Promise<{ readonly output: number; readonly tight: boolean }> {
    const byTokens = Math.min(wanted, tokens - input);
    const cost = async (output: number): Promise<number> => (await price(model, { input, output })) ?? 0;
    const [base, whole] = [await cost(0), await cost(wanted)];
    const byMoney = whole <= usd ? wanted : Math.floor((wanted * (usd - base)) / (whole - base));
    const counted = whole > 0 && Number.isFinite(usd);
    return { output: Math.max(leastOutput, Math.min(byTokens, byMoney)), tight: counted || tokens < input + plenty * wanted };
  }
}

interface Sized {
  /** As estimated or counted, before calibration. */
  readonly guess: number;
  readonly input: number;
  readonly by: "estimated" | "counted";
}

const smallest = (rooms: readonly Room[]): Room => ({
  calls: Math.min(...rooms.map((room) => room.calls)),
  tokens: Math.min(...rooms.map((room) => room.tokens)),
  usd: Math.min(...rooms.map((room) => room.usd)),
  minutes: Math.min(...rooms.map((room) => room.minutes)),
});
