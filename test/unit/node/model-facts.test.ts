import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { capabilityText } from "../../../src/node/capability-text.ts";
import { modelFacts, tableFacts } from "../../../src/node/model-facts.ts";

const never = new AbortController().signal;

describe("what is known of a model", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  /** A server that answers these paths with JSON, and nothing else. */
  async function serve(answers: Readonly<Record<string, unknown>>): Promise<string> {
    server = createServer((request, response) => {
      const answer = answers[request.url ?? ""];
      response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer ?? { error: "not found" }));
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  }
  const about = async (answers: Readonly<Record<string, unknown>>, configured = {}) =>
    modelFacts({ baseURL: await serve(answers), model: "m", headers: {}, key: undefined }, configured, never);
  const shown = { capabilities: ["completion", "tools", "vision"] };

  it("is, of Ollama, the context it has allocated, once the model is loaded", async () => {
    const facts = await about({ "/api/ps": { models: [{ name: "m:latest", context_length: 32_768 }] }, "/api/show": shown });
    assert.deepEqual(facts, { capability: { context: 32_768, tools: "native", vision: true }, settled: true });
  });

  it("is, of Ollama before that, what the model asks for, or the little it gives by default", async () => {
    const asked = await about({
      "/api/ps": { models: [] },
      "/api/show": { parameters: "temperature 0.7\nnum_ctx 16384", capabilities: ["completion"] },
    });
    assert.deepEqual(asked, { capability: { context: 16_384, tools: "words", vision: false }, settled: false });
    server?.close();
    assert.equal((await about({ "/api/ps": { models: [] }, "/api/show": {} })).capability.context, 4096);
  });

  it("is, of LM Studio, the context it was loaded with", async () => {
    const model = { id: "m", type: "vlm", loaded_context_length: 8192, max_context_length: 131_072, capabilities: ["tool_use"] };
    const facts = await about({ "/api/v0/models": { data: [model] } });
    assert.deepEqual(facts, { capability: { context: 8192, tools: "native", vision: true }, settled: true });
  });

  it("is, of llama.cpp, the context of its slots", async () => {
    assert.equal((await about({ "/props": { default_generation_settings: { n_ctx: 24_000 } } })).capability.context, 24_000);
  });

  it("is, of vLLM, what it lists", async () => {
    assert.equal((await about({ "/v1/models": { data: [{ id: "m", max_model_len: 65_536 }] } })).capability.context, 65_536);
  });

  it("is what a person says, before all else", async () => {
    const facts = await about({ "/props": { default_generation_settings: { n_ctx: 24_000 } } }, { context: 9000, tools: "none" });
    assert.deepEqual(facts.capability, { context: 9000, tools: "none" });
  });

  it("is nothing where nobody tells", async () => assert.deepEqual(await about({}), { capability: {}, settled: true }));

  it("is, of well-known models of well-known hosts, in the maintained table", async () => {
    const { context, price } = await tableFacts("https://api.openai.com/v1", "gpt-4o-mini");
    assert.deepEqual([context, price?.input.toFixed(2), price?.output.toFixed(2)], [128_000, "0.15", "0.60"]);
    assert.deepEqual(await tableFacts("https://unheard-of.example/v1", "gpt-4o-mini"), {});
  });

  it("reads in one line, unknown things as unknown", () => {
    assert.equal(capabilityText({}), "context unknown · price unknown");
    assert.equal(
      capabilityText({ context: 128_000, tools: "native", vision: true, price: { input: 0.15, output: 0.6 } }),
      "128k context · calls tools · sees images · $0.15 in, $0.6 out per million tokens",
    );
  });
});
