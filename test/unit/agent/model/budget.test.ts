import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Ask, AskRequest, Usage } from "../../../../src/agent/model/ask.ts";
import { budget } from "../../../../src/agent/model/budget.ts";
import { type Allowance, type Amount, Ledger } from "../../../../src/agent/model/ledger.ts";
import { estimateTokens } from "../../../../src/agent/model/tokens.ts";
import { type Price, unknownPrice } from "../../../../src/agent/model/price.ts";
import { fail, ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";

const never = new AbortController().signal;
/** $1 per thousand tokens in, $2 out. */
const price: Price = async (_model, { input, output }) => (input + 2 * output) / 1000;

/** A budget called that, with what was spent before. */
const ledgerOf = (limit: Allowance, name = "this run", spent?: Amount): Ledger =>
  new Ledger({ name, scope: "run", limit: () => limit, ...(spent ? { spent } : {}) });

function spending(limit: Allowance, usage: (request: AskRequest) => Usage, options: { price?: Price; maxOutput?: number } = {}) {
  const ledger = ledgerOf(limit);
  const asked: AskRequest[] = [];
  const ask: Ask = async (request) => {
    asked.push(request);
    return ok({ text: "", calls: [], usage: usage(request), model: "m", finish: "stop" });
  };
  const layer = budget({ purses: [ledger], price: options.price ?? price, model: "m", maxOutput: options.maxOutput ?? 2000 });
  return { ledger, asked, ask: layer(ask), layer };
}
const words = (count: number): AskRequest => askRequest({ messages: [{ role: "user", text: "word ".repeat(count) }] });

describe("budget", () => {
  it("refuses the call after the last one that is allowed, without asking", async () => {
    const { ask, asked } = spending({ calls: 2 }, () => ({ input: 1, output: 1 }));
    assert.equal((await ask(askRequest(), never)).ok, true);
    assert.equal((await ask(askRequest(), never)).ok, true);
    assert.deepEqual(
      await ask(askRequest(), never),
      fail("budget", "The budget of this run is 2 model calls; raise it to go on.", { cap: { scope: "run", what: "requests", need: 1 } }),
    );
    assert.equal(asked.length, 2);
  });

  it("shortens the reply to what is left, and then refuses", async () => {
    const input = estimateTokens(askRequest());
    const { ask, asked } = spending({ tokens: 3500 }, ({ maxOutput = 0 }) => ({ input, output: maxOutput }));
    await ask(askRequest(), never);
    assert.equal(asked[0]?.maxOutput, 2000);
    await ask(askRequest(), never);
    assert.equal(asked[1]?.maxOutput, 3500 - (input + 2000) - input);
    const refused = await ask(askRequest(), never);
    assert.ok(!refused.ok);
    assert.match(
      refused.fault.message,
      /^The budget of this run is 3500 tokens \(the next call may take \d+, \d+ are left\); raise it to go on\.$/,
    );
  });

  it("refuses a first call that alone could cost too much", async () => {
    const { ask, asked } = spending({ usd: 0.3 }, () => ({ input: 1, output: 1 }));
    const refused = await ask(words(1000), never);
    assert.ok(!refused.ok);
    assert.match(refused.fault.message, /^The budget of this run is \$0\.3 \(the next call may cost \$\d+\.\d\d, \$0\.30 is left\)/);
    assert.equal(asked.length, 0);
  });

  it("holds calls and tokens to their limits where the price is unknown", async () => {
    const { ask } = spending({ usd: 0.01, calls: 1 }, () => ({ input: 1, output: 1 }), { price: unknownPrice });
    assert.equal((await ask(askRequest(), never)).ok, true);
    assert.equal((await ask(askRequest(), never)).ok, false);
  });

  it("does not cap replies where a limit on tokens is far away, for not every server takes a cap", async () => {
    const { ask, asked } = spending({ tokens: 100_000, usd: 5 }, () => ({ input: 1, output: 1 }), { price: unknownPrice });
    await ask(askRequest(), never);
    assert.equal(asked[0]?.maxOutput, undefined);
  });

  it("does not cap replies where nothing is limited", async () => {
    const { ask, asked } = spending({}, () => ({ input: 1, output: 1 }));
    await ask(askRequest(), never);
    assert.equal(asked[0]?.maxOutput, undefined);
  });

  it("counts parallel calls before they end", async () => {
    const ledger = ledgerOf({ tokens: 4800 });
    const gates: (() => void)[] = [];
    const slow: Ask = async () => {
      await new Promise<void>((resolve) => gates.push(resolve));
      return ok({ text: "", calls: [], usage: { input: 50, output: 10 }, model: "m", finish: "stop" });
    };
    const ask = budget({ purses: [ledger], price, model: "m", maxOutput: 2000 })(slow);
    const first = ask(askRequest(), never);
    const second = ask(askRequest(), never);
    await new Promise((resolve) => setImmediate(resolve));
    const third = await ask(words(300), never);
    assert.equal(third.ok, false);
    for (const open of gates) open();
    await Promise.all([first, second]);
    assert.deepEqual(ledger.used, { calls: 2, tokens: 120, usd: 0 });
  });

  it("must be allowed by every ledger, and leaves nothing reserved in one when another refuses", async () => {
    const run = ledgerOf({ tokens: 100_000 });
    const day = ledgerOf({ calls: 0 }, "today");
    const ask: Ask = async () => assert.fail("asked");
    const refused = await budget({ purses: [run, day], price, model: "m" })(ask)(askRequest(), never);
    assert.ok(!refused.ok);
    assert.match(refused.fault.message, /budget of today is 0 model calls/);
    assert.deepEqual(run.used, { calls: 0, tokens: 0, usd: 0 });
  });

  it("goes on from what earlier processes of the same run spent", async () => {
    const ledger = ledgerOf({ calls: 5 }, "this run", { calls: 5, tokens: 9, usd: undefined });
    assert.equal((await budget({ purses: [ledger], price, model: "m" })(async () => assert.fail("asked"))(askRequest(), never)).ok, false);
  });

  it("counts the request of a call that broke off or was cancelled, for it is billed, but not of one that was refused", async () => {
    const outcomes: readonly (readonly [Ask, boolean])[] = [
      [async () => fail("broken", "cut"), true],
      [async () => fail("timeout", "stalled"), true],
      [async () => Promise.reject(new Error("cancelled")), true],
      [async () => fail("invalid", "rejected"), false],
      [async () => fail("unavailable", "busy"), false],
    ];
    for (const [ask, billed] of outcomes) {
      const ledger = ledgerOf({ usd: 100 });
      await budget({ purses: [ledger], price, model: "m" })(ask)(askRequest(), never).catch(() => undefined);
      assert.equal(ledger.used.tokens > 0 && ledger.used.usd > 0, billed);
      assert.equal(ledger.used.calls, 1);
    }
  });

  it("never lets spending pass a limit by more than the last call was underestimated", () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ tokens: fc.integer({ min: 1500, max: 20_000 }), usd: fc.double({ min: 2, max: 40, noNaN: true }) }),
        fc.array(
          fc.record({
            words: fc.integer({ min: 0, max: 400 }),
            actual: fc.double({ min: 0.2, max: 1.6, noNaN: true }),
            output: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
          { maxLength: 30 },
        ),
        async (limit, calls) => {
          let excessTokens = 0;
          let excessUsd = 0;
          let now = { actual: 1, output: 0 };
          const { ledger, layer } = spending(limit, () => ({ input: 0, output: 0 }));
          const ask = layer(async (request) => {
            const input = Math.ceil(estimateTokens(request) * now.actual);
            const output = Math.floor((request.maxOutput ?? assert.fail("no cap")) * now.output);
            const before = ledger.used;
            const usage = { input, output, usd: (input + 2 * output) / 1000 };
            assert.ok(before.tokens <= limit.tokens && before.usd <= limit.usd + 1e-9, "reserved beyond the limit");
            excessTokens = Math.max(excessTokens, input - estimateTokens(request));
            excessUsd = excessTokens / 1000;
            return ok({ text: "", calls: [], usage, model: "m", finish: "stop" });
          });
          for (const call of calls) {
            now = call;
            await ask(words(call.words), never);
            assert.ok(ledger.used.tokens <= limit.tokens + excessTokens);
            assert.ok(ledger.used.usd <= limit.usd + excessUsd + 1e-9);
          }
        },
      ),
      { numRuns: 200 },
    ));
});

describe("the estimate of a request", () => {
  it("is on the high side for prose, code and scripts that tokenizers split finely", async () => {
    const { encode } = await import("gpt-tokenizer/encoding/o200k_base");
    const samples = [
      "The quick brown fox jumps over the lazy dog, and then it goes home to sleep.",
      'export const add = (a: number, b: number): number => a + b; // adds\nif (add(2, 3) !== 5) throw new Error("no");',
      "你好，世界。今天天气很好，我们去公园散步吧。",
      "Ĝi estas bela tago, kaj mi ŝatas promeni ĉirkaŭ la lago.",
    ];
    for (const text of samples) {
      const messages = [{ role: "user" as const, text: text.repeat(20) }];
      const real = encode(text.repeat(20)).length;
      const estimate = estimateTokens({ messages, tools: [] });
      assert.ok(estimate >= real, `${estimate} < ${real}: ${text}`);
      assert.ok(estimate <= real * 3, `${estimate} is far above ${real}: ${text}`);
    }
  });
});
