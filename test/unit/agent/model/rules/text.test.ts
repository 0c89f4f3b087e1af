import { strict as assert } from "node:assert";
import fc from "fast-check";
import { applyBlocks } from "../../../../../src/agent/edit/blocks.ts";
import { applyEdits, lineStarts, type TextEdit, toBlocks, toSpan } from "../../../../../src/agent/model/rules/text.ts";

/** A text of few different lines, so that lines repeat, and edits that lie apart in it. */
const textAndEdits = fc
  .array(fc.constantFrom("a = 1", "b(a)", "", "  return a", "}", "x"), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.map((line) => `${line}\n`).join(""))
  .chain((text) =>
    fc
      .array(fc.tuple(fc.nat(text.length - 1), fc.nat(3), fc.constantFrom("", "Z", "Q\nR", "\n")), { minLength: 1, maxLength: 4 })
      .map((raw) => {
        const edits: TextEdit[] = [];
        for (const [start, length, put] of raw.sort((a, b) => a[0] - b[0])) {
          const end = Math.min(text.length, start + length);
          if (start > (edits.at(-1)?.end ?? -1) && (end > start || put !== "")) edits.push({ start, end, text: put });
        }
        return { text, edits };
      }),
  );

describe("text edits", () => {
  it("written as blocks make the same text as applied directly", () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        const wanted = applyEdits(text, edits);
        if (wanted === text || text.trim() === "") return;
        const blocks = toBlocks(text, edits).filter(({ search, replace }) => search !== replace);
        const outcome = applyBlocks(text, blocks);
        assert.deepEqual(outcome.failed, []);
        assert.equal(outcome.text, wanted);
      }),
    );
  });

  it("become spans of lines and columns", () => {
    const text = "one\ntwo\n\nfour\n";
    const starts = lineStarts(text);
    assert.deepEqual(toSpan(starts, { start: 0, end: 3 }), [1, 0, 1, 3]);
    assert.deepEqual(toSpan(starts, { start: 4, end: 9 }), [2, 0, 4, 0]);
    assert.deepEqual(toSpan(starts, { start: text.length, end: text.length }), [5, 0, 5, 0]);
  });

  it("widen a block until what it looks for is unique", () => {
    const text = "a {\n  x();\n}\nb {\n  x();\n}\n";
    const at = text.lastIndexOf("x()");
    const [block] = toBlocks(text, [{ start: at, end: at + 1, text: "y" }]);
    assert.equal(text.split(block?.search ?? "").length, 2);
    assert.ok(block?.replace.includes("y();"));
  });
});
