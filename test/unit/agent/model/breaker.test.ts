import { strict as assert } from "node:assert";
import type { Ask, Reply } from "../../../../src/agent/model/ask.ts";
import { breaker } from "../../../../src/agent/model/breaker.ts";
import { fail, ok, type Result } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { fakeClock } from "../../../support/fake-clock.ts";

const reply = ok({ text: "hello", calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" as const });
const busy = fail("unavailable", "busy", { retry: true });
const never = new AbortController().signal;

function breakable(start: Result<Reply>) {
  const clock = fakeClock();
  const changes: string[] = [];
  const server = { says: start, asked: 0 };
  const ask: Ask = async () => {
    server.asked++;
    return server.says;
  };
  const layer = breaker({
    clock,
    host: "api.example",
    failures: 3,
    breakMs: 10_000,
    maxBreakMs: 30_000,
    onChange: (state) => void changes.push(state),
  });
  const guarded = layer(ask);
  return { clock, changes, server, call: (signal = never) => guarded(askRequest(), signal) };
}

describe("breaker", () => {
  it("leaves a provider alone after failures in a row, and says for how long", async () => {
    const { server, call, changes, clock } = breakable(busy);
    for (let i = 0; i < 3; i++) await call();
    await clock.advance(4000);
    const refused = await call();
    assert.equal(server.asked, 3);
    assert.ok(!refused.ok);
    assert.equal(refused.fault.retryAfterMs, 6000);
    assert.match(refused.fault.message, /api\.example failed 3 times in a row and is left alone for 6 s/);
    assert.deepEqual(changes, ["open"]);
  });

  it("closes again when the probe after the break succeeds", async () => {
    const { server, call, changes, clock } = breakable(busy);
    for (let i = 0; i < 3; i++) await call();
    await clock.advance(10_000);
    server.says = reply;
    assert.equal((await call()).ok, true);
    assert.equal((await call()).ok, true);
    assert.deepEqual(changes, ["open", "half-open", "closed"]);
  });

  it("doubles the break when the probe fails, up to a limit", async () => {
    const { server, call, clock } = breakable(busy);
    for (let i = 0; i < 3; i++) await call();
    for (const breakMs of [10_000, 20_000, 30_000, 30_000]) {
      const before = server.asked;
      await clock.advance(breakMs - 1);
      await call();
      assert.equal(server.asked, before, `closed for all of ${breakMs} ms`);
      await clock.advance(1);
      await call();
      assert.equal(server.asked, before + 1, `probed after ${breakMs} ms`);
    }
  });

  it("does not count faults that are the request's own", async () => {
    const { server, call } = breakable(fail("invalid", "no such field"));
    for (let i = 0; i < 10; i++) await call();
    assert.equal(server.asked, 10);
  });

  it("counts only failures in a row", async () => {
    const { server, call } = breakable(busy);
    for (let i = 0; i < 6; i++) {
      server.says = i % 3 === 2 ? reply : busy;
      await call();
    }
    assert.equal(server.asked, 6);
  });

  it("lets go of a caller that cancels while another one probes", async () => {
    const clock = fakeClock();
    let probing: ((result: Result<Reply>) => void) | undefined;
    let asked = 0;
    const ask: Ask = async () => (++asked <= 1 ? busy : new Promise((resolve) => (probing = resolve)));
    const guarded = breaker({ clock, host: "h", failures: 1, breakMs: 1000 })(ask);
    await guarded(askRequest(), never);
    await clock.advance(1000);
    const probe = guarded(askRequest(), never);
    const stop = new AbortController();
    const second = guarded(askRequest(), stop.signal);
    stop.abort(new Error("enough"));
    await assert.rejects(second, /enough/);
    probing?.(reply);
    assert.equal((await probe).ok, true);
  });
});
