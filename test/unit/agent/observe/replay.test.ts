import { strict as assert } from "node:assert";
import type { Event } from "../../../../src/agent/event.ts";
import { replay } from "../../../../src/agent/observe/replay.ts";
import { spans } from "../../../../src/agent/observe/spans.ts";
import { play, step } from "../../../support/play.ts";
import { tellStory } from "../../../support/tell-story.ts";

const through = (events: readonly Event[]): readonly Event[] => events.map((event) => JSON.parse(JSON.stringify(event)) as Event);

describe("replay", () => {
  it("explains every event of a whole run and finds its ending again", async () => {
    const { events } = await tellStory({});
    const { frames, discrepancies } = replay(through(events));
    assert.deepEqual(discrepancies, []);
    assert.equal(frames.length, events.length);
    assert.deepEqual(frames[0]?.next, ["plan run"]);
    assert.deepEqual(frames.at(-1)?.next, []);
  });

  it("explains a run that was killed and resumed at any event", async () => {
    const whole = await tellStory({});
    for (let kept = 1; kept < whole.events.length; kept += 7) {
      const { events } = await tellStory({ events: whole.events.slice(0, kept) });
      assert.deepEqual(replay(events).discrepancies, [], `kept ${kept}`);
    }
  });

  it("explains a run that a fuse stopped", async () => {
    const { events, state } = await play({
      say: (request) => (request.purpose === "plan" ? { answer: { steps: [step("a")] } } : [["list_files", {}]]),
    });
    assert.equal(state.fuse?.name, "repeat");
    assert.deepEqual(replay(events).discrepancies, []);
  });

  it("names an event that does not follow", async () => {
    const { events } = await tellStory({});
    const without = events
      .filter((event) => event.type !== "approval.given" || event.seq !== 17)
      .map((event, i) => ({ ...event, seq: i + 1 }));
    assert.match(replay(without).discrepancies.join("\n"), /^Event 17 \(call.begun\) does not follow/);
  });

  it("names an ending that was tampered with", async () => {
    const { events } = await tellStory({});
    const forged = events.map((event) =>
      event.type === "run.ended" ? { ...event, answer: "All good.", ledger: event.ledger.slice(1) } : event,
    );
    const { discrepancies } = replay(forged);
    assert.equal(discrepancies.length, 2);
    assert.match(discrepancies[0] ?? "", /records an answer/);
    assert.match(discrepancies[1] ?? "", /records a ledger/);
  });
});

describe("spans", () => {
  it("nests turns, calls and checks in the attempts of their steps", async () => {
    const { events } = await tellStory({});
    const all = spans(events);
    assert.equal(all[0]?.name, "run");
    const attempts = all.filter(({ depth, name }) => depth === 1 && name.startsWith("step"));
    assert.deepEqual(
      attempts.map(({ name, ok }) => [name, ok]),
      [
        ["step look attempt 1", true],
        ["step mend attempt 1", false],
        ["step mend attempt 2", true],
        ["step note attempt 1", true],
      ],
    );
    assert.ok(all.some(({ name, depth }) => name === "execute run_command" && depth === 2));
    assert.ok(all.every(({ from, to }) => from <= to && from >= (all[0]?.from ?? 0) && to <= (all[0]?.to ?? 0)));
    assert.equal(all.filter(({ name }) => name === "think").length, events.filter((event) => event.type === "model.replied").length);
  });

  it("is empty for an empty journal", () => {
    assert.deepEqual(spans([]), []);
  });
});
