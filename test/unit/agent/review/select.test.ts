import { strict as assert } from "node:assert";
import { hunksBetween } from "../../../../src/agent/edit/hunks.ts";
import { acceptLines } from "../../../../src/agent/review/select.ts";

const hunkOf = (before: string, after: string) => {
  const [hunk] = hunksBetween(before, after);
  assert.ok(hunk);
  return hunk;
};

describe("a hunk narrowed to selected lines", () => {
  const pairs = hunkOf("a\nb\nc\n", "A\nB\nC\n");

  it("where lines were changed one to one, selecting either side takes the pair", () => {
    const expected = { is: "changed", text: "a\nB\nc\n", part: true };
    assert.deepEqual(acceptLines(pairs, { removed: [1, 2], added: [0, 0] }), expected);
    assert.deepEqual(acceptLines(pairs, { removed: [0, 0], added: [1, 2] }), expected);
  });

  it("all of it is the plain acceptance, none of it is nothing", () => {
    assert.deepEqual(acceptLines(pairs, { removed: [0, 3], added: [0, 3] }), { is: "accepted" });
    assert.equal(acceptLines(pairs, { removed: [1, 1], added: [2, 2] }), undefined);
  });

  it("new lines alone stand behind the old ones, which stay", () => {
    const hunk = hunkOf("a\nb\n", "x\ny\nz\n");
    assert.deepEqual(acceptLines(hunk, { removed: [0, 0], added: [1, 2] }), { is: "changed", text: "a\nb\ny\n", part: true });
  });

  it("some of the new lines of an insertion", () => {
    const hunk = hunkOf("a\n", "a\nx\ny\nz\n");
    assert.deepEqual(acceptLines(hunk, { removed: [0, 0], added: [0, 2] }), { is: "changed", text: "x\ny\n", part: true });
  });

  it("a last line without an end gets one where a line follows", () => {
    const hunk = hunkOf("a\nb", "a\nB\nC");
    assert.deepEqual(acceptLines(hunk, { removed: [0, 0], added: [1, 2] }), { is: "changed", text: "b\nC", part: true });
  });
});
