// Agreeing to a hunk that meets the person's own lines: by who sees them, to what is shown.

import { strict as assert } from "node:assert";
import { seeing, unseeing } from "../../../../src/agent/review/agree.ts";
import type { HunkDecision } from "../../../../src/agent/review/decision.ts";
import type { Placed } from "../../../../src/agent/review/place.ts";

const placed = (standing: Placed["standing"], decision: HunkDecision | null): Placed => ({
  hunk: 0,
  standing,
  at: { oldFrom: 0, oldTo: 1, newFrom: 0, newTo: 1, removed: ["mine\n"], added: ["theirs\n"] },
  answer: { file: "a.txt", hunk: 0, decision },
});
const typed: HunkDecision = { is: "changed", text: "typed\n" };

describe("a decision about a hunk that meets lines of the person", () => {
  it("names the lines it may replace, when it is made where they are seen", () => {
    assert.deepEqual(seeing({ is: "accepted" }, placed("conflict", null)), { is: "accepted", over: "mine\n" });
    assert.deepEqual(seeing(typed, placed("conflict", null)), { ...typed, over: "mine\n" });
  });

  it("takes what is shown: words the person had typed for it stay", () => {
    assert.deepEqual(seeing({ is: "accepted" }, placed("conflict", typed)), { ...typed, over: "mine\n" });
  });

  it("says nothing of them where there are none, or where the hunk is rejected or open", () => {
    assert.deepEqual(seeing({ is: "accepted" }, placed("fits", typed)), { is: "accepted" });
    assert.deepEqual(seeing({ is: "rejected" }, placed("conflict", null)), { is: "rejected" });
    assert.equal(seeing(null, placed("conflict", typed)), null);
  });

  it("agrees to nothing where they are not shown, and takes nothing back that was agreed", () => {
    assert.deepEqual(unseeing(typed, null), typed);
    assert.deepEqual(unseeing(typed, { is: "accepted", over: "mine\n" }), { ...typed, over: "mine\n" });
    assert.deepEqual(unseeing({ is: "rejected" }, { is: "accepted", over: "mine\n" }), { is: "rejected" });
  });
});
