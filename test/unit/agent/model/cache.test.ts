import { strict as assert } from "node:assert";
import * as z from "zod";
import type { Ask, AskRequest, Purpose, Reply } from "../../../../src/agent/model/ask.ts";
import { cache, type Kept } from "../../../../src/agent/model/cache.ts";
import { fail, ok, type Result } from "../../../../src/agent/result.ts";
import { sha256 } from "../../../../src/node/digest.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { fakeClock } from "../../../support/fake-clock.ts";

const never = new AbortController().signal;
const hour = 3_600_000;

function shelf(serves: readonly Purpose[] = ["judge"]) {
  const kept = new Map<string, Kept>();
  const clock = fakeClock();
  let asked = 0;
  let next: Result<Reply> = ok({ text: "an answer", calls: [], usage: { input: 9, output: 2, usd: 0.5 }, model: "m", finish: "stop" });
  const model: Ask = async () => {
    asked++;
    return next;
  };
  const replies = { get: async (key: string) => kept.get(key), put: async (key: string, one: Kept) => void kept.set(key, one) };
  const made = (models = "a") => cache({ clock, digest: sha256, replies, models, serves, freshMs: hour });
  const ask = (over: Partial<AskRequest> = {}, models?: string) =>
    made(models).layer(model)(askRequest({ purpose: "judge", ...over }), never);
  return { kept, clock, ask, made, asked: () => asked, reply: (result: Result<Reply>) => void (next = result) };
}

describe("the cache", () => {
  it("answers the very same request without a model, for nothing, and says so", async () => {
    const { ask, asked } = shelf();
    await ask();
    const heard: string[] = [];
    const again = await ask({ onText: (delta) => void heard.push(delta) });
    assert.ok(again.ok);
    assert.equal(asked(), 1);
    assert.deepEqual(
      [again.value.text, again.value.model, again.value.usage],
      ["an answer", "m (a cached answer)", { input: 0, output: 0, usd: 0 }],
    );
    assert.deepEqual(heard, ["an answer"]);
  });

  const user = (text: string): Partial<AskRequest> => ({ messages: [{ role: "user", text }] });
  const tool = { name: "t", description: "", parameters: {} };
  for (const [what, first, second] of [
    ["a word differs", user("one"), user("one ")],
    ["the tools differ", {}, { tools: [tool] }],
    ["the purpose differs", {}, { purpose: "summarise" }],
    ["the wanted answer differs", {}, { answer: { name: "x", schema: z.object({}) } }],
    ["the cap differs", {}, { maxOutput: 10 }],
    ["a stronger model is wanted", {}, { above: 1 }],
    ["a fresh opinion is wanted", {}, { fresh: true }],
  ] as const satisfies readonly (readonly [string, Partial<AskRequest>, Partial<AskRequest>])[]) {
    it(`does not answer where ${what}`, async () => {
      const { ask, asked } = shelf(["judge", "summarise"]);
      await ask(first);
      await ask(second);
      assert.equal(asked(), 2);
    });
  }

  it("does not answer for other models", async () => {
    const { ask, asked } = shelf();
    await ask({}, "a");
    await ask({}, "b");
    assert.equal(asked(), 2);
  });

  it("answers the same words of another run, whose calls and sealed reasoning have other ids", async () => {
    const { ask, asked } = shelf();
    const turn = (id: string): Partial<AskRequest> => ({
      messages: [
        { role: "assistant", text: "", calls: [{ id, tool: "t", args: "{}" }], native: { sealed: id } },
        { role: "tool", call: id, tool: "t", text: "out", ok: true, data: { at: id } },
      ],
      subject: { run: id, goal: id },
    });
    await ask(turn("call_1"));
    await ask(turn("call_2"));
    assert.equal(asked(), 1);
  });

  it("forgets after its time", async () => {
    const { ask, asked, clock } = shelf();
    await ask();
    await clock.advance(hour);
    await ask();
    assert.equal(asked(), 2);
  });

  it("serves at once only the purposes it was opened for, and keeps the replies to all", async () => {
    const { ask, asked, kept } = shelf([]);
    await ask();
    await ask();
    assert.equal(asked(), 2);
    assert.equal(kept.size, 1);
  });

  it("keeps no fault, and no reply that was cut off, refused or made without a model", async () => {
    const { ask, reply, kept } = shelf();
    const whole: Reply = { text: "x", calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" };
    for (const result of [
      fail("unavailable", "no"),
      ok({ ...whole, finish: "length" as const }),
      ok({ ...whole, finish: "filter" as const }),
      ok({ ...whole, model: "rules" }),
    ]) {
      reply(result);
      await ask();
    }
    assert.equal(kept.size, 0);
  });

  it("gives a structured answer back as such, and none that no longer fits", async () => {
    const { ask, reply, asked, kept } = shelf();
    const schema = z.object({ n: z.number() });
    reply(ok({ text: "", calls: [], answer: { n: 1 }, usage: { input: 1, output: 1 }, model: "m", finish: "stop" }));
    await ask({ answer: { name: "n", schema } });
    const again = await ask({ answer: { name: "n", schema } });
    assert.deepEqual(again.ok && again.value.answer, { n: 1 });
    assert.equal(asked(), 1);
    for (const [key, one] of kept) kept.set(key, { ...one, answer: { n: "one" } });
    await ask({ answer: { name: "n", schema } });
    assert.equal(asked(), 2);
  });

  it("stands in at the end of a chain for every purpose, and says when it cannot", async () => {
    const { ask, made } = shelf([]);
    const { provider } = made();
    const request = askRequest({ purpose: "act" });
    assert.equal(await provider.lacks?.(request), "does not exist for this request");
    await ask({ purpose: "act" });
    assert.equal(await provider.lacks?.(request), undefined);
    const answer = await provider.ask(request, never);
    assert.equal(answer.ok && answer.value.model, "m (a cached answer)");
  });
});
