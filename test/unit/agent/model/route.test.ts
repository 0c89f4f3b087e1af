import { strict as assert } from "node:assert";
import type { Ask, AskRequest, Switch } from "../../../../src/agent/model/ask.ts";
import type { Capability } from "../../../../src/agent/model/capability.ts";
import { type Candidate, type Routes, route } from "../../../../src/agent/model/route.ts";
import { rulesProvider } from "../../../../src/agent/model/rules/understanding.ts";
import { fail, ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";

const never = new AbortController().signal;
const says =
  (name: string): Ask =>
  async () =>
    ok({ text: "", calls: [], usage: { input: 1, output: 1 }, model: name, finish: "stop" });
const down: Ask = async () => fail("unavailable", "down");
const model = (name: string, capability: Capability = {}, ask: Ask = says(name)): Candidate => ({
  name,
  ask,
  capability: async () => capability,
});
const cheap = { price: { input: 1, output: 1 } };
const dear = { price: { input: 10, output: 10 } };
const tool = { name: "t", description: "", parameters: {} };

async function answered(
  routes: Partial<Routes>,
  over: Partial<AskRequest> = {},
): Promise<{ readonly by: string; readonly switches: readonly Switch[] }> {
  const switches: Switch[] = [];
  const ask = route({ by: {}, chain: [], last: [], size: async () => 1000, ...routes });
  const result = await ask(askRequest({ onSwitch: (change) => void switches.push(change), ...over }), never);
  return { by: result.ok ? result.value.model : `fault: ${result.fault.message}`, switches };
}

describe("routing", () => {
  it("asks the first of the chain where a purpose has no models of its own", async () => {
    assert.equal((await answered({ chain: [model("a"), model("b")] })).by, "a");
  });

  it("asks the models of the purpose, the cheapest first, whatever their order", async () => {
    const by = { act: [model("large", dear), model("small", cheap)], plan: [model("large", dear)] };
    assert.equal((await answered({ by, chain: [model("main")] })).by, "small");
    assert.equal((await answered({ by, chain: [model("main")] }, { purpose: "plan" })).by, "large");
    assert.equal((await answered({ by, chain: [model("main")] }, { purpose: "judge" })).by, "main");
  });

  it("holds an unknown price for no bargain, and keeps the given order among equals", async () => {
    assert.equal((await answered({ by: { act: [model("unknown"), model("known", dear)] } })).by, "known");
    assert.equal((await answered({ by: { act: [model("first"), model("second")] } })).by, "first");
  });

  it("passes over models that lack what the request needs: room for it, tools", async () => {
    const by = { act: [model("tiny", { ...cheap, context: 500 }), model("mute", { ...cheap, tools: "none" }), model("able", dear)] };
    const { by: name, switches } = await answered({ by }, { tools: [tool] });
    assert.equal(name, "able");
    assert.deepEqual(switches, [], "choosing is no switch");
  });

  it("takes a model without known limits at its word", async () => {
    assert.equal((await answered({ by: { act: [model("who knows")] } }, { tools: [tool] })).by, "who knows");
  });

  it("passes over the cheaper ones after failed attempts, but never over all", async () => {
    const by = { act: [model("small", cheap), model("large", dear)] };
    assert.equal((await answered({ by }, { above: 1 })).by, "large");
    assert.equal((await answered({ by }, { above: 7 })).by, "large");
  });

  it("falls back from the purpose's models to the chain, and tells each switch", async () => {
    const by = { act: [model("small", cheap, down)] };
    const { by: name, switches } = await answered({ by, chain: [model("main", {}, down), model("second")] });
    assert.equal(name, "second");
    assert.deepEqual(
      switches.map(({ from, to }) => `${from} > ${to}`),
      ["small > main", "main > second"],
    );
  });

  it("asks the one that was passed over where the better one fails", async () => {
    const by = { act: [model("small", cheap), model("large", dear, down)] };
    assert.equal((await answered({ by }, { above: 1 })).by, "small");
  });

  it("refuses to fall back to a model whose context is too small, and names the first fault", async () => {
    const chain = [model("main", {}, down), model("tiny", { context: 500 })];
    assert.equal((await answered({ chain })).by, "fault: down");
  });

  it("ends with the rules engine, for what it understands and nothing else", async () => {
    const last = [rulesProvider(says("rules"))];
    const about = (goal: string) => answered({ chain: [model("main", {}, down)], last }, { subject: { run: "r", goal } });
    assert.equal((await about("Fix the failing test")).by, "rules");
    assert.equal((await about("Write a poem")).by, "fault: down");
    const judging = await answered(
      { chain: [model("main", {}, down)], last },
      { purpose: "judge", subject: { run: "r", goal: "Fix the failing test" } },
    );
    assert.equal(judging.by, "fault: down");
  });
});
