// The same kills with the layers of the gateway on: a provider that is down and another that answers, priced; a cache on disk that outlives
// the process; budgets of the run and of the day, which is used up on the way and raised by the person.

import { strict as assert } from "node:assert";
import type { Event } from "../../src/agent/event.ts";
import type { Ask } from "../../src/agent/model/ask.ts";
import { cache, type Kept } from "../../src/agent/model/cache.ts";
import { gateway } from "../../src/agent/model/gateway.ts";
import { pursesOf } from "../../src/agent/model/purses.ts";
import { route } from "../../src/agent/model/route.ts";
import { estimateTokens } from "../../src/agent/model/tokens.ts";
import { fail, ok } from "../../src/agent/result.ts";
import { sha256 } from "../../src/node/digest.ts";
import { racingClock } from "../support/racing-clock.ts";
import { storyModel } from "../support/story.ts";
import { lasting, survive } from "../support/survive.ts";
import { tellStory, type Telling } from "../support/tell-story.ts";

/** What outlives a process: the clock, the cache on disk. And how often the model that answers was really asked. */
interface Layers extends Pick<Telling, "models" | "clock" | "limits"> {
  readonly asked: () => number;
}

function layers(): Layers {
  const clock = racingClock();
  const kept = new Map<string, Kept>();
  let asked = 0;
  const down: Ask = async () => fail("unavailable", "503", { retry: true });
  // Without a price of its own: the layer prices it.
  const up: Ask = async (request, signal) => {
    asked++;
    const reply = await storyModel(request, signal);
    return reply.ok ? ok({ ...reply.value, usage: { input: 100, output: 10 } }) : reply;
  };
  return {
    clock,
    limits: { usd: 1 },
    asked: () => asked,
    models: ({ state }) => {
      const purses = pursesOf({ state, clock });
      const candidate = (name: string, ask: Ask) => ({
        name,
        capability: async () => ({}),
        ask: gateway({
          ask,
          provider: name,
          nonce: "word",
          model: name,
          host: name,
          price: async (_model, { input, output }) => (input + 2 * output) / 1000,
          purses,
          clock,
          random: () => 0.5,
          retries: 1,
          patienceMs: 10_000,
        }),
      });
      const replies = { get: async (key: string) => kept.get(key), put: async (key: string, one: Kept) => void kept.set(key, one) };
      const cached = cache({ clock, digest: sha256, replies, models: "down up", serves: ["plan", "act", "reflect"], freshMs: 3_600_000 });
      const size: Parameters<typeof route>[0]["size"] = async (request) => estimateTokens(request);
      return cached.layer(route({ by: {}, chain: [candidate("down", down), candidate("up", up)], last: [cached.provider], size }));
    },
  };
}

const count = (events: readonly Event[], type: Event["type"]): number => events.filter((event) => event.type === type).length;

describe("a run killed at an append, with cache, fallback and budget on", () => {
  it("meets every layer on its way", async () => {
    const on = layers();
    const { events, state } = await tellStory(on);
    assert.equal(state.ended?.outcome, "done", state.ended?.answer);
    assert.ok(count(events, "model.switched") > 0, "the fallback is in the journal");
    assert.ok(
      events.some((event) => event.type === "approval.given" && event.subject.of === "limit"),
      "the budget was used up and raised",
    );
    assert.ok(state.spend.usd > 0);
    const again = await tellStory(on);
    assert.equal(again.state.ended?.outcome, "done");
    assert.equal(
      on.asked(),
      count(events, "model.replied") + count(events, "plan.made") + count(events, "step.reflected"),
      "the second time all came from the cache",
    );
  });

  for (const when of ["before", "after", "power"] as const) {
    it(`ends the same, whichever event it was (${when})`, async () => {
      const whole = await tellStory(layers());
      const undisturbed = await survive({ at: Number.POSITIVE_INFINITY, when }, layers());
      for (let at = 0; at < whole.events.length; at++) {
        const on = layers();
        const { told, effects, resumes } = await survive({ at, when }, on);
        const where = `killed ${when} append ${at} (${whole.events[at]?.type})`;
        assert.equal(resumes, 1, where);
        assert.equal(told.state.ended?.outcome, "done", `${where}: ${told.state.ended?.answer}`);
        assert.deepEqual(Object.fromEntries(told.files), Object.fromEntries(whole.files), where);
        assert.deepEqual(lasting(effects), lasting(undisturbed.effects), `${where}: every lasting effect once`);
        assert.ok(told.state.spend.usd <= (told.state.run?.limits.usd ?? 0), `${where}: ${told.state.spend.usd} is more than the limit`);
        // What was answered and not journaled comes from the cache, so that no answer is paid twice.
        assert.ok(on.asked() <= undisturbed.told.state.spend.requests + 1, `${where}: ${on.asked()} requests`);
      }
    });
  }
});
