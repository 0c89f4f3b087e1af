import { strict as assert } from "node:assert";
import type { ApprovalRequest } from "../../../../src/agent/approval.ts";
import type { Person } from "../../../../src/agent/world.ts";
import { terminalPerson } from "../../../../src/cli/terminal/person.ts";
import { key, type Seat, seat, settled } from "../../../support/seat.ts";

const never = new AbortController().signal;

function sit(): Seat & { readonly person: Person; answer(text: string): Promise<void> } {
  const here = seat();
  const person = terminalPerson({
    terminal: here.terminal,
    env: {},
    now: here.now,
    patienceMs: () => undefined,
    facts: () => ({ sandbox: { active: true, reason: "bubblewrap" }, usdLimit: 5 }),
    offers: async () => [],
    grant: () => undefined,
  });
  const answer = async (text: string): Promise<void> => {
    await settled();
    here.wait(1000);
    await here.type(text);
    await settled();
  };
  return { ...here, person, answer };
}

const three: ApprovalRequest = {
  subject: { of: "call", call: "fix.1.0.1" },
  digest: "d2",
  title: "Change src/add.js?",
  tool: "edit_file",
  input: { path: "src/add.js" },
  risk: { effects: ["write"], paths: ["src/add.js"], reversible: true },
  spend: { requests: 3, inputTokens: 1200, outputTokens: 300, usd: 0.02, unpriced: 0 },
  touches: [{ path: "/w/src/add.js", shown: "src/add.js", before: "a", after: "b" }],
  preview: {
    kind: "diff",
    files: [
      {
        path: "src/add.js",
        diff: "--- a/src/add.js\n+++ b/src/add.js\n@@ -1,7 +1,7 @@\n-one\n+ONE\n two\n three\n-four\n+FOUR\n five\n six\n-seven\n+SEVEN\n",
        added: 3,
        removed: 3,
      },
    ],
  },
};

describe("a change decided hunk by hunk at the terminal", () => {
  it("each hunk is shown by itself and answered by a key, with reasons, comments and the person's own text", async () => {
    const here = sit();
    const decided = here.person.decide(three, never);
    await here.answer("h");
    assert.match(here.screen.text, /line 1 {2}hunk 1 of 3/);
    await here.answer("c");
    await here.type("good", key.enter);
    await here.answer("y");
    assert.match(here.screen.text, /line 4 {2}hunk 2 of 3/);
    await here.answer("n");
    await here.type("keep four", key.enter);
    await here.answer("e");
    await here.type(key.clear, "Seven", key.enter);
    assert.deepEqual(await decided, {
      answer: "approve",
      digest: "d2",
      by: "person",
      hunks: [
        { file: "src/add.js", hunk: 0, decision: { is: "accepted" }, comment: "good" },
        { file: "src/add.js", hunk: 1, decision: { is: "rejected", why: "keep four" } },
        { file: "src/add.js", hunk: 2, decision: { is: "changed", text: "Seven\n" } },
      ],
    });
  });

  it("one key answers for the rest", async () => {
    const here = sit();
    const decided = here.person.decide(three, never);
    await here.answer("h");
    await here.answer("y");
    await here.answer("d");
    const resolution = await decided;
    assert.deepEqual(resolution.answer === "approve" && resolution.hunks?.map(({ decision }) => decision?.is), [
      "accepted",
      "rejected",
      "rejected",
    ]);
  });

  it("nothing accepted is a rejection with the reasons given", async () => {
    const here = sit();
    const decided = here.person.decide(three, never);
    await here.answer("h");
    await here.answer("n");
    await here.type("not now", key.enter);
    await here.answer("d");
    assert.deepEqual(await decided, { answer: "reject", why: "not now", unattended: false });
  });

  it("stepping back decides nothing, and what shows no hunks offers none", async () => {
    const here = sit();
    const decided = here.person.decide(three, never);
    await here.answer("h");
    await here.answer("y");
    await here.answer(key.escape);
    await here.answer("y");
    assert.deepEqual(await decided, { answer: "approve", digest: "d2", by: "person" });
    const plain = sit();
    const waiting = plain.person.decide({ ...three, touches: undefined }, never);
    await plain.answer("h");
    assert.doesNotMatch(plain.screen.text, /hunk by hunk/);
    await plain.answer("y");
    await waiting;
  });
});
