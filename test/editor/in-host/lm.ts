import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import * as z from "zod";
import type { Ask, AskRequest, Message } from "../../../src/agent/model/ask.ts";
import { structured } from "../../../src/agent/model/answer.ts";
import { findLm } from "../../../src/vscode/lm.ts";
import { askRequest } from "../../support/ask-request.ts";
import { until } from "./workspace.ts";

const never = new AbortController().signal;
const tools = [
  { name: "read_file", description: "Reads a file.", parameters: { type: "object", properties: { path: { type: "string" } } } },
];

async function model(id: string): Promise<Ask> {
  const found = await findLm(`vscode/proviso-test/${id}`);
  assert.ok(found?.ok, found && !found.ok ? found.fault.message : "no such name");
  return found.value.ask;
}

const looked = (id: string): readonly Message[] => [
  ...askRequest().messages,
  { role: "assistant", text: "I look.", calls: [{ id, tool: "read_file", args: '{"path":"a.txt"}' }] },
  { role: "tool", call: id, tool: "read_file", text: "file says hello", ok: true },
];

describe("a model of VS Code's own", function () {
  this.timeout(60_000);
  before(() => until(async () => (await vscode.lm.selectChatModels({ vendor: "proviso-test" })).length === 4));

  it("is found by its name, with the context it has", async () => {
    const found = await findLm("vscode/proviso-test/able");
    assert.ok(found?.ok);
    assert.equal(found.value.capability.context, 12_000);
    assert.equal(await findLm("openai/able"), undefined);
    const missing = await findLm("vscode/proviso-test/gone");
    assert.ok(missing && !missing.ok);
    assert.match(missing.fault.message, /has no model proviso-test\/gone now; install or sign in/);
  });

  for (const id of ["able", "wordy"] as const) {
    it(`that ${id === "able" ? "calls tools" : "refuses tools"} calls one, and answers from its result`, async () => {
      const ask = await model(id);
      let streamed = "";
      const request: AskRequest = askRequest({ tools, onText: (delta) => void (streamed += delta), onRestart: () => void (streamed = "") });
      const first = await ask(request, never);
      assert.ok(first.ok, first.ok ? "" : first.fault.message);
      assert.deepEqual(
        first.value.calls.map(({ tool, args }) => [tool, JSON.parse(args) as unknown]),
        [["read_file", { path: "a.txt" }]],
      );
      assert.equal(first.value.text, "I look.");
      assert.equal(streamed.trim(), "I look.");
      assert.ok(first.value.usage.input > 0 && first.value.usage.output > 0 && first.value.usage.counted);
      const second = await ask({ ...request, messages: looked(first.value.calls[0]?.id ?? "") }, never);
      assert.equal(second.ok && second.value.text, "I read: file says hello");
      assert.equal(second.ok && second.value.finish, "stop");
    });
  }

  it("gives a structured answer", async () => {
    const schema = z.object({ pass: z.boolean(), why: z.string() });
    const result = await structured(await model("able"))(askRequest({ answer: { name: "judgement", schema } }), never);
    assert.deepEqual(result.ok && result.value.answer, { pass: true, why: "it is so" });
  });

  it("that fails is a fault that says what to do", async () => {
    const result = await (await model("lost"))(askRequest(), never);
    assert.ok(!result.ok);
    assert.match(result.fault.message, /^Scripted lost failed \(.*the lights went out.*\); try again, or choose another model\.$/);
    assert.equal(result.fault.retry, true);
  });

  it("is left at once when its call is cancelled", async () => {
    const stop = new AbortController();
    const asked = (await model("endless"))(askRequest({ onText: () => stop.abort(new Error("enough")) }), stop.signal);
    await assert.rejects(asked, /enough/);
  });
});
