import { strict as assert } from "node:assert";
import * as z from "zod";
import { structured } from "../../../../src/agent/model/answer.ts";
import type { AskRequest, Message, Reply } from "../../../../src/agent/model/ask.ts";
import type { Connection } from "../../../../src/node/openai/connection.ts";
import { openai } from "../../../../src/node/openai/openai.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { connection, testKey } from "../../../support/connection.ts";
import type { Line, Script } from "../../../support/script.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../../../support/scripted-server.ts";

const never = new AbortController().signal;
const readFile = {
  name: "read_file",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

for (const api of ["chat", "responses"] as const) {
  for (const stream of [true, false]) {
    describe(`the openai client over ${api}, ${stream ? "streaming" : "in one piece"}`, () => {
      let server: ScriptedServer | undefined;
      afterEach(async () => {
        await server?.close();
        server = undefined;
      });

      async function ask(
        script: Script,
        request: Partial<AskRequest> = {},
        options: ServerOptions = {},
        over: Partial<Connection> = {},
      ): Promise<Reply> {
        server ??= await startScriptedServer(script, options);
        const result = await openai(connection(server.url, { api, stream, ...over }))(askRequest(request), never);
        assert.ok(result.ok, result.ok ? "" : result.fault.message);
        return result.value;
      }
      const sent = (at = 0): Readonly<Record<string, unknown>> => server?.requests[at]?.body ?? {};

      it("gives the text, the usage and the model's own name", async () => {
        const reply = await ask([{ text: "Hello, world", model: "scripted-2026", usage: { input: 20, output: 3, cached: 8 } }]);
        assert.deepEqual(reply, {
          text: "Hello, world",
          calls: [],
          usage: { input: 20, output: 3, cached: 8 },
          model: "scripted-2026",
          finish: "stop",
        });
      });

      it("hands text on as it comes", async () => {
        const heard: string[] = [];
        const reply = await ask([{ text: ["He", "llo", " ", "wörld 🌍"] }], { onText: (delta) => void heard.push(delta) });
        assert.equal(heard.join(""), "Hello wörld 🌍");
        assert.equal(reply.text, "Hello wörld 🌍");
        if (stream) assert.deepEqual(heard, ["He", "llo", " ", "wörld 🌍"]);
      });

      it("puts letters together that arrive byte by byte", async () => {
        const reply = await ask([{ text: "größer 🌍 → 日本" }], {}, { bytesPerWrite: 1 });
        assert.equal(reply.text, "größer 🌍 → 日本");
      });

      it("gives parallel tool calls whose arguments arrive interleaved and in many pieces", async () => {
        const calls = [
          { tool: "read_file", args: { path: "src/a much longer path/add.js" }, id: "call_a" },
          { tool: "read_file", args: { path: "b.js" }, id: "call_b" },
        ];
        const reply = await ask([{ text: "I look.", calls }], { tools: [readFile] });
        assert.equal(reply.finish, "calls");
        assert.equal(reply.text, "I look.");
        assert.deepEqual(
          reply.calls,
          calls.map(({ id, tool, args }) => ({ id, tool, args: JSON.stringify(args) })),
        );
      });

      it("leaves broken arguments as the model wrote them", async () => {
        const reply = await ask([{ calls: [{ tool: "read_file", args: '{"path": ' }] }]);
        assert.equal(reply.calls[0]?.args, '{"path": ');
      });

      it("sends tools, calls and their results in the API's own form", async () => {
        const messages: readonly Message[] = [
          { role: "system", text: "S" },
          { role: "user", text: "U" },
          { role: "assistant", text: "", calls: [{ id: "call_a", tool: "read_file", args: '{"path":"a"}' }] },
          { role: "tool", call: "call_a", tool: "read_file", text: "content", ok: true, data: { secret: 1 } },
          { role: "assistant", text: "So.", calls: [] },
          { role: "user", text: "Go on." },
        ];
        const reply = await ask((cue) => ({ text: `turn ${cue.turn}, ${cue.tools.join()}` }), { messages, tools: [readFile] });
        assert.equal(reply.text, "turn 2, read_file");
        const body = sent();
        const { name, description, parameters } = readFile;
        if (api === "chat") {
          assert.deepEqual(body["messages"], [
            { role: "system", content: "S" },
            { role: "user", content: "U" },
            {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "call_a", type: "function", function: { name: "read_file", arguments: '{"path":"a"}' } }],
            },
            { role: "tool", tool_call_id: "call_a", content: "content" },
            { role: "assistant", content: "So." },
            { role: "user", content: "Go on." },
          ]);
          assert.deepEqual(body["tools"], [{ type: "function", function: { name, description, parameters } }]);
        } else {
          assert.deepEqual(body["input"], [
            { role: "system", content: "S" },
            { role: "user", content: "U" },
            { type: "function_call", call_id: "call_a", name: "read_file", arguments: '{"path":"a"}' },
            { type: "function_call_output", call_id: "call_a", output: "content" },
            { role: "assistant", content: "So." },
            { role: "user", content: "Go on." },
          ]);
          assert.deepEqual(body["tools"], [{ type: "function", name, description, parameters, strict: false }]);
          assert.equal(body["store"], false);
        }
        assert.equal(body["stream"], stream || undefined);
      });

      it("authenticates, and adds the headers it was configured with", async () => {
        await ask([{ text: "x" }], {}, { key: testKey }, { headers: { "x-team": "blue" } });
        const headers = server?.requests[0]?.headers;
        assert.equal(headers?.authorization, `Bearer ${testKey}`);
        assert.equal(headers?.["x-team"], "blue");
      });

      it("sends no credentials where none are configured", async () => {
        await ask([{ text: "x" }], {}, {}, { key: undefined });
        assert.equal(server?.requests[0]?.headers.authorization, undefined);
      });

      const ends: readonly (readonly [string, Line, Partial<Reply>])[] = [
        ["a reply cut off at its limit", { text: "half", finish: "length" }, { finish: "length", text: "half" }],
        ["a reply stopped by a content filter", { text: "hm", finish: "filter" }, { finish: "filter", text: "hm" }],
        ["a refusal", { refusal: "I cannot help with that." }, { finish: "filter", text: "I cannot help with that." }],
        ["a reply without words", { text: "" }, { finish: "stop", text: "" }],
      ];
      for (const [what, line, expected] of ends) {
        it(`tells ${what} from a whole one`, async () => {
          const { finish, text, calls } = await ask([line]);
          assert.deepEqual({ finish, text, calls }, { calls: [], ...expected });
        });
      }

      it("holds the server to the schema of a structured answer", async () => {
        const schema = z.object({ name: z.string(), size: z.number().optional() });
        server = await startScriptedServer([{ when: { answer: "thing" }, answer: { name: "a", size: null } }]);
        const result = await structured(openai(connection(server.url, { api, stream })))(
          askRequest({ answer: { name: "thing", schema } }),
          never,
        );
        assert.ok(result.ok, result.ok ? "" : result.fault.message);
        assert.deepEqual(result.value.answer, { name: "a" });
        const format =
          api === "chat"
            ? (sent()["response_format"] as { json_schema: object }).json_schema
            : (sent()["text"] as { format: object }).format;
        assert.equal((format as { strict: boolean }).strict, true);
      });

      it("puts the schema in words where the server does not take it, and remembers that", async () => {
        const schema = z.object({ name: z.string() });
        server = await startScriptedServer((cue) => ({ answer: cue.last.includes("JSON schema") ? { name: "a" } : { wrong: true } }), {
          refuses: ["response_format", "format"],
        });
        const model = structured(openai(connection(server.url, { api, stream })));
        for (const round of [1, 2]) {
          const result = await model(askRequest({ answer: { name: "thing", schema } }), never);
          assert.ok(result.ok, `round ${round}`);
          assert.deepEqual(result.value.answer, { name: "a" });
        }
        assert.equal(server.requests.length, 3);
      });

      it("does without other details that a server refuses", async () => {
        const refuses = ["stream_options", "include", "store", "max_completion_tokens"];
        const reply = await ask([{ text: "ok" }], { maxOutput: 100 }, { refuses });
        assert.equal(reply.text, "ok");
      });

      it("caps the reply where it is told to", async () => {
        await ask([{ text: "x" }], { maxOutput: 321 });
        assert.equal(sent()[api === "chat" ? "max_tokens" : "max_output_tokens"], 321);
      });

      it("reads a server that answers in one piece, asked to or not", async () => {
        const reply = await ask([{ text: "whole", calls: [{ tool: "read_file", args: { path: "a" } }] }], {}, { neverStreams: true });
        assert.equal(reply.text, "whole");
        assert.equal(reply.calls.length, 1);
      });

      it("shows a sign of life with whatever arrives", async () => {
        let alive = 0;
        await ask([{ calls: [{ tool: "read_file", args: { path: "a" } }] }], { onActivity: () => alive++ });
        assert.ok(alive > 0);
      });
    });
  }
}
