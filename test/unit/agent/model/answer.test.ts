import { strict as assert } from "node:assert";
import * as z from "zod";
import { readAnswer, structured } from "../../../../src/agent/model/answer.ts";
import { fail } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { scriptedModel } from "../../../support/scripted-model.ts";

const never = new AbortController().signal;
const schema = z.object({ name: z.string(), size: z.number().optional() });
const request = askRequest({ answer: { name: "thing", schema } });
const value = { name: "a", size: 1 };

describe("a structured answer", () => {
  const texts: Readonly<Record<string, string>> = {
    "is read as it stands": '{"name":"a","size":1}',
    "is found in a fence": 'Here you are:\n```json\n{"name":"a","size":1}\n```\nAnything else?',
    "is found in a fence without a language": '```\n{"name":"a","size":1}\n```',
    "is found in the middle of a sentence": 'Sure! {"name":"a","size":1} is my answer {not this}.',
    "is found behind a brace that never closes": 'I use { as a brace. {"name":"a","size":1}',
    "is found after thoughts that hold another": '<think>maybe {"name":"b"}?</think>{"name":"a","size":1}',
    "is the first value that fits the schema": '{"title":"x"} {"name":"a","size":1}',
  };
  for (const [name, text] of Object.entries(texts)) {
    it(name, () => assert.deepEqual(readAnswer(text, schema), { ok: true, value }));
  }

  it("may hold brackets and quotes in its strings", () => {
    assert.deepEqual(readAnswer('so: {"name":"a } \\" {"} ok', schema), { ok: true, value: { name: 'a } " {' } });
  });

  it("may have null for what is optional, as strict mode makes models write it", () => {
    assert.deepEqual(readAnswer('{"name":"a","size":null}', schema), { ok: true, value: { name: "a" } });
  });

  it("is not repaired when it is not JSON", () => {
    const read = readAnswer("{name: 'a', size: 1}", schema);
    assert.ok(!read.ok);
    assert.match(read.fault.message, /no complete JSON value/);
  });

  it("comes parsed with the reply", async () => {
    const { ask } = scriptedModel([{ text: '```json\n{"name":"a","size":1}\n```' }]);
    const result = await structured(ask)(request, never);
    assert.ok(result.ok);
    assert.deepEqual(result.value.answer, value);
  });

  it("of an engine that answers with the value itself is checked and taken", async () => {
    const result = await structured(scriptedModel([{ answer: value }]).ask)(request, never);
    assert.ok(result.ok);
    assert.deepEqual(result.value.answer, value);
  });

  it("is asked for once more, with what was wrong and the schema, and both asks are counted", async () => {
    const { ask, requests } = scriptedModel([
      { text: '{"name":7}', usage: { input: 10, output: 3 } },
      { text: '{"name":"a","size":1}', usage: { input: 20, output: 4 } },
    ]);
    const result = await structured(ask)(request, never);
    assert.ok(result.ok);
    assert.deepEqual(result.value.answer, value);
    assert.deepEqual([result.value.usage.input, result.value.usage.output], [30, 7]);
    const [said, told] = requests[1]?.messages.slice(-2) ?? [];
    assert.deepEqual(said, { role: "assistant", text: '{"name":7}', calls: [] });
    assert.match(told?.text ?? "", /expected string, received number[\s\S]*"properties"/);
  });

  it("is a fault when it is unusable twice", async () => {
    const { ask, requests } = scriptedModel([{ text: "I cannot." }, { text: "" }]);
    const result = await structured(ask)(request, never);
    assert.ok(!result.ok);
    assert.equal(result.fault.kind, "broken");
    assert.match(result.fault.message, /scripted gave no usable thing twice \(it was empty\.\)/);
    assert.equal(requests.length, 2);
  });

  it("that was refused is a denial, not asked for again", async () => {
    const { ask, requests } = scriptedModel([{ refusal: "I will not" }]);
    const result = await structured(ask)(request, never);
    assert.ok(!result.ok);
    assert.deepEqual([result.fault.kind, requests.length], ["denied", 1]);
  });

  it("passes a provider's fault on", async () => {
    const down = fail("unavailable", "down").fault;
    assert.deepEqual(await structured(scriptedModel([{ fault: down }]).ask)(request, never), { ok: false, fault: down });
  });

  it("leaves other requests alone", async () => {
    const result = await structured(scriptedModel([{ text: "{}" }]).ask)(askRequest(), never);
    assert.ok(result.ok);
    assert.equal("answer" in result.value, false);
  });
});
