import { strict as assert } from "node:assert";
import { systemClock } from "../../../src/node/clock.ts";

describe("the real clock", () => {
  const never = new AbortController().signal;

  it("sleeps and wakes", async () => {
    await systemClock().sleep(1, never);
    await systemClock().sleep(0, never);
  });

  it("rejects with the reason when it is woken early, also from a sleep longer than any timer", async () => {
    const controller = new AbortController();
    const sleeping = systemClock().sleep(Number.MAX_SAFE_INTEGER, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await assert.rejects(sleeping, reason);
  });

  it("does not begin to sleep when it is already too late", async () => {
    const reason = new Error("too late");
    await assert.rejects(systemClock().sleep(1e9, AbortSignal.abort(reason)), reason);
    await assert.rejects(systemClock().sleep(0, AbortSignal.abort(reason)), reason);
  });
});
