// Several models behind one Ask, over real sockets: who is asked, what is switched to, and what a person is told.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { Ask, Switch } from "../../../src/agent/model/ask.ts";
import { Ledger } from "../../../src/agent/model/ledger.ts";
import { Provider, usualCache } from "../../../src/agent/settings.ts";
import { fail } from "../../../src/agent/result.ts";
import { Breakers } from "../../../src/node/breakers.ts";
import { chooseModels } from "../../../src/node/choose-model.ts";
import { systemClock } from "../../../src/node/clock.ts";
import type { Config } from "../../../src/node/config.ts";
import { connectModels } from "../../../src/node/connect-models.ts";
import { DayBook } from "../../../src/node/day-book.ts";
import { diagnose } from "../../../src/node/diagnose.ts";
import { replyStore } from "../../../src/node/reply-store.ts";
import { askRequest } from "../../support/ask-request.ts";
import type { Script } from "../../support/script.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../../support/scripted-server.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;
const refuses: Script = () => ({ trouble: { is: "status", status: 401 } });
const says =
  (text: string): Script =>
  () => ({ text });

describe("several models", () => {
  const temp = tempFolder();
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function provider(id: string, script: Script, more: object = {}, options: ServerOptions = {}): Promise<Provider> {
    const server = await startScriptedServer(script, options);
    servers.push(server);
    return Provider.parse({ id, baseURL: server.url, models: ["m"], api: "chat", ...more });
  }
  const config = (providers: readonly Provider[], over: Partial<Config> = {}): Config => ({
    providers,
    model: undefined,
    fallback: [],
    routes: {},
    cache: usualCache,
    limits: {},
    timeouts: {},
    probe: false,
    env: {},
    ...over,
  });
  async function connect(from: Config, rules: Ask = async () => fail("unavailable", "no rules"), book = bookOf()) {
    const models = await chooseModels(from, {}, never);
    assert.ok(models.ok, models.ok ? "" : models.fault.message);
    return connectModels(models.value, {
      clock: systemClock(),
      config: from,
      rules,
      random: () => 0,
      purses: [new Ledger({ name: "this run", scope: "run", limit: () => ({}) })],
      book,
      dayLimit: () => ({ calls: 50 }),
      replies: replyStore({ folder: join(temp.path, "replies") }),
      breakers: new Breakers(),
    });
  }
  const bookOf = (): DayBook => new DayBook({ folder: join(temp.path, "spend"), now: () => 0, id: () => String(Math.random()) });
  async function asked(ask: Ask, over = {}): Promise<{ readonly text: string; readonly switches: readonly Switch[] }> {
    const switches: Switch[] = [];
    const reply = await ask(askRequest({ onSwitch: (change) => void switches.push(change), ...over }), never);
    return { text: reply.ok ? reply.value.text : `fault: ${reply.fault.message}`, switches };
  }

  it("stand in for each other across servers, and the switch is told", async () => {
    const { ask } = await connect(config([await provider("a", refuses), await provider("b", says("hello"))], { fallback: ["b/m"] }));
    const { text, switches } = await asked(ask);
    assert.equal(text, "hello");
    assert.deepEqual([switches[0]?.from, switches[0]?.to], ["a/m", "b/m"]);
    assert.match(switches[0]?.because ?? "", /wants a key/);
  });

  it("serve each its purpose", async () => {
    const from = config([await provider("a", says("from a")), await provider("b", says("from b"))], { routes: { act: ["b/m"] } });
    const { ask } = await connect(from);
    assert.equal((await asked(ask)).text, "from b");
    assert.equal((await asked(ask, { purpose: "plan" })).text, "from a");
  });

  it("give way to a cached answer to the very same request, also of another process", async () => {
    let up = true;
    const from = config([await provider("a", () => (up ? { text: "as before" } : { trouble: { is: "status", status: 401 } }))]);
    assert.equal((await asked((await connect(from)).ask)).text, "as before");
    up = false;
    const { ask } = await connect(from);
    const again = await asked(ask);
    assert.equal(again.text, "as before");
    assert.deepEqual([again.switches[0]?.from, again.switches[0]?.to], ["a/m", "a cached answer"]);
    assert.match((await asked(ask, { messages: [{ role: "user", text: "something else" }] })).text, /^fault: .* wants a key/);
  });

  it("give way to the rules engine last, for what it understands", async () => {
    const rules: Ask = async () => ({
      ok: true,
      value: { text: "by rule", calls: [], usage: { input: 0, output: 0 }, model: "rules", finish: "stop" },
    });
    const { ask } = await connect(config([await provider("a", refuses)]), rules);
    assert.equal((await asked(ask, { subject: { run: "r", goal: "Fix the failing test" } })).text, "by rule");
  });

  it("are refused what they have no room for, and the next that has is asked", async () => {
    const small = await provider("a", says("small"), { capabilities: { m: { context: 50 } } });
    const { ask, window } = await connect(config([small, await provider("b", says("large"))], { fallback: ["b/m"] }));
    const { text, switches } = await asked(ask);
    assert.equal(text, "large");
    assert.match(switches[0]?.because ?? "", /^a\/m has room for 50 tokens, and this takes \d+$/);
    assert.equal(await window("act", never), 50);
  });

  it("send their own headers, with the key where they want it and nowhere else", async () => {
    const keyed = await provider("a", says("hi"), { key: "sk-secret-1", headers: { "api-key": "${key}", "x-team": "tools" } });
    assert.equal((await asked((await connect(config([keyed]))).ask)).text, "hi");
    const { headers } = servers[0]?.requests[0] ?? assert.fail("not asked");
    assert.deepEqual([headers["api-key"], headers["x-team"], headers.authorization], ["sk-secret-1", "tools", undefined]);
  });

  it("are all written into the book of the day", async () => {
    const book = bookOf();
    const { ask } = await connect(config([await provider("a", says("hi"), { prices: { m: { input: 1, output: 1 } } })]), undefined, book);
    await asked(ask);
    const [entry, ...more] = await book.entries();
    assert.deepEqual([entry?.model, entry?.done, more.length], ["a/m", true, 0]);
    assert.ok((entry?.usd ?? 0) > 0);
  });

  it("learn in words to call tools where the server cannot", async () => {
    const tools = [{ name: "read_file", description: "Reads.", parameters: { type: "object" } }];
    const wordy = await provider("a", says('Action: read_file\nAction Input: {"path":"a"}'), {}, { refuses: ["tools"] });
    const { ask } = await connect(config([wordy]));
    const reply = await ask(askRequest({ tools }), never);
    assert.deepEqual(reply.ok && reply.value.calls, [{ id: "words_0_0", tool: "read_file", args: '{"path":"a"}' }]);
    assert.equal(servers[0]?.requests.length, 2);
    await ask(askRequest({ tools }), never);
    assert.equal(servers[0]?.requests.length, 3, "it is learnt once");
  });

  describe("tested", () => {
    async function test(one: Provider, model = "m") {
      const chosen = await chooseModels(config([one], { model: `${one.id}/${model}` }), {}, never);
      assert.ok(chosen.ok && chosen.value.chain[0].kind === "openai");
      return diagnose(chosen.value.chain[0], { env: {}, now: () => 0 }, never);
    }
    const calls: Script = () => ({ calls: [{ tool: "report_ready", args: { ready: true } }] });

    it("say that they call tools, and what is not known of them", async () => {
      const found = await test(await provider("a", calls));
      assert.ok(found.ok);
      assert.equal(found.tools, "native");
      assert.match(found.notes.join(" "), /context is not known.*price is not known/);
    });

    it("say that they do it in words, or not at all", async () => {
      const words = await test(
        await provider("a", says('Action: report_ready\nAction Input: {"ready": true}'), {}, { refuses: ["tools"] }),
      );
      assert.ok(words.ok && words.tools === "words");
      const mute = await test(await provider("b", says("I am ready.")));
      assert.ok(mute.ok && mute.tools === undefined);
      assert.match(mute.notes.join(" "), /answered in words although it was asked to call a tool/);
    });

    const unknown: Script = () => ({
      trouble: { is: "status", status: 404, body: { error: { message: "no such model", code: "model_not_found" } } },
    });
    for (const [what, script, options, model, says] of [
      ["a key that is missing", refuses, {}, "m", /wants a key; set the key of "a"/],
      ["an unknown model", unknown, { models: ["one", "two"] }, "m", /^There is no model m at http.*; it has one, two\.$/],
      [
        "a proxy that wants a password",
        () => ({ trouble: { is: "status", status: 407 } }),
        {},
        "m",
        /A proxy on the way to .* wants to be logged in to/,
      ],
      ["a web page", () => ({ trouble: { is: "page" } }), {}, "m", /web page instead of the API/],
    ] as const satisfies readonly (readonly [string, Script, ServerOptions, string, RegExp])[]) {
      it(`say exactly what is wrong: ${what}`, async () => {
        const found = await test(await provider("a", script, {}, options), model);
        assert.ok(!found.ok);
        assert.match(found.message, says);
      });
    }

    it("say exactly what is wrong: an address below which nothing of the API is", async () => {
      const lost = await provider("a", calls);
      const found = await test({ ...lost, baseURL: lost.baseURL.replace("/v1", "/wrong") });
      assert.ok(!found.ok);
      assert.match(
        found.message,
        /^Nothing of the API is at http.*\/wrong: neither the model m nor a list of models; correct the base URL/,
      );
    });

    it("say exactly what is wrong: nobody is there, and a proxy is set that Node does not follow", async () => {
      const chosen = await chooseModels(config([Provider.parse({ id: "a", baseURL: "http://127.0.0.1:9/v1", models: ["m"] })]), {}, never);
      assert.ok(chosen.ok && chosen.value.chain[0].kind === "openai");
      const found = await diagnose(chosen.value.chain[0], { env: { HTTP_PROXY: "http://proxy:8080" }, now: () => 0 }, never);
      assert.ok(!found.ok);
      assert.match(
        found.message,
        /^Nothing answers at 127\.0\.0\.1:9.*A proxy is set \(HTTP_PROXY\), which Node follows only with NODE_USE_ENV_PROXY=1/,
      );
    });
  });
});
