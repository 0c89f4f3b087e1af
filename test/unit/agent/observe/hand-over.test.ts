import { strict as assert } from "node:assert";
import { handOver } from "../../../../src/agent/observe/hand-over.ts";
import { play, type Said, step } from "../../../support/play.ts";
import { tellStory } from "../../../support/tell-story.ts";

const edit = (search: string, replace: string): Said => [["edit_file", { path: "a.txt", blocks: [{ search, replace }] }]];

/** One attempt fails and is undone; the next changes a file and then goes round in circles. */
const stuck = () =>
  play({
    goal: "Make *it* right and `then` stop",
    files: { "a.txt": "n = 0\n" },
    command: () => ({ exit: 1, output: "AssertionError: 0 !== 1" }),
    say: ({ purpose, subject }, turn) => {
      if (purpose === "plan") return { answer: { steps: [step("fix"), step("tell", { needs: ["fix"] })] } };
      if (purpose === "reflect") return { answer: { because: "It is\nnot one.", lesson: "Make it one.", then: "retry" } };
      if (subject.step?.attempt === 1) return turn === 0 ? edit("n = 0", "n = 9") : "Done.";
      return turn === 0 ? edit("n = 0", "n = 2") : [["read_file", { path: "a.txt" }]];
    },
  });

describe("a hand-over", () => {
  it("tells in Markdown what stopped the run, what was tried, what is proved, what lies changed, and what could come next", async () => {
    const { events, state } = await stuck();
    assert.equal(state.fuse?.name, "repeat");
    const told = handOver(events);
    assert.match(told, /^# Hand-over: Make \\\*it\\\* right and \\`then\\` stop\n/);
    const sections = [...told.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(sections, [
      "Where it stands",
      "The plan",
      "What was tried",
      "The last calls",
      "Evidence",
      "Open changes",
      "What could come next",
    ]);
    assert.match(told, /- Ended: fuse, stopped by a fuse \(repeats\)/);
    assert.match(told, /1\. do fix \(not done, attempt 2; done when \\`check\\` exits 0\)\n2\. do tell \(not done, attempt 1/);
    assert.match(
      told,
      /- Plan 1, step `fix`, attempt 1: 2 turns, 1 call, changed `a\.txt`\. Its check failed: It is not one\. Lesson: Make it one\./,
    );
    assert.match(told, /- Plan 1, step `fix`, attempt 2: \d turns, \d calls, changed `a\.txt`\. It did not come to an end\./);
    assert.match(told, /- Stopped by a fuse \(repeats\): Step fix: the same call gave the same result 3 times/);
    assert.match(told, /- `read_file a\.txt`: 1 line/);
    assert.match(told, /- `fix` unverified: nothing was checked/);
    assert.match(told, /## Open changes\n\n- changed `a\.txt`\n/);
    assert.match(told, /2\. Mind the last lesson: Make it one\./);
    assert.match(told, /`proviso resume r --more`/);
  });

  it("names no open change where all was undone, and says so", async () => {
    const { events } = await play({
      files: { "a.txt": "n = 0\n" },
      limits: { attemptsPerStep: 1 },
      command: () => ({ exit: 1, output: "no" }),
      say: ({ purpose }, turn) =>
        purpose === "plan" ? { answer: { steps: [step("fix")] } } : turn === 0 ? edit("n = 0", "n = 9") : "Done.",
    });
    assert.match(handOver(events), /## Open changes\n\nNo file differs/);
  });

  it("can be written of any run at any event, and never breaks out of its lines", async () => {
    const { events } = await tellStory({});
    assert.equal(handOver([]), "");
    for (let upTo = 1; upTo <= events.length; upTo++) {
      for (const line of handOver(events.slice(0, upTo)).split("\n")) assert.match(line, /^(?:#{1,2} |- |\d+\. |$|No file differs)/, line);
    }
  });
});
