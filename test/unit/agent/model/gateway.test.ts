import { strict as assert } from "node:assert";
import * as z from "zod";
import type { Layer } from "../../../../src/agent/model/ask.ts";
import { compose } from "../../../../src/agent/model/compose.ts";
import { type Gateway, gateway } from "../../../../src/agent/model/gateway.ts";
import { Ledger } from "../../../../src/agent/model/ledger.ts";
import { type Price, pricing } from "../../../../src/agent/model/price.ts";
import { type CallRecord, trace } from "../../../../src/agent/model/trace.ts";
import { type Fault, fail, ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { type FakeClock, fakeClock } from "../../../support/fake-clock.ts";
import { scriptedModel } from "../../../support/scripted-model.ts";

const never = new AbortController().signal;
const busy = fail("unavailable", "busy", { retry: true }).fault;

describe("compose", () => {
  it("puts the first layer outermost", async () => {
    const order: string[] = [];
    const layer =
      (name: string): Layer =>
      (next) =>
      async (request, signal) => {
        order.push(`${name} in`);
        const result = await next(request, signal);
        order.push(`${name} out`);
        return result;
      };
    await compose(layer("a"), layer("b"))(scriptedModel([{ text: "x" }]).ask)(askRequest(), never);
    assert.deepEqual(order, ["a in", "b in", "b out", "a out"]);
  });
});

describe("pricing", () => {
  const price: Price = async (model, { input }) => (model === "known" ? input : undefined);
  const usdOf = async (line: object, model: string): Promise<number | undefined> => {
    const result = await pricing({ price, model, by: `p/${model}` })(
      scriptedModel([{ text: "x", usage: { input: 3, output: 0 }, ...line }]).ask,
    )(askRequest(), never);
    assert.ok(result.ok);
    return result.value.usage.usd;
  };
  it("goes by the model that answered", async () => assert.equal(await usdOf({ model: "known" }, "alias"), 3));
  it("goes by the model that was asked where the answering one is unknown", async () =>
    assert.equal(await usdOf({ model: "known-2026-01-01" }, "known"), 3));
  it("leaves what is unknown unknown", async () => assert.equal(await usdOf({ model: "a" }, "b"), undefined));
  it("leaves a price that the provider told", async () =>
    assert.equal(await usdOf({ model: "known", usage: { input: 3, output: 0, usd: 7 } }, "known"), 7));
});

describe("trace", () => {
  const traced = async (line: object, signal = never): Promise<CallRecord | undefined> => {
    const clock = fakeClock({ start: 1000 });
    const records: CallRecord[] = [];
    const subject = {
      run: "r",
      goal: "g",
      step: { id: "s1", goal: "g", role: "coder" as const, check: { by: "citation" as const }, attempt: 1 },
    };
    const request = askRequest({ subject });
    const ask = trace({ clock, provider: "p", model: "m", onCall: (record) => void records.push(record) })(scriptedModel([line]).ask);
    await ask(request, signal).catch(() => undefined);
    assert.equal(records.length, 1);
    return records[0];
  };

  it("tells what a reply was for, who gave it and what it took", async () => {
    assert.deepEqual(await traced({ text: "x", usage: { input: 5, output: 2 }, calls: [{ tool: "t", args: {} }] }), {
      purpose: "act",
      step: "s1",
      provider: "p",
      model: "m",
      answeredBy: "scripted",
      at: 1000,
      ms: 0,
      firstMs: 0,
      usage: { input: 5, output: 2 },
      end: { is: "reply", finish: "calls", calls: 1 },
    });
  });
  it("tells faults and cancellation", async () => {
    assert.deepEqual((await traced({ fault: busy }))?.end, { is: "fault", fault: busy });
    assert.deepEqual((await traced({ text: "x" }, AbortSignal.abort()))?.end, { is: "cancelled" });
  });
  it("holds no text of the conversation", async () => {
    const record = await traced({ text: "the secret reply" });
    assert.equal(JSON.stringify(record).includes("secret"), false);
    assert.equal(JSON.stringify(record).includes("Say hello"), false);
  });
});

describe("the gateway", () => {
  function stack(lines: Parameters<typeof scriptedModel>[0], over: Partial<Gateway> = {}) {
    const clock: FakeClock = fakeClock();
    const model = scriptedModel(lines);
    const records: CallRecord[] = [];
    const ledger = new Ledger({ name: "this run", scope: "run", limit: () => ({ calls: 10 }) });
    const ask = gateway({
      ask: model.ask,
      provider: "p",
      model: "m",
      nonce: "word",
      host: "api.example",
      clock,
      random: () => 0.5,
      purses: [ledger],
      onCall: (record) => void records.push(record),
      ...over,
    });
    return { clock, records, ledger, requests: model.requests, ask: (request = askRequest()) => clock.until(ask(request, never)) };
  }
  const failing = (faults: readonly (Fault | undefined)[]) => {
    let times = 0;
    return () => {
      const fault = faults[times++];
      return fault ? { fault } : { text: '{"name":"a"}' };
    };
  };

  it("records and pays for every try", async () => {
    const { ask, records, ledger } = stack(failing([busy, busy]));
    assert.equal((await ask()).ok, true);
    assert.deepEqual(
      records.map(({ end }) => end.is),
      ["fault", "fault", "reply"],
    );
    assert.equal(ledger.used.calls, 3);
  });

  it("retries each of the two asks that a structured answer may take", async () => {
    const { ask, records } = stack((cue) => (cue.turn === 0 ? { text: "no json" } : { text: '{"name":"a"}' }));
    const result = await ask(askRequest({ answer: { name: "thing", schema: z.object({ name: z.string() }) } }));
    assert.ok(result.ok);
    assert.deepEqual(result.value.answer, { name: "a" });
    assert.equal(records.length, 2);
  });

  it("waits out an open breaker rather than fail, and asks nothing meanwhile", async () => {
    const changes: string[] = [];
    const { ask, requests, clock } = stack(failing([busy, busy]), {
      failures: 2,
      breakMs: 30_000,
      onBreaker: (state) => void changes.push(state),
    });
    assert.equal((await ask()).ok, true);
    assert.equal(requests.length, 3);
    assert.deepEqual(changes, ["open", "half-open", "closed"]);
    assert.ok(clock.naps.some((ms) => ms >= 30_000 && ms < 31_000));
  });

  it("does not retry a spent budget", async () => {
    const { ask, requests } = stack([{ text: "x" }], {
      purses: [new Ledger({ name: "this run", scope: "run", limit: () => ({ calls: 0 }) })],
    });
    const result = await ask();
    assert.ok(!result.ok);
    assert.equal(result.fault.kind, "budget");
    assert.equal(requests.length, 0);
  });

  it("ends and retries a call that stops moving", async () => {
    let asked = 0;
    const { ask, records } = stack([], {
      ask: (_request, signal) =>
        asked++ === 0
          ? new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
          : Promise.resolve(ok({ text: "x", calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" as const })),
      firstMs: 2000,
    });
    assert.equal((await ask()).ok, true);
    assert.deepEqual(
      records.map(({ end }) => (end.is === "fault" ? end.fault.kind : end.is)),
      ["timeout", "reply"],
    );
  });
});
