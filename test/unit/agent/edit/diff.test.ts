import { strict as assert } from "node:assert";
import { applyPatch as applyByLibrary } from "diff";
import * as fc from "fast-check";
import { unifiedDiff } from "../../../../src/agent/edit/diff.ts";
import { applyPatch } from "../../../../src/agent/edit/patch.ts";
import { changedText } from "../../../support/texts.ts";

describe("unified diffs", () => {
  it("show what changes with three lines of context, and count it", () => {
    const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    const after = before.replace("5\n", "five\nfive and a half\n");
    assert.deepEqual(unifiedDiff("dir/f", before, after), {
      diff: "--- a/dir/f\n+++ b/dir/f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+five and a half\n 6\n 7\n 8\n",
      added: 2,
      removed: 1,
    });
  });

  it("join changes whose context meets, and part the others", () => {
    const before = Array.from({ length: 30 }, (_, at) => `${at + 1}\n`).join("");
    const near = unifiedDiff("f", before, before.replace("\n5\n", "\nfive\n").replace("\n12\n", "\ntwelve\n"));
    assert.equal(near.diff.match(/^@@/gm)?.length, 1);
    const far = unifiedDiff("f", before, before.replace("\n5\n", "\nfive\n").replace("\n13\n", "\nthirteen\n"));
    assert.equal(far.diff.match(/^@@/gm)?.length, 2);
  });

  const whole: readonly (readonly [name: string, before: string | undefined, after: string | undefined, diff: string])[] = [
    ["no change", "a\n", "a\n", ""],
    ["a new file", undefined, "a\n", "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+a\n"],
    ["a new empty file", undefined, "", "--- /dev/null\n+++ b/f\n"],
    ["a deleted file", "a\nb\n", undefined, "--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"],
    ["a final line end that goes", "a\n", "a", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"],
    ["a line end that changes", "a\r\n", "a\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\r\n+a\n"],
  ];
  for (const [name, before, after, diff] of whole) {
    it(`of ${name}`, () => assert.equal(unifiedDiff("f", before, after).diff, diff));
  }

  it("lead from the old text to the new one, read by us and read by another library", () => {
    fc.assert(
      fc.property(changedText, ([before, after]) => {
        const { diff, added, removed } = unifiedDiff("f", before, after);
        if (diff === "") return assert.equal(before, after);
        assert.equal(applyByLibrary(before, diff, { autoConvertLineEndings: false }), after);
        const ours = applyPatch(new Map([["f", before]]), diff);
        assert.deepEqual(ours.ok && ours.value, {
          ok: true,
          changes: [{ kind: "modify", path: "f", text: after }],
          applied: diff.match(/^@@/gm)?.length,
          failed: [],
        });
        assert.equal(diff.match(/^\+(?!\+\+ )/gm)?.length ?? 0, added);
        assert.equal(diff.match(/^-(?!-- )/gm)?.length ?? 0, removed);
      }),
      { numRuns: 1000 },
    );
  });
});
