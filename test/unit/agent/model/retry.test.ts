import { strict as assert } from "node:assert";
import type { Ask } from "../../../../src/agent/model/ask.ts";
import { retry } from "../../../../src/agent/model/retry.ts";
import { type Fault, fail, ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { fakeClock } from "../../../support/fake-clock.ts";

const reply = { text: "hello", calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" as const };
const never = new AbortController().signal;

/** Fails with the faults in turn, then answers. */
const failing = (...faults: readonly (Fault | undefined)[]): { ask: Ask; times: () => number } => {
  let times = 0;
  return {
    times: () => times,
    ask: async () => {
      const fault = faults[times++];
      return fault ? { ok: false, fault } : ok(reply);
    },
  };
};
const busy = fail("unavailable", "busy", { retry: true }).fault;
const asking = (retryAfterMs: number): Fault => ({ ...busy, retryAfterMs });

describe("retry", () => {
  it("waits anywhere up to an exponentially growing bound before each new try", async () => {
    const clock = fakeClock();
    const { ask, times } = failing(busy, busy, busy);
    const answer = retry({ clock, random: () => 0.5, baseMs: 1000 })(ask)(askRequest(), never);
    await clock.advance(499);
    assert.equal(times(), 1);
    await clock.advance(1);
    assert.equal(times(), 2);
    await clock.advance(1000 + 2000);
    assert.equal((await answer).ok, true);
    assert.deepEqual(clock.naps, [500, 1000, 2000]);
  });

  it("waits as long as the provider asked for, and a little longer so that not all come back at once", async () => {
    const clock = fakeClock();
    const { ask, times } = failing(asking(7000));
    const answer = retry({ clock, random: () => 0.5, baseMs: 1000 })(ask)(askRequest(), never);
    await clock.advance(7499);
    assert.equal(times(), 1);
    await clock.advance(1);
    assert.equal((await answer).ok, true);
  });

  it("passes on a fault whose wait is longer than anybody's patience", async () => {
    const { ask, times } = failing(asking(91_000));
    const result = await retry({ clock: fakeClock(), random: Math.random, patienceMs: 90_000 })(ask)(askRequest(), never);
    assert.deepEqual(result, { ok: false, fault: asking(91_000) });
    assert.equal(times(), 1);
  });

  it("does not repeat what would fail again", async () => {
    const { ask, times } = failing(fail("invalid", "no such field").fault);
    assert.equal((await retry({ clock: fakeClock(), random: Math.random })(ask)(askRequest(), never)).ok, false);
    assert.equal(times(), 1);
  });

  it("gives up after the last retry with the last fault", async () => {
    const clock = fakeClock();
    const { ask, times } = failing(busy, busy, { ...busy, message: "still busy" });
    const answer = retry({ clock, random: () => 0, retries: 2 })(ask)(askRequest(), never);
    await clock.advance(1);
    assert.deepEqual(await answer, { ok: false, fault: { ...busy, message: "still busy" } });
    assert.equal(times(), 3);
  });

  it("stops waiting at once when cancelled, with the signal's reason, and never asks again", async () => {
    const clock = fakeClock();
    const { ask, times } = failing(asking(60_000));
    const stop = new AbortController();
    const answer = retry({ clock, random: Math.random })(ask)(askRequest(), stop.signal);
    await clock.advance(10);
    assert.equal(clock.sleeping(), 1);
    stop.abort(new Error("enough"));
    await assert.rejects(answer, /enough/);
    await clock.advance(100_000);
    assert.equal(times(), 1);
    assert.equal(clock.sleeping(), 0);
  });

  it("lets a bug through unchanged and untried again", async () => {
    let times = 0;
    const broken: Ask = async () => {
      times++;
      throw new TypeError("a bug");
    };
    await assert.rejects(retry({ clock: fakeClock(), random: Math.random })(broken)(askRequest(), never), TypeError);
    assert.equal(times, 1);
  });

  it("says that streamed text is void before it asks again", async () => {
    const clock = fakeClock();
    const heard: string[] = [];
    let times = 0;
    const ask: Ask = async (request) => {
      request.onText?.("hel");
      return times++ === 0 ? { ok: false, fault: busy } : ok(reply);
    };
    const request = askRequest({ onText: (delta) => void heard.push(delta), onRestart: () => void heard.push("(again)") });
    const answer = retry({ clock, random: () => 0 })(ask)(request, never);
    await clock.advance(1);
    await answer;
    assert.deepEqual(heard, ["hel", "(again)", "hel"]);
  });

  it("tells each retry with its fault and its wait", async () => {
    const clock = fakeClock();
    const told: unknown[] = [];
    const { ask } = failing(asking(3000));
    const answer = retry({ clock, random: () => 0, onRetry: (fault, waitMs, attempt) => void told.push([fault.message, waitMs, attempt]) })(
      ask,
    )(askRequest(), never);
    await clock.advance(3000);
    await answer;
    assert.deepEqual(told, [["busy", 3000, 1]]);
  });
});
