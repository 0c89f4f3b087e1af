import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { emptyState } from "../../src/agent/state.ts";
import { storyEnd, storyGoal } from "../support/story.ts";
import { transcript } from "../support/transcript.ts";
import { tellStory } from "../support/tell-story.ts";

const golden = "test/golden/story.txt";

describe("the whole story", () => {
  it("leaves the journal that was agreed on", async () => {
    const { events, files, state } = await tellStory({});
    const told = transcript(events);
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(golden, told);
    assert.equal(told, readFileSync(golden, "utf8"));
    assert.notEqual(state, emptyState);
    for (const [path, text] of Object.entries(storyEnd)) assert.equal(files.get(path), text, path);
    assert.equal(files.has("old.txt"), false);
    assert.ok(storyGoal.length > 0 && events.length >= 40, `${events.length} events`);
  });
});
