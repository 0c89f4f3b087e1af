import { strict as assert } from "node:assert";
import type { Event } from "../../../src/agent/event.ts";
import { fold } from "../../../src/agent/reduce.ts";
import { standardCatalog } from "../../../src/agent/tool/standard.ts";
import { contextMeter } from "../../../src/protocol/context-meter.ts";
import type { ContextMeter } from "../../../src/protocol/to-view.ts";
import { tellStory } from "../../support/tell-story.ts";

describe("the meter of the context", () => {
  let events: readonly Event[];
  before(async () => ({ events } = await tellStory({})));

  const upTo = (type: Event["type"], window?: number): ContextMeter | undefined => {
    const known = window === undefined ? {} : { window };
    const told = events.slice(0, events.findIndex((event) => event.type === type) + 1);
    const state = fold(
      told.map((event) => (event.type === "plan.made" || event.type === "model.replied" ? { ...event, ...known } : event)),
    );
    return contextMeter(state, standardCatalog());
  };

  it("says by category what the next request takes of the window, and what is free", () => {
    const meter = upTo("step.reflected", 10_000) ?? assert.fail("no meter");
    assert.match(meter.said, /^about \d\.\dk of 10\.0k tokens$/);
    assert.deepEqual(
      meter.rows.map(({ name }) => name),
      ["Tools", "Instructions", "Workspace and its rules", "Goal and plan", "Lessons", "Conversation", "Tool results", "Free"],
    );
    assert.ok(Math.abs(meter.rows.reduce((sum, { share }) => sum + share, 0) - 100) < 1, "together they are the window");
    assert.equal(meter.step, 2);
    assert.deepEqual(meter.notes, []);
  });

  it("says of an unknown window that it is not known, and guesses nothing", () => {
    const meter = upTo("step.reflected") ?? assert.fail("no meter");
    assert.match(meter.said, /^about \d\.\dk tokens$/);
    assert.equal(meter.full, undefined);
    assert.equal(
      meter.rows.some(({ name }) => name === "Free"),
      false,
    );
    assert.deepEqual(meter.notes, ["How many tokens the model can take is not known."]);
  });

  it("is there before the first request of a step, and gone after the last", () => {
    assert.equal(upTo("run.started"), undefined);
    assert.equal(upTo("plan.made")?.step, 1);
    assert.equal(upTo("run.ended"), undefined);
  });
});
