import { strict as assert } from "node:assert";
import { drive, Run } from "../../../../../src/agent/engine.ts";
import { defaultLimits, type Event } from "../../../../../src/agent/event.ts";
import { performers } from "../../../../../src/agent/performers.ts";
import { shippedPolicy } from "../../../../../src/agent/policy/defaults.ts";
import { emptyState, type RunState } from "../../../../../src/agent/state.ts";
import { standardCatalog } from "../../../../../src/agent/tool/standard.ts";
import type { Person } from "../../../../../src/agent/world.ts";
import { rulesEngine } from "../../../../../src/node/rules-engine.ts";
import { MemoryLog } from "../../../../support/memory-log.ts";
import { memoryWorld } from "../../../../support/memory-world.ts";

/** A run of the offline engine in a project with tests; what the person is asked, and how it ends. */
async function tell(goal: string, { mode = "supervised", decide }: { readonly mode?: string; readonly decide?: Person["decide"] } = {}) {
  const asked: string[] = [];
  const world = memoryWorld({ files: new Map(), ask: rulesEngine(), policy: shippedPolicy(), command: () => ({ exit: 0, output: "" }) });
  const person: Person = {
    ...world.person,
    decide: async (request, signal) => {
      asked.push(request.title);
      return (decide ?? world.person.decide)(request, signal);
    },
  };
  const events: Event["type"][] = [];
  const run = new Run({ world: { ...world, person }, tools: standardCatalog(), log: new MemoryLog(), state: emptyState });
  run.onEvent((event) => events.push(event.type));
  await run.append({
    type: "run.started",
    run: "r",
    goal,
    criteria: [],
    workspace: "/w",
    model: "rules",
    mode,
    limits: defaultLimits,
    briefing: { entries: [], test: "npm test" },
  });
  const state: RunState = await drive(run, performers, new AbortController().signal);
  return { asked, events, said: state.fuse?.diagnosis ?? "", outcome: state.ended?.outcome };
}

const atOnce: readonly Event["type"][] = ["run.started", "model.failed", "fuse.blown", "run.ended"];

describe("what the offline engine cannot do", () => {
  it("is refused at once, before anybody is asked to approve a plan", async () => {
    const { asked, events, said } = await tell("Write me a poem");
    assert.deepEqual([asked, events], [[], atOnce]);
    assert.match(
      said,
      /^Without a language model I do not understand "Write me a poem"\. .*can do this:\n.*fix the failing test[^]*OPENAI_API_KEY/,
    );
  });

  it("is refused at once where it would change or run something and may only read", async () => {
    for (const goal of ["Fix the failing test", "Run the tests", "Rename total to sum"]) {
      const { asked, events, said } = await tell(goal, { mode: "read-only" });
      assert.deepEqual([asked, events], [[], atOnce], goal);
      assert.match(said, /^This run may only read, .*: trust the workspace or choose another mode, and ask again\./, goal);
    }
  });

  it("is not what reads only: that is done in any mode", async () => {
    const { asked, events, said } = await tell("Where is total used?", { mode: "read-only" });
    assert.deepEqual([asked, events.at(-1), said], [[], "run.ended", ""]);
  });

  it("is a second plan for the same goal: a plan that was sent back ends the run with the reason", async () => {
    const { asked, events, said } = await tell("Fix the failing test", {
      decide: async () => ({ answer: "reject", why: "not with npm", unattended: false }),
    });
    assert.deepEqual(asked, ["Start this step?"]);
    assert.equal(events.filter((type) => type === "plan.made").length, 1);
    assert.match(said, /knows one plan for this goal, and it was sent back: .*not with npm\. Say the goal differently, or choose a model/);
  });
});
