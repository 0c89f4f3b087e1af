import { strict as assert } from "node:assert";
import type { Ask } from "../../../../src/agent/model/ask.ts";
import { fallback, type Switch } from "../../../../src/agent/model/fallback.ts";
import { type Fault, fail, ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";

const never = new AbortController().signal;
const says =
  (text: string): Ask =>
  async () =>
    ok({ text, calls: [], usage: { input: 1, output: 1 }, model: text, finish: "stop" });
const fails =
  (kind: Fault["kind"], message: string): Ask =>
  async () =>
    fail(kind, message);
const tool = { name: "read_file", description: "Reads.", parameters: { type: "object" } };

describe("fallback", () => {
  it("asks the next provider when one is unavailable, and tells the switch", async () => {
    const switches: Switch[] = [];
    const ask = fallback(
      [
        { name: "primary", ask: fails("unavailable", "The key was refused.") },
        { name: "secondary", ask: says("hello") },
      ],
      (change) => void switches.push(change),
    );
    const result = await ask(askRequest(), never);
    assert.ok(result.ok);
    assert.equal(result.value.model, "hello");
    assert.deepEqual(switches, [{ from: "primary", to: "secondary", because: "The key was refused." }]);
  });

  it("does not switch for a fault that is the request's own", async () => {
    const ask = fallback(
      [
        { name: "primary", ask: fails("invalid", "too long") },
        { name: "secondary", ask: says("hello") },
      ],
      () => assert.fail("switched"),
    );
    assert.deepEqual(await ask(askRequest(), never), fail("invalid", "too long"));
  });

  it("passes over a provider that lacks what the request needs", async () => {
    const switches: Switch[] = [];
    const providers = [
      { name: "primary", ask: fails("timeout", "slow") },
      {
        name: "small",
        ask: says("small"),
        lacks: ({ tools }: { tools: readonly unknown[] }) => (tools.length > 0 ? "has no tools" : undefined),
      },
      { name: "rules", ask: says("rules") },
    ];
    const result = await fallback(providers, (change) => void switches.push(change))(askRequest({ tools: [tool] }), never);
    assert.ok(result.ok);
    assert.equal(result.value.model, "rules");
    assert.deepEqual(
      switches.map(({ to }) => to),
      ["rules"],
    );
  });

  it("answers with the first fault when all fail, for that is the one to mend", async () => {
    const ask = fallback(
      [
        { name: "a", ask: fails("unavailable", "first") },
        { name: "b", ask: fails("missing", "second") },
      ],
      () => undefined,
    );
    assert.deepEqual(await ask(askRequest(), never), fail("unavailable", "first"));
  });

  it("says so when nobody can serve the request", async () => {
    const result = await fallback([{ name: "small", ask: says("x"), lacks: () => "has no tools" }], () => undefined)(askRequest(), never);
    assert.ok(!result.ok);
    assert.match(result.fault.message, /No configured model can serve this request \(small has no tools\)/);
  });
});
