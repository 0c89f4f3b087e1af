import { strict as assert } from "node:assert";
import type { Ask, AskRequest, Reply, Switch } from "../../../../src/agent/model/ask.ts";
import { fallback, type Provider } from "../../../../src/agent/model/fallback.ts";
import { type Fault, fail, ok, type Result } from "../../../../src/agent/result.ts";
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

/** The providers as one Ask, and the switches they told. */
function chainOf(providers: readonly Provider[]): {
  readonly ask: (over?: Partial<AskRequest>) => Promise<Result<Reply>>;
  readonly switches: Switch[];
} {
  const switches: Switch[] = [];
  return {
    switches,
    ask: (over = {}) => fallback(providers)(askRequest({ onSwitch: (change) => void switches.push(change), ...over }), never),
  };
}

describe("fallback", () => {
  it("asks the next provider when one is unavailable, and tells the switch", async () => {
    const { ask, switches } = chainOf([
      { name: "primary", ask: fails("unavailable", "The key was refused.") },
      { name: "secondary", ask: says("hello") },
    ]);
    const result = await ask();
    assert.ok(result.ok);
    assert.equal(result.value.model, "hello");
    assert.deepEqual(switches, [{ from: "primary", to: "secondary", because: "The key was refused." }]);
  });

  it("does not switch for a fault that is the request's own", async () => {
    const { ask, switches } = chainOf([
      { name: "primary", ask: fails("invalid", "too long") },
      { name: "secondary", ask: says("hello") },
    ]);
    assert.deepEqual(await ask(), fail("invalid", "too long"));
    assert.deepEqual(switches, []);
  });

  it("passes over a provider that lacks what the request needs, and names the one that failed", async () => {
    const { ask, switches } = chainOf([
      { name: "primary", ask: fails("timeout", "slow") },
      { name: "small", ask: says("small"), lacks: async ({ tools }) => (tools.length > 0 ? "has no tools" : undefined) },
      { name: "rules", ask: says("rules") },
    ]);
    const result = await ask({ tools: [tool] });
    assert.ok(result.ok);
    assert.equal(result.value.model, "rules");
    assert.deepEqual(switches, [{ from: "primary", to: "rules", because: "slow" }]);
  });

  it("tells of a first that could not even try", async () => {
    const { ask, switches } = chainOf([
      { name: "small", ask: says("small"), lacks: () => "has room for 10 tokens, and this takes 20" },
      { name: "large", ask: says("large") },
    ]);
    assert.equal((await ask()).ok, true);
    assert.deepEqual(switches, [{ from: "small", to: "large", because: "small has room for 10 tokens, and this takes 20" }]);
  });

  it("voids the text of the one that failed before the next one speaks", async () => {
    const heard: string[] = [];
    const half: Ask = async (request) => {
      request.onText?.("half an ans");
      return fail("broken", "cut");
    };
    const whole: Ask = async (request, signal) => {
      request.onText?.("whole");
      return says("whole")(request, signal);
    };
    await chainOf([
      { name: "a", ask: half },
      { name: "b", ask: whole },
    ]).ask({ onText: (delta) => void heard.push(delta), onRestart: () => void heard.splice(0) });
    assert.deepEqual(heard, ["whole"]);
  });

  it("answers with the first fault when all fail, for that is the one to mend", async () => {
    const { ask } = chainOf([
      { name: "a", ask: fails("unavailable", "first") },
      { name: "b", ask: fails("missing", "second") },
    ]);
    assert.deepEqual(await ask(), fail("unavailable", "first"));
  });

  it("says so when nobody can serve the request", async () => {
    const result = await chainOf([{ name: "small", ask: says("x"), lacks: () => "has no tools" }]).ask();
    assert.ok(!result.ok);
    assert.match(result.fault.message, /No configured model can serve this request \(small has no tools\)/);
  });
});
