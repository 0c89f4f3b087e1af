import { strict as assert } from "node:assert";
import { chooseModel } from "../../../src/node/choose-model.ts";
import { Provider, usualCache } from "../../../src/agent/settings.ts";
import { connectModel } from "../../../src/node/connect-model.ts";
import { priceTable } from "../../../src/node/prices.ts";
import { Ledger } from "../../../src/agent/model/ledger.ts";
import type { CallRecord } from "../../../src/agent/model/trace.ts";
import { askRequest } from "../../support/ask-request.ts";
import { systemClock } from "../../../src/node/clock.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import type { Clock } from "../../../src/agent/world.ts";
import type { Line, Trouble } from "../../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../../support/scripted-server.ts";
import type { Ask } from "../../../src/agent/model/ask.ts";

const never = new AbortController().signal;

/** The server is real: so long nothing may happen before the clock is stepped, or a slow machine looks like a silent server. */
const quietMs = 50;

describe("a connected model", () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function connect(
    lines: readonly Line[],
    api: "chat" | "responses",
    clock: Clock,
  ): Promise<{ ask: Ask; records: CallRecord[]; ledger: Ledger }> {
    server = await startScriptedServer(lines);
    const provider = Provider.parse({
      id: "mine",
      baseURL: server.url,
      api,
      models: ["scripted"],
      prices: { scripted: { input: 1, output: 2, cached: 0.5 } },
    });
    const config = {
      providers: [provider],
      model: undefined,
      fallback: [],
      routes: {},
      cache: usualCache,
      limits: {},
      timeouts: { firstMs: 2000, idleMs: 1000 },
      probe: false,
      env: {},
    };
    const choice = await chooseModel(config, {}, never);
    assert.ok(choice.ok && choice.value.kind === "openai");
    const records: CallRecord[] = [];
    const ledger = new Ledger({ name: "this run", scope: "run", limit: () => ({ usd: 10 }) });
    const ask = connectModel(choice.value, {
      clock,
      random: () => 0.5,
      timeouts: config.timeouts,
      purses: [ledger],
      onCall: (record) => void records.push(record),
    });
    return { ask, records, ledger };
  }

  it("prices what it uses, and pays for it", async () => {
    const { ask, records, ledger } = await connect(
      [{ text: "hello", usage: { input: 1000, output: 100, cached: 200 } }],
      "chat",
      systemClock(),
    );
    const result = await ask(askRequest(), never);
    assert.ok(result.ok);
    const usd = (800 + 100 + 200) / 1e6;
    assert.equal(result.value.usage.usd, usd);
    assert.equal(records[0]?.usage?.usd, usd);
    assert.equal(ledger.used.usd.toFixed(9), usd.toFixed(9));
  });

  it("sends what a tool told between marks of a word that no other run has", async () => {
    const words = new Set<string>();
    for (let run = 0; run < 2; run++) {
      const { ask } = await connect([{ text: "hello" }, { text: "hello" }], "chat", systemClock());
      const call = { id: "c1", tool: "read_file", args: "{}" };
      const messages = [
        ...askRequest().messages,
        { role: "assistant" as const, text: "", calls: [call] },
        { role: "tool" as const, call: "c1", tool: "read_file", ok: true, text: "told" },
      ];
      await ask(askRequest({ messages }), never);
      const body = JSON.stringify(server?.requests[0]?.body);
      const [, word = ""] = /<data ([\w-]{12}) read_file>\\ntold\\n<\/data \1>/.exec(body) ?? [];
      assert.notEqual(word, "", body);
      words.add(word);
      await server?.close();
    }
    assert.equal(words.size, 2);
  });

  it("caps its replies by the budget", async () => {
    const { ask } = await connect([{ text: "hello" }], "chat", systemClock());
    await ask(askRequest(), never);
    assert.equal(typeof server?.requests[0]?.body["max_tokens"], "number");
  });

  for (const api of ["chat", "responses"] as const) {
    it(`over ${api} answers every one of many requests, whatever goes wrong in between`, async () => {
      const mixed: readonly Trouble[] = [
        { is: "status", status: 429, headers: { "retry-after": "2" } },
        { is: "status", status: 500 },
        { is: "hang" },
        { is: "stall", after: 3 },
        { is: "cut", after: 3 },
        { is: "early end", after: 4 },
        { is: "broken events" },
        { is: "invalid json", after: 3 },
        { is: "no choice" },
        { is: "page", status: 503 },
      ];
      const text = (at: number): string => `reply ${at} in a few words`;
      const lines = Array.from(
        { length: 24 },
        (_, at): Line => ({
          when: { hears: `request ${at}.` },
          text: text(at),
          trouble: [mixed[at % 10], mixed[(at * 7 + 3) % 10], mixed[(at * 3 + 5) % 10]].slice(0, at % 4).filter((one) => one !== undefined),
        }),
      );
      const clock = fakeClock({ quietMs });
      const { ask } = await connect(lines, api, clock);
      for (const [at] of lines.entries()) {
        let streamed = "";
        const request = askRequest({
          messages: [{ role: "user", text: `request ${at}.` }],
          onText: (delta) => void (streamed += delta),
          onRestart: () => void (streamed = ""),
        });
        const result = await clock.until(ask(request, never));
        assert.ok(result.ok, result.ok ? "" : result.fault.message);
        assert.equal(result.value.text, text(at));
        assert.equal(streamed, text(at));
      }
      assert.equal(clock.sleeping(), 0);
      await server?.idle();
    }).timeout(20_000);
  }
});

describe("the price table", () => {
  const usage = { input: 1000, output: 100, cached: 200 };

  it("knows well-known models of well-known hosts, cached input included", async () => {
    const price = priceTable("https://api.openai.com/v1");
    const usd = (await price("gpt-4o-mini", usage)) ?? 0;
    assert.equal(usd.toFixed(9), ((800 * 0.15 + 200 * 0.075 + 100 * 0.6) / 1e6).toFixed(9));
  });

  it("does not know what it does not know", async () => {
    assert.equal(await priceTable("https://api.openai.com/v1")("no-such-model", usage), undefined);
    assert.equal(await priceTable("https://unheard-of.example/v1")("gpt-4o-mini", usage), undefined);
  });

  it("holds no server of this machine for free", async () =>
    assert.equal(await priceTable("http://127.0.0.1:11434/v1")("gpt-4o-mini", usage), undefined));

  it("believes configured prices first", async () => {
    assert.equal(await priceTable("https://api.openai.com/v1", { "gpt-4o-mini": { input: 10, output: 20 } })("gpt-4o-mini", usage), 0.012);
  });
});
