import { strict as assert } from "node:assert";
import type { ApprovalRequest } from "../../../src/agent/approval.ts";
import { Event } from "../../../src/agent/event.ts";
import { tellStory } from "../../support/tell-story.ts";

describe("a plan that waits for a person", () => {
  it("is asked again with the same digest once the journal has been read back, and not asked twice", async () => {
    const { events } = await tellStory({});
    const asked = events.findIndex((event) => event.type === "approval.asked" && event.request.subject.of === "plan");
    const before = events[asked];
    const stored = events.slice(0, asked + 1).map((event) => Event.parse(JSON.parse(JSON.stringify(event))));
    const seen: ApprovalRequest[] = [];
    const again = await tellStory({
      events: stored,
      decide: async (request) => {
        seen.push(request);
        return { answer: "reject", why: "Enough.", unattended: true };
      },
    });
    assert.ok(before?.type === "approval.asked");
    assert.equal(seen[0]?.digest, before.request.digest);
    assert.equal(again.events.filter((event) => event.type === "approval.asked" && event.request.subject.of === "plan").length, 1);
  });
});
