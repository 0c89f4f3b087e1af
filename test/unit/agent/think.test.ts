import { strict as assert } from "node:assert";
import { Run } from "../../../src/agent/engine.ts";
import type { Event } from "../../../src/agent/event.ts";
import { think } from "../../../src/agent/perform/think.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import { fold } from "../../../src/agent/reduce.ts";
import { fail } from "../../../src/agent/result.ts";
import { standardCatalog } from "../../../src/agent/tool/standard.ts";
import type { Live } from "../../../src/agent/world.ts";
import { MemoryLog } from "../../support/memory-log.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { tellStory } from "../../support/tell-story.ts";

describe("thinking", () => {
  it("streams to whoever watches, and says when what was streamed is void", async () => {
    const { events } = await tellStory({});
    const settled = events.findIndex(({ type }) => type === "plan.settled");
    const before: readonly Event[] = events.slice(0, settled + 1);
    const seen: Live[] = [];
    const world = memoryWorld({
      files: new Map(),
      policy: shippedPolicy(),
      ask: async (request) => {
        request.onText?.("half a tho");
        request.onRestart?.();
        request.onText?.("a whole thought");
        return fail("unavailable", "The model is gone.");
      },
    });
    const run = new Run({
      world: { ...world, watch: (live) => seen.push(live) },
      tools: standardCatalog(),
      log: new MemoryLog(before),
      state: fold(before),
    });
    await think(run, { do: "think", step: "look" }, new AbortController().signal);
    assert.deepEqual(seen, [
      { of: "text", step: "look", delta: "half a tho" },
      { of: "restart", step: "look" },
      { of: "text", step: "look", delta: "a whole thought" },
    ]);
  });
});
