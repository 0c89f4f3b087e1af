import { strict as assert } from "node:assert";
import type { Message, Reply } from "../../../../src/agent/model/ask.ts";
import type { Connection } from "../../../../src/node/openai/connection.ts";
import { openai } from "../../../../src/node/openai/openai.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { connection } from "../../../support/connection.ts";
import { type ScriptedServer, startScriptedServer } from "../../../support/scripted-server.ts";

const never = new AbortController().signal;

describe("reasoning", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());
  const reasoning = "c2VhbGVk";
  const call = { tool: "read_file", args: { path: "a" }, id: "call_a" };
  const turn = (reply: Reply): Message[] => [
    { role: "assistant", text: reply.text, calls: reply.calls, native: JSON.parse(JSON.stringify(reply.native ?? null)) },
    ...reply.calls.map(({ id, tool }) => ({ role: "tool" as const, call: id, tool, text: "content", ok: true })),
  ];

  async function reasoned(
    over: Partial<Connection> = {},
  ): Promise<{ reply: Reply; input: (messages: readonly Message[]) => Promise<readonly Readonly<Record<string, unknown>>[]> }> {
    server = await startScriptedServer([{ calls: [call], reasoning }, { text: "done" }]);
    const to = connection(server.url, { api: "responses" });
    const first = await openai(to)(askRequest(), never);
    assert.ok(first.ok);
    return {
      reply: first.value,
      input: async (messages) => {
        await openai({ ...to, ...over })(askRequest({ messages: [...askRequest().messages, ...messages] }), never);
        return server.requests.at(-1)?.body["input"] as never;
      },
    };
  }

  it("asks for sealed reasoning and sends it back unchanged, without ids that nobody stored", async () => {
    const { reply, input } = await reasoned();
    assert.deepEqual(server.requests[0]?.body["include"], ["reasoning.encrypted_content"]);
    assert.deepEqual((await input(turn(reply))).slice(2), [
      { type: "reasoning", id: "rs_0", summary: [], encrypted_content: reasoning },
      { type: "function_call", call_id: "call_a", name: "read_file", arguments: '{"path":"a"}' },
      { type: "function_call_output", call_id: "call_a", output: "content" },
    ]);
  });

  const withoutSeal = [
    { type: "function_call", call_id: "call_a", name: "read_file", arguments: '{"path":"a"}' },
    { type: "function_call_output", call_id: "call_a", output: "content" },
  ];
  it("sends no reasoning to a model that did not make it", async () => {
    const { reply, input } = await reasoned({ model: "another" });
    assert.deepEqual((await input(turn(reply))).slice(2), withoutSeal);
  });

  it("sends no reasoning with calls that were changed since", async () => {
    const { reply, input } = await reasoned();
    const changed = { ...reply, calls: reply.calls.map((one) => ({ ...one, args: '{"path":"b"}' })) };
    assert.equal((await input(turn(changed)))[2]?.["type"], "function_call");
  });
});
