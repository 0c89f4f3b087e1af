import { strict as assert } from "node:assert";
import { storyEnd } from "../support/story.ts";
import { lasting, survive } from "../support/survive.ts";
import { tellStory } from "../support/tell-story.ts";

describe("a run killed at an append", () => {
  for (const when of ["before", "after", "power"] as const) {
    it(`ends the same, whichever event it was (${when === "power" ? "with everything not yet synced lost" : `${when} it was kept`})`, async () => {
      const whole = await tellStory({});
      const undisturbed = await survive({ at: Number.POSITIVE_INFINITY, when });
      for (let at = 0; at < whole.events.length; at++) {
        const { told, effects, resumes } = await survive({ at, when });
        const where = `killed ${when} append ${at} (${whole.events[at]?.type})`;
        assert.equal(resumes, 1, where);
        assert.equal(told.state.ended?.outcome, "done", where);
        assert.deepEqual(
          told.state.ended?.ledger.map(({ of, status }) => `${of} ${status}`),
          whole.state.ended?.ledger.map(({ of, status }) => `${of} ${status}`),
          where,
        );
        assert.deepEqual(Object.fromEntries(told.files), Object.fromEntries(whole.files), where);
        assert.deepEqual(lasting(effects), lasting(undisturbed.effects), `${where}: every lasting effect once`);
        assert.deepEqual(
          told.events.map((event) => event.seq),
          told.events.map((_, i) => i + 1),
          where,
        );
      }
      for (const [path, text] of Object.entries(storyEnd)) assert.equal(whole.files.get(path), text);
    });
  }

  it("puts a question that was waiting again, unchanged and without asking twice in the journal", async () => {
    const whole = await tellStory({});
    const asked = whole.events.findIndex((event) => event.type === "approval.asked" && event.request.subject.of === "call");
    const { told } = await survive({ at: asked + 1, when: "before" });
    const subject = (event: (typeof told.events)[number]): string =>
      event.type === "approval.asked" ? JSON.stringify(event.request.subject) : "";
    const first = whole.events[asked];
    assert.ok(first);
    assert.equal(told.events.filter((event) => subject(event) === subject(first)).length, 1);
  });
});
