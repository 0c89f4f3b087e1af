import { strict as assert } from "node:assert";
import { openai } from "../../../../src/node/openai/openai.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { connection } from "../../../support/connection.ts";
import { type ScriptedServer, startScriptedServer } from "../../../support/scripted-server.ts";

const never = new AbortController().signal;

describe("a server that does not understand everything", () => {
  let server: ScriptedServer;
  afterEach(() => server.close());

  const capOf = (at: number): unknown => server.requests[at]?.body["max_tokens"];
  const capped = async (complain: (cap: number) => string | undefined): Promise<void> => {
    server = await startScriptedServer([{ text: "hi" }], {
      refuses: ({ max_tokens: cap }) => (typeof cap === "number" ? complain(cap) : undefined),
    });
    const model = openai(connection(server.url));
    for (const maxOutput of [32_000, 1000]) {
      const result = await model(askRequest({ maxOutput }), never);
      assert.ok(result.ok);
    }
  };

  it("lowers its cap to the most that a model can write", async () => {
    await capped((cap) =>
      cap > 16_384 ? `max_tokens is too large: ${cap}. This model supports at most 16384 completion tokens.` : undefined,
    );
    assert.deepEqual([0, 1, 2].map(capOf), [32_000, 16_384, 1000]);
  });

  it("asks without a cap where the cap does not fit the context", async () => {
    await capped((cap) => `This model's maximum context length is 8192 tokens. However, you requested ${cap + 100} tokens.`);
    assert.deepEqual([0, 1, 2].map(capOf), [32_000, undefined, undefined]);
  });

  it("calls the cap by the name that the server knows", async () => {
    server = await startScriptedServer([{ text: "hi" }], {
      refuses: (body) => ("max_tokens" in body ? "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." : undefined),
    });
    const result = await openai(connection(server.url))(askRequest({ maxOutput: 7 }), never);
    assert.ok(result.ok);
    assert.equal(server.requests[1]?.body["max_completion_tokens"], 7);
  });

  it("gives up on a server that complains for ever", async () => {
    const complaints = [
      "include",
      "stream_options",
      "response_format",
      "max_tokens",
      "max_completion_tokens",
      "max_tokens",
      "max_completion_tokens",
      "store",
    ];
    let times = 0;
    server = await startScriptedServer([], { refuses: () => `Unsupported parameter: ${complaints[times++ % complaints.length]}` });
    const result = await openai(connection(server.url))(askRequest({ maxOutput: 7 }), never);
    assert.ok(!result.ok);
    assert.equal(result.fault.kind, "invalid");
    assert.ok(times < 12);
  });

  it("falls back to the Responses API where a server has no Chat Completions and nobody said which to use", async () => {
    server = await startScriptedServer([{ text: "hi" }], { only: "responses" });
    const model = openai(connection(server.url, { api: "auto" }));
    for (const _ of [1, 2]) {
      const result = await model(askRequest(), never);
      assert.ok(result.ok);
    }
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ["/v1/chat/completions", "/v1/responses", "/v1/responses"],
    );
  });
});
