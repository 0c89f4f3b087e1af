import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { type ChooseOptions, chooseModel, type ModelChoice } from "../../../src/node/choose-model.ts";
import { Provider, usualCache } from "../../../src/agent/settings.ts";
import { type Config, type Environment } from "../../../src/node/config.ts";
import type { LocalServer } from "../../../src/node/local-servers.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../../support/scripted-server.ts";

const never = new AbortController().signal;

describe("the choice of a model", () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  async function serve(options: ServerOptions = {}): Promise<ScriptedServer> {
    const server = await startScriptedServer([], options);
    servers.push(server);
    return server;
  }

  const provider = (id: string, baseURL: string, more: object = {}): Provider => Provider.parse({ id, baseURL, ...more });
  const config = (providers: readonly Provider[], more: { model?: string; env?: Environment; probe?: boolean } = {}): Config => ({
    providers,
    model: more.model,
    fallback: [],
    routes: {},
    cache: usualCache,
    limits: {},
    timeouts: {},
    probe: more.probe ?? true,
    env: more.env ?? {},
  });
  async function choose(from: Config, options: ChooseOptions = {}): Promise<ModelChoice> {
    const chosen = await chooseModel(from, { local: [], probeMs: 10_000, ...options }, never);
    assert.ok(chosen.ok, chosen.ok ? "" : chosen.fault.message);
    return chosen.value;
  }
  const local = (id: string, baseURL: string): LocalServer => ({ id, name: id, baseURL });
  const a = provider("a", "https://a.example/v1", { models: ["big", "small"] });
  const b = provider("b", "https://b.example/v1", { models: ["other"] });

  const names: readonly (readonly [string, string | undefined, string])[] = [
    ["the first model of the first provider where none is named", undefined, "a/big"],
    ["a model of a named provider", "b/x", "b/x"],
    ["the first model of a provider named alone", "b", "b/other"],
    ["the provider that lists the model", "other", "b/other"],
    ["the first provider for a model nobody lists", "unheard/of", "a/unheard/of"],
    ["the rules engine by name", "rules", "rules"],
  ];
  for (const [what, model, expected] of names) {
    it(`is ${what}`, async () => {
      assert.equal((await choose(config([a, b]), model === undefined ? {} : { model })).name, expected);
      assert.equal((await choose(config([a, b], model === undefined ? {} : { model }))).name, expected);
    });
  }

  it("on the command line goes before the one in the settings", async () => {
    assert.equal((await choose(config([a, b], { model: "rules" }), { model: "b/x" })).name, "b/x");
  });

  it("carries the key from where the settings say it is", async () => {
    const keyed = provider("k", "https://k.example/v1", { keyEnv: "K_KEY", models: ["m"] });
    const choice = await choose(config([keyed], { env: { K_KEY: "secret" } }));
    assert.ok(choice.kind === "openai");
    assert.deepEqual([choice.connection.key, choice.connection.keyName], ["secret", "K_KEY"]);
  });

  it("is a fault where the provider's key is not set", async () => {
    const keyed = provider("k", "https://k.example/v1", { keyEnv: "K_KEY", models: ["m"] });
    const chosen = await chooseModel(config([keyed]), { local: [] }, never);
    assert.ok(!chosen.ok);
    assert.equal(chosen.fault.message, 'The provider "k" takes its key from K_KEY, which is not set; set it, or choose another model.');
  });

  it("asks a server that is not OpenAI's which models it has", async () => {
    const { url } = await serve({ models: ["nomic-embed-text", "qwen3"], key: "k" });
    const choice = await choose(config([provider("mine", url, { key: "k" })]));
    assert.equal(choice.name, "mine/qwen3");
  });

  it("does not fail where a server does not say", async () => {
    const { url } = await serve({ key: "another" });
    assert.match((await choose(config([provider("mine", url)]))).name, /^mine\/./);
  });

  it("is a server of this machine where nothing is configured, the first in order that answers with models", async () => {
    const silent = await serve({ models: [] });
    const first = await serve({ models: ["embed-only-embedding", "llama"] });
    const second = await serve({ models: ["qwen"] });
    const refusing = "http://127.0.0.1:1/v1";
    const choice = await choose(config([]), {
      local: [local("none", refusing), local("silent", silent.url), local("first", first.url), local("second", second.url)],
    });
    assert.equal(choice.name, "first/llama");
    assert.match(choice.why, /first answers at http:\/\/127\.0\.0\.1/);
    assert.ok(choice.kind === "openai");
    assert.equal(choice.connection.api, "chat");
  });

  it("does not wait for a server that takes the call and says nothing", async () => {
    const mute: Server = createServer((socket) => void socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as AddressInfo;
    const choice = await choose(config([]), { local: [local("mute", `http://127.0.0.1:${port}/v1`)], probeMs: 50 });
    assert.equal(choice.kind, "rules");
    mute.close();
  });

  it("is not taken from a port where something else answers", async () => {
    const { url } = await serve();
    assert.equal((await choose(config([]), { local: [local("other", url.replace("/v1", "/elsewhere"))] })).kind, "rules");
  });

  it("reaches a known local server by name, beside configured ones", async () => {
    const { url, requests } = await serve();
    assert.equal((await choose(config([a]), { model: "ollama/qwen3", local: [local("ollama", url)] })).name, "ollama/qwen3");
    assert.equal(requests.length, 0);
  });

  it("is the rules engine where nothing is configured and nothing answers, and says why", async () => {
    assert.deepEqual(await choose(config([])), { kind: "rules", name: "rules", why: "no model is configured and no local server answers" });
  });

  it("looks at no port where that is not wanted", async () => {
    const { url, requests } = await serve();
    assert.equal((await choose(config([], { probe: false }), { local: [local("mine", url)] })).kind, "rules");
    assert.equal(requests.length, 0);
  });

  it("is a fault where a model is named and there is nobody to ask for it", async () => {
    const chosen = await chooseModel(config([]), { model: "gpt-5.2", local: [] }, never);
    assert.ok(!chosen.ok);
    assert.match(chosen.fault.message, /No provider is configured for the model gpt-5\.2; set OPENAI_API_KEY/);
  });

  it("is given up at once when cancelled", async () => {
    const { url } = await serve();
    await assert.rejects(chooseModel(config([]), { local: [local("mine", url)] }, AbortSignal.abort(new Error("enough"))), /enough/);
  });
});
