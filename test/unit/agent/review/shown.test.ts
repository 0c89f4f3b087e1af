import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { previewOf } from "../../../../src/agent/edit/preview.ts";
import { hunkCount, reviewFile } from "../../../../src/agent/review/file.ts";
import { hunksOfDiff } from "../../../../src/agent/review/shown.ts";
import { changedText } from "../../../support/texts.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function both(before: string | null, after: string | null) {
  const images = { path: "/w/a", shown: "a", before: before === null ? null : bytes(before), after: after === null ? null : bytes(after) };
  const preview = previewOf([{ ...images, before: images.before && { bytes: images.before, digest: "d", mode: 0o644 } }]);
  assert.ok(preview.kind === "diff");
  return { file: reviewFile(images), shown: hunksOfDiff(preview.files[0]?.diff ?? "") };
}

describe("the hunks a card shows", () => {
  it("are those the engine decides by, whatever the texts", () => {
    fc.assert(
      fc.property(changedText, ([before, after]) => {
        const { file, shown } = both(before, after);
        assert.equal(shown.length, hunkCount(file));
        if (!file.whole)
          assert.deepEqual(
            shown.map(({ from, removed, added }) => [from, removed.length, added.length]),
            file.hunks.map(({ oldFrom, removed, added }) => [oldFrom + 1, removed.length, added.length]),
          );
      }),
    );
  });

  it("lines that look like a diff's header are lines", () => {
    const { file, shown } = both("-- a\nb\nc\n", "b\n++ x\nc\n");
    assert.deepEqual(
      shown.map(({ removed, added }) => [removed, added]),
      file.hunks.map(({ removed, added }) => [removed.map((line) => line.trimEnd()), added.map((line) => line.trimEnd())]),
    );
  });

  it("a new file is one hunk, a deletion, an empty file and a binary one are one decision", () => {
    assert.equal(both(null, "a\nb\n").shown.length, 1);
    assert.deepEqual(both("a\nb\n", null).shown[0]?.removed, ["a", "b"]);
    for (const [before, after] of [
      [null, ""],
      ["\u0000", "\u0000x"],
    ] as const)
      assert.deepEqual(both(before, after).shown, [{ hunk: 0, from: 1, to: 0, removed: [], added: [] }]);
  });
});
