import { strict as assert } from "node:assert";
import { ending } from "../../../src/agent/call-fold.ts";
import type { CallState } from "../../../src/agent/state.ts";

const call: CallState = {
  call: "only.1.0.0",
  ref: "r",
  tool: "run_command",
  args: "{}",
  judged: undefined,
  amended: undefined,
  asked: undefined,
  approved: undefined,
  hunks: undefined,
  begun: undefined,
  ended: undefined,
  outside: undefined,
};

const printOf = (text: string): string => ending(call, { ok: true, observation: { text, trust: "workspace" } }, [], 1, 1).fingerprint;

describe("the fingerprint of an ended call", () => {
  it("is the same where only durations differ, and another where anything else does", () => {
    assert.equal(printOf("2 failed in 12.5 s, 340 ms"), printOf("2 failed in 1.25 s, 7ms"));
    assert.notEqual(printOf("2 failed"), printOf("3 failed"));
  });

  it("is found of a megabyte of digits as of any text", () => {
    const digits = "0123456789".repeat(100_000);
    assert.equal(printOf(digits), printOf(digits));
    assert.notEqual(printOf(digits), printOf(`${digits}1`));
  });
});
