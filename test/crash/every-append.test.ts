import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../src/agent/approval.ts";
import type { Kill } from "../support/memory-log.ts";
import { storyEnd, storyFiles } from "../support/story.ts";
import { type Told, tellStory } from "../support/tell-story.ts";

/** Tells the story, is killed as told, and goes on in a new process until it ends. */
async function survive(kill: Kill): Promise<{ told: Told; effects: string[]; questions: string[]; resumes: number }> {
  const effects: string[] = [];
  const questions: string[] = [];
  const files = storyFiles();
  const blobs = new Map<string, Uint8Array>();
  // As a person would: asked whether to run something again, they look whether it has been done.
  const decide = async (request: ApprovalRequest): Promise<Resolution> => {
    questions.push(JSON.stringify(request.subject));
    if (request.subject.of === "recovery" && JSON.stringify(request.input).includes("log.txt") && files.has("log.txt")) {
      return { answer: "reject", why: "It has been done.", unattended: false };
    }
    return { answer: "approve", digest: request.digest, by: "person" };
  };
  let told = await tellStory({ files, blobs, effects, decide, kill });
  let resumes = 0;
  while (told.killed) {
    resumes++;
    assert.ok(resumes < 3, "one kill, one resume");
    told = await tellStory({ events: told.events, files, blobs, effects, decide });
  }
  return { told, effects, questions, resumes };
}

const lasting = (effects: readonly string[]): string[] => effects.filter((effect) => effect !== "run node test.js").sort();

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
