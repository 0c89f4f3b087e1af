import { strict as assert } from "node:assert";
import type { Ask, AskRequest } from "../../../../src/agent/model/ask.ts";
import { timeout } from "../../../../src/agent/model/timeout.ts";
import { ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { fakeClock } from "../../../support/fake-clock.ts";

const reply = { text: "hello", calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" as const };
const never = new AbortController().signal;
const limits = { firstMs: 1000, idleMs: 500, totalMs: 5000, host: "api.example" };

/** An Ask in the test's hands: it shows signs of life, answers, and records how it was cancelled. */
function handHeld(): { ask: Ask; live: () => void; answer: () => void; cancelled: () => unknown } {
  let request: AskRequest | undefined;
  let finish: (() => void) | undefined;
  let heard: AbortSignal | undefined;
  return {
    ask: (asked, signal) => {
      request = asked;
      heard = signal;
      return new Promise((resolve) => (finish = () => resolve(ok(reply))));
    },
    live: () => request?.onActivity?.(),
    answer: () => finish?.(),
    cancelled: () => (heard?.aborted ? (heard.reason as unknown) : undefined),
  };
}

describe("timeout", () => {
  it("ends a call that shows no first sign of life, and cancels it", async () => {
    const clock = fakeClock();
    const { ask, cancelled } = handHeld();
    const result = timeout({ clock, ...limits })(ask)(askRequest(), never);
    await clock.advance(1000);
    const settled = await result;
    assert.ok(!settled.ok);
    assert.equal(settled.fault.kind, "timeout");
    assert.equal(settled.fault.retry, true);
    assert.match(settled.fault.message, /api\.example did not begin to answer within 1 s/);
    assert.equal((cancelled() as Error).name, "TimeoutError");
  });

  it("ends a call that falls silent in mid-stream", async () => {
    const clock = fakeClock();
    const { ask, live } = handHeld();
    const result = timeout({ clock, ...limits })(ask)(askRequest(), never);
    await clock.advance(900);
    live();
    await clock.advance(400);
    live();
    await clock.advance(499);
    assert.equal(clock.sleeping(), 1);
    await clock.advance(1);
    const settled = await result;
    assert.ok(!settled.ok);
    assert.match(settled.fault.message, /fell silent for 0\.5 s/);
  });

  it("ends a call that goes on for ever, however lively", async () => {
    const clock = fakeClock();
    const { ask, live } = handHeld();
    const result = timeout({ clock, ...limits })(ask)(askRequest(), never);
    for (let at = 0; at < 5000; at += 250) {
      live();
      await clock.advance(250);
    }
    const settled = await result;
    assert.ok(!settled.ok);
    assert.match(settled.fault.message, /did not finish its answer within 5 s/);
  });

  it("passes signs of life on, leaves a finished call alone, and leaves no timer behind", async () => {
    const clock = fakeClock();
    const { ask, live, answer, cancelled } = handHeld();
    let heard = 0;
    const result = timeout({ clock, ...limits })(ask)(askRequest({ onActivity: () => heard++ }), never);
    live();
    answer();
    assert.deepEqual(await result, ok(reply));
    await clock.advance(10_000);
    assert.equal(heard, 1);
    assert.equal(cancelled(), undefined);
    assert.equal(clock.sleeping(), 0);
  });

  it("rejects with the caller's reason when the caller cancels", async () => {
    const clock = fakeClock();
    const { ask, cancelled } = handHeld();
    const stop = new AbortController();
    const result = timeout({ clock, ...limits })(ask)(askRequest(), stop.signal);
    const reason = new Error("the user left");
    stop.abort(reason);
    await assert.rejects(result, reason);
    assert.equal(cancelled(), reason);
    assert.equal(clock.sleeping(), 0);
  });
});
