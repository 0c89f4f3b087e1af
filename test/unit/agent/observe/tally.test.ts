import { strict as assert } from "node:assert";
import type { Event } from "../../../../src/agent/event.ts";
import { emptyTally, medianWait, sumOf, Tally, tallyOf, waitText } from "../../../../src/agent/observe/tally.ts";
import { play, step } from "../../../support/play.ts";
import { tellStory } from "../../../support/tell-story.ts";

describe("what was decided, counted", () => {
  it("adds up: every call judged once, every question answered in one way", async () => {
    const { events } = await tellStory({});
    const tally = tallyOf(events);
    const count = (is: (event: Event) => boolean): number => events.filter(is).length;
    assert.equal(
      tally.allowed + tally.asked + tally.denied,
      count(({ type }) => type === "call.judged"),
    );
    assert.equal(
      tally.questions,
      count(({ type }) => type === "approval.asked"),
    );
    const { approved, covered, amended, rejected, unattended, timedOut } = tally;
    assert.equal(approved + covered + amended + rejected + unattended + timedOut, tally.questions);
    assert.equal(tally.waits.length, approved + amended + rejected);
    assert.ok(Tally.safeParse(JSON.parse(JSON.stringify(tally))).success);
  });

  it("names the rules that decided, once per call", async () => {
    const { events } = await play({
      goal: "Fix it",
      test: "check",
      command: () => ({ exit: 0, output: "" }),
      say: (_request, turn) => (turn === 0 ? [["run_command", { line: "npm test && npm run build && cat .env" }]] : "Done."),
    });
    const { rules, asked } = tallyOf(events);
    assert.equal(asked, 1);
    assert.deepEqual([rules["personal:default.command"], rules["personal:default.secret"]], [1, 1]);
  });

  it("tells absence, time-outs and refusals apart", async () => {
    const one = async (resolution: NonNullable<Parameters<typeof play>[0]["decide"]>) =>
      tallyOf(
        (
          await play({
            goal: "Do this and then that",
            say: () => ({ answer: { steps: [step("a")] } }),
            limits: { plans: 1 },
            decide: resolution,
          })
        ).events,
      );
    assert.equal((await one(async () => ({ answer: "reject", why: "No.", unattended: false }))).rejected, 1);
    assert.equal((await one(async () => ({ answer: "reject", why: "No.", unattended: true }))).unattended, 1);
    assert.equal((await one(async () => ({ answer: "timed out" }))).timedOut, 1);
  });

  it("sums over runs, and tells the middle of all waits", () => {
    const [a, b] = [
      { ...emptyTally, approved: 1, waits: [1000, 9000], rules: { "guard:x": 2 } },
      { ...emptyTally, approved: 2, waits: [2000], rules: { "guard:x": 1, "personal:y": 1 } },
    ];
    const sum = sumOf([a, b]);
    assert.deepEqual([sum.approved, sum.rules, medianWait(sum)], [3, { "guard:x": 3, "personal:y": 1 }, 2000]);
    assert.equal(medianWait(a), 5000);
    assert.equal(medianWait(emptyTally), undefined);
    assert.deepEqual([200, 8_400, 180_000, 7_200_000].map(waitText), ["under 1 s", "8 s", "3 min", "2 h"]);
  });
});
