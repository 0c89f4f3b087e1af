// A thousand whole runs through everything at once: two providers in any weather, with retry, breakers, time-outs, budgets, routes, cache
// and fallback. Deterministic: hours pass in no time, and every run is told by its seed.

import { strict as assert } from "node:assert";
import type { AskRequest } from "../../../../src/agent/model/ask.ts";
import { breaker } from "../../../../src/agent/model/breaker.ts";
import { cache, type Kept } from "../../../../src/agent/model/cache.ts";
import { gateway } from "../../../../src/agent/model/gateway.ts";
import { pursesOf } from "../../../../src/agent/model/purses.ts";
import type { Price } from "../../../../src/agent/model/price.ts";
import { route } from "../../../../src/agent/model/route.ts";
import { estimateTokens } from "../../../../src/agent/model/tokens.ts";
import { replay } from "../../../../src/agent/observe/replay.ts";
import { sha256 } from "../../../../src/node/digest.ts";
import { type Done, errand, lastWords } from "../../../support/errand.ts";
import { racingClock } from "../../../support/racing-clock.ts";
import { seeded, storm } from "../../../support/storm.ts";

const runs = 1000;
/** $1 per thousand tokens in, $2 out. */
const price: Price = async (_model, { input, output }) => (input + 2 * output) / 1000;

interface Outcome {
  readonly done: Done;
  readonly met: Readonly<Record<string, number>>;
  readonly limit: number;
  readonly sleeping: number;
  readonly open: number;
}

async function run(seed: number): Promise<Outcome> {
  const random = seeded(seed);
  const clock = racingClock();
  const severity = random() * 0.9;
  const [a, b] = [storm(random, severity), storm(random, severity / 2)];
  const limit = seed % 4 === 0 ? 16 + (seed % 25) : 1000;
  const kept = new Map<string, Kept>();
  let open = 0;
  const counted =
    (ask: typeof a.ask): typeof a.ask =>
    async (request, signal) => {
      open++;
      try {
        return await ask(request, signal);
      } finally {
        open--;
      }
    };
  const done = await errand({
    clock,
    limits: { usd: limit },
    ask: (state) => {
      const purses = pursesOf({ state, clock });
      const candidate = (name: string, ask: typeof a.ask) => ({
        name,
        capability: async () => ({}),
        ask: gateway({
          ask: counted(ask),
          provider: name,
          nonce: "word",
          model: name,
          host: name,
          price,
          purses,
          clock,
          random,
          retries: 3,
          patienceMs: 10_000,
          guard: breaker({ clock, host: name }),
        }),
      });
      const replies = { get: async (key: string) => kept.get(key), put: async (key: string, one: Kept) => void kept.set(key, one) };
      const cached = cache({ clock, digest: sha256, replies, models: "ab", serves: [], freshMs: 3_600_000 });
      const size = async (request: AskRequest) => estimateTokens(request);
      return cached.layer(route({ by: {}, chain: [candidate("a", a.ask), candidate("b", b.ask)], last: [cached.provider], size }));
    },
  });
  const met = Object.fromEntries(
    [...new Set([...Object.keys(a.met), ...Object.keys(b.met)])].map((key) => [key, (a.met[key] ?? 0) + (b.met[key] ?? 0)]),
  );
  return { done, met, limit, sleeping: clock.sleeping(), open };
}

describe("a thousand runs in any weather", function () {
  this.timeout(120_000);
  const outcomes: Outcome[] = [];
  before(async () => {
    for (let seed = 1; seed <= runs; seed++) outcomes.push(await run(seed));
  });
  const each = (look: (outcome: Outcome) => void): void =>
    outcomes.forEach((outcome, at) => {
      try {
        look(outcome);
      } catch (error) {
        throw new Error(`seed ${at + 1}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    });

  it("all end, done or with a diagnosis", () => {
    assert.equal(outcomes.length, runs);
    each(({ done: { state } }) => {
      assert.ok(state.ended?.outcome === "done" || state.ended?.outcome === "fuse", state.ended?.outcome);
      if (state.ended?.outcome === "fuse") assert.ok((state.fuse?.diagnosis ?? "").length > 10);
    });
    const done = outcomes.filter(({ done: { state } }) => state.ended?.outcome === "done").length;
    assert.ok(done > runs * 0.8, `${done} of ${runs} are done`);
  });

  it("make the change at most once, and exactly once where they are done", () =>
    each(({ done: { state, effects, file } }) => {
      assert.ok(effects.length <= 1, effects.join(", "));
      assert.equal(file, effects.length === 1 ? "n = 1\n" : "n = 0\n");
      if (state.ended?.outcome === "done") assert.equal(effects.length, 1);
    }));

  it("lose no word of the answer", () =>
    each(({ done: { state } }) => {
      if (state.ended?.outcome === "done") assert.equal(state.steps["only"]?.turns.at(-1)?.text, lastWords.join(""));
    }));

  it("leave no timer running and no request open", () => each(({ sleeping, open }) => assert.deepEqual([sleeping, open], [0, 0])));

  it("spend no more than they were given, and some are stopped for it", () => {
    each(({ done: { state }, limit }) => assert.ok(state.spend.usd <= limit, `${state.spend.usd} of ${limit}`));
    const stopped = outcomes.filter(({ done: { state } }) => state.fuse?.name === "usd").length;
    assert.ok(stopped > 5, `${stopped} were stopped`);
  });

  it("leave journals that replay", () => each(({ done: { events } }) => assert.deepEqual(replay(events).discrepancies, [])));

  it("write down every switch of model", () => {
    const switched = outcomes.filter(({ done: { state } }) => state.switched.length > 0);
    assert.ok(switched.length > runs * 0.05, `${switched.length} runs switched`);
    for (const { done } of switched) for (const { from, to, because } of done.state.switched) assert.ok(from !== to && because !== "");
  });

  it("met every fault often", () => {
    const total: Record<string, number> = {};
    for (const { met } of outcomes) for (const [kind, times] of Object.entries(met)) total[kind] = (total[kind] ?? 0) + times;
    for (const [kind, times] of Object.entries(total)) assert.ok(times > runs / 10, `${kind}: ${times}`);
    assert.equal(Object.keys(total).length, 11);
  });
});
