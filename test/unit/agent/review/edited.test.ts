import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { compose } from "../../../../src/agent/review/compose.ts";
import type { HunkAnswer } from "../../../../src/agent/review/decision.ts";
import { decisionsFrom } from "../../../../src/agent/review/edited.ts";
import { reviewFile } from "../../../../src/agent/review/file.ts";
import { changedText } from "../../../support/texts.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const after = "ONE\ntwo\nthree\nFOUR\nfive\nsix\nSEVEN\n";
const file = reviewFile({ path: "/w/a.ts", shown: "a.ts", before: bytes(before), after: bytes(after) });
const all = [0, 1, 2];

describe("a proposal edited as a whole", () => {
  it("says of each hunk what became of it", () => {
    const edited = after.replace("FOUR\n", "four and more\n");
    assert.deepEqual(
      [...decisionsFrom(file, edited, all)],
      [
        [0, null],
        [1, { is: "changed", text: "four and more\n" }],
        [2, null],
      ],
    );
  });

  it("a hunk put back as it was is rejected", () => {
    assert.deepEqual(decisionsFrom(file, after.replace("FOUR", "four"), all).get(1), { is: "rejected" });
  });

  it("a change beside every hunk belongs to the nearest", () => {
    assert.deepEqual(decisionsFrom(file, after.replace("two", "TWO"), all).get(0), { is: "changed", text: "ONE\nTWO\n", from: 0, to: 2 });
  });

  it("one change over two hunks joins them", () => {
    const decisions = decisionsFrom(file, "ONE\ntwo\nthree\nall of it\n", all);
    assert.deepEqual(decisions.get(1), { is: "changed", text: "all of it\n", from: 3, to: 7 });
    assert.deepEqual(decisions.get(2), { is: "joined", with: 1 });
  });

  it("whatever stands in the edited text is what is written", () => {
    fc.assert(
      fc.property(changedText, changedText, ([old, proposed], [, edited]) => {
        const whole = reviewFile({ path: "/w/a.ts", shown: "a.ts", before: bytes(old), after: bytes(proposed) });
        fc.pre(whole.hunks.length > 0 && !edited.includes("\r") && !old.includes("\r") && !proposed.includes("\r"));
        const numbers = whole.hunks.map((_, hunk) => hunk);
        const answers = [...decisionsFrom(whole, edited, numbers)].map(
          ([hunk, decision]): HunkAnswer => ({ file: "a.ts", hunk, decision: decision ?? { is: "accepted" } }),
        );
        const composed = compose(whole, answers, bytes(old));
        assert.ok(composed.ok && composed.value.is !== "conflict");
        const holds =
          composed.value.is === "written" && composed.value.after
            ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(composed.value.after)
            : old;
        assert.equal(holds, edited);
      }),
    );
  });
});
