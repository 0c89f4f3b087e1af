import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { applyHunks, hunksBetween, narrowHunk } from "../../../../src/agent/edit/hunks.ts";
import { changedText } from "../../../support/texts.ts";

const numbered = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

describe("hunks of a change", () => {
  it("all of them give the new text, none give the old one", () => {
    fc.assert(
      fc.property(changedText, ([before, after]) => {
        const hunks = hunksBetween(before, after);
        assert.equal(applyHunks(before, hunks), after);
        assert.equal(applyHunks(before, []), before);
      }),
      { numRuns: 1000 },
    );
  });

  it("any choice of them gives the same text in whatever order it is applied", () => {
    const chosen = changedText.chain((change) => {
      const hunks = hunksBetween(...change);
      return fc.tuple(fc.constant(change[0]), fc.shuffledSubarray([...hunks]));
    });
    fc.assert(
      fc.property(chosen, ([before, some]) => {
        const inOrder = some.toSorted((a, b) => a.oldFrom - b.oldFrom);
        assert.equal(applyHunks(before, some), applyHunks(before, inOrder));
      }),
      { numRuns: 1000 },
    );
  });

  it("accepting them one at a time ends at the new text too", () => {
    fc.assert(
      fc.property(changedText, fc.infiniteStream(fc.nat()), ([before, after], picks) => {
        let text = before;
        for (const pick of picks) {
          const left = hunksBetween(text, after);
          const next = left[pick % Math.max(1, left.length)];
          if (!next) break;
          text = applyHunks(text, [next]);
        }
        assert.equal(text, after);
      }),
      { numRuns: 300 },
    );
  });

  it("hunks never touch each other", () => {
    fc.assert(
      fc.property(changedText, ([before, after]) => {
        const hunks = hunksBetween(before, after);
        for (const [at, hunk] of hunks.entries()) assert.ok(at === 0 || hunk.oldFrom > (hunks[at - 1]?.oldTo ?? 0));
      }),
      { numRuns: 500 },
    );
  });

  it("a single hunk can be applied with other lines than were proposed", () => {
    const before = numbered(9);
    const [first, second] = hunksBetween(before, before.replace("line 2\n", "two\n").replace("line 8\n", "eight\n"));
    assert.ok(first && second);
    assert.equal(applyHunks(before, [{ ...first, added: ["mine\n", "too\n"] }]), before.replace("line 2\n", "mine\ntoo\n"));
  });

  it("a hunk can be narrowed to some of its lines", () => {
    const [hunk] = hunksBetween("a\nb\nc\n", "A\nB\nC\n");
    assert.ok(hunk);
    assert.equal(applyHunks("a\nb\nc\n", [narrowHunk(hunk, [1, 2], [1, 2])]), "a\nB\nc\n");
    assert.equal(applyHunks("a\nb\nc\n", [narrowHunk(hunk, [0, 0], [0, 1])]), "A\na\nb\nc\n");
  });

  it("a text of more lines than a call takes arguments is a text like any other", () => {
    const lines = Array.from({ length: 300_000 }, (_, at) => `line ${at}\n`);
    const before = lines.join("");
    const after = lines.with(7, "seven\n").with(299_990, "late\n").join("");
    assert.equal(applyHunks(before, hunksBetween(before, after)), after);
  });

  it("a hunk made for another text is a mistake of the caller", () => {
    const [hunk] = hunksBetween("a\n", "b\n");
    assert.ok(hunk);
    assert.throws(() => applyHunks("z\n", [hunk]), /made for another text/);
    assert.throws(() => applyHunks("a\n", [hunk, hunk]), /two hunks change line 1/);
  });

  it("the same change always has the same hunks, however large it is", () => {
    const before = Array.from({ length: 4000 }, (_, at) => `old ${at % 7}\n`).join("");
    const after = Array.from({ length: 4000 }, (_, at) => `new ${at % 5}\n`).join("");
    const hunks = hunksBetween(before, after);
    assert.equal(applyHunks(before, hunks), after);
    assert.deepEqual(hunksBetween(before, after), hunks);
  });

  it("a text of two hundred edits in twenty thousand lines has two hundred hunks", () => {
    const before = numbered(20_000);
    const lines = before.split("\n");
    for (let at = 0; at < 200; at++) lines[at * 97 + 11] = `changed ${at}`;
    const hunks = hunksBetween(before, lines.join("\n"));
    assert.equal(hunks.length, 200);
    assert.ok(hunks.every(({ removed, added }) => removed.length === 1 && added.length === 1));
  });
});
