import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { applyHunks, hunksBetween } from "../../../../src/agent/edit/hunks.ts";
import { merge, rebase } from "../../../../src/agent/edit/merge.ts";
import { changedText, linesOfText } from "../../../support/texts.ts";

const base = "one\ntwo\nthree\nfour\nfive\n";

describe("merging a proposal into a text that was changed meanwhile", () => {
  const merged: readonly (readonly [name: string, current: string, proposed: string, expected: string])[] = [
    ["changes of different lines", base.replace("one", "ONE"), base.replace("five", "FIVE"), "ONE\ntwo\nthree\nfour\nFIVE\n"],
    ["lines added above", `zero\n${base}`, base.replace("four", "FOUR"), "zero\none\ntwo\nthree\nFOUR\nfive\n"],
    ["lines removed above", base.replace("one\ntwo\n", ""), base.replace("five", "FIVE"), "three\nfour\nFIVE\n"],
    ["changes of neighbouring lines", base.replace("two", "TWO"), base.replace("three", "THREE"), "one\nTWO\nTHREE\nfour\nfive\n"],
    ["the very same change", base.replace("two", "TWO"), base.replace("two", "TWO"), base.replace("two", "TWO")],
    ["nothing changed meanwhile", base, base.replace("two", "TWO"), base.replace("two", "TWO")],
    ["nothing proposed", base.replace("two", "TWO"), base, base.replace("two", "TWO")],
    ["line ends of both are kept", base.replace("one\n", "one\r\n"), base.replace("five\n", "FIVE\n"), "one\r\ntwo\nthree\nfour\nFIVE\n"],
  ];
  for (const [name, current, proposed, expected] of merged) {
    it(`${name}: no conflict`, () => {
      assert.deepEqual(merge(base, current, proposed), { text: expected, conflicts: [] });
    });
  }

  const conflicting: readonly (readonly [name: string, current: string, proposed: string, from: number, lines: readonly string[]])[] = [
    ["both changed a line", base.replace("two", "mine"), base.replace("two", "yours"), 1, ["mine\n"]],
    ["one removed what the other changed", base.replace("two\n", ""), base.replace("two", "yours"), 1, []],
    ["both added at one point", base.replace("two\n", "two\nmine\n"), base.replace("two\n", "two\nyours\n"), 2, ["mine\n"]],
    ["overlapping changes", base.replace("two\nthree", "mine"), base.replace("three\nfour", "yours"), 1, ["mine\n", "four\n"]],
  ];
  for (const [name, current, proposed, from, lines] of conflicting) {
    it(`${name}: a conflict, and the current text stays`, () => {
      const result = merge(base, current, proposed);
      assert.equal(result.text, current);
      assert.deepEqual(
        result.conflicts.map((conflict) => ({ from: conflict.from, current: conflict.current })),
        [{ from, current: lines }],
      );
    });
  }

  it("hunks that do not conflict are applied although others do", () => {
    const current = base.replace("one", "mine");
    const { hunks, conflicts } = rebase(hunksBetween(base, base.replace("one", "yours").replace("five", "FIVE")), base, current);
    assert.equal(applyHunks(current, hunks), current.replace("five", "FIVE"));
    assert.equal(conflicts.length, 1);
  });

  it("what is there already is said to be", () => {
    const { hunks, already } = rebase(hunksBetween(base, base.replace("one", "ONE")), base, base.replace("one", "ONE"));
    assert.equal(hunks.length, 0);
    assert.equal(already.length, 1);
  });

  it("never drops a line that a person added", () => {
    const three = changedText.chain(([before, after]) =>
      fc.tuple(fc.constant(before), fc.constant(after), fc.array(fc.tuple(fc.nat(20), fc.nat(2)), { maxLength: 4 })),
    );
    fc.assert(
      fc.property(three, ([before, proposed, edits]) => {
        const lines = before.split(/(?<=\n)/);
        for (const [number, [at, removed]] of edits.entries()) lines.splice(Math.min(at, lines.length), removed, `person ${number}\n`);
        const current = lines.join("");
        const { text } = merge(before, current, proposed);
        for (const line of current.match(/person \d\n/g) ?? [])
          assert.ok(text.includes(line), JSON.stringify({ before, current, proposed, text }));
      }),
      { numRuns: 1500 },
    );
  });

  it("gives the proposal where nothing was changed, and the current text where nothing was proposed", () => {
    fc.assert(
      fc.property(changedText, linesOfText, ([before, after], other) => {
        assert.deepEqual(merge(before, before, after), { text: after, conflicts: [] });
        const current = other.join("");
        assert.deepEqual(merge(before, current, before), { text: current, conflicts: [] });
        assert.deepEqual(merge(before, after, after), { text: after, conflicts: [] });
      }),
      { numRuns: 500 },
    );
  });
});
