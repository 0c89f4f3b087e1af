import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { compose } from "../../../../src/agent/review/compose.ts";
import type { HunkAnswer, HunkDecision } from "../../../../src/agent/review/decision.ts";
import { hunkCount, type ReviewFile, reviewFile } from "../../../../src/agent/review/file.ts";
import { placeHunks } from "../../../../src/agent/review/place.ts";
import { changedText } from "../../../support/texts.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (before: string | null, after: string | null): ReviewFile =>
  reviewFile({
    path: "/w/a.ts",
    shown: "a.ts",
    before: before === null ? null : bytes(before),
    after: after === null ? null : bytes(after),
  });
const say = (hunk: number, decision: HunkDecision | null): HunkAnswer => ({ file: "a.ts", hunk, decision });
const all = (of: ReviewFile, decision: HunkDecision): HunkAnswer[] =>
  Array.from({ length: hunkCount(of) }, (_, hunk) => say(hunk, decision));

/** The text that would be written onto `current`; "left" where nothing would, or the hunks in conflict. */
function outcome(
  of: ReviewFile,
  answers: readonly HunkAnswer[],
  current: string | null,
): string | null | { readonly conflict: readonly number[] } {
  const composed = compose(of, answers, current === null ? null : bytes(current));
  assert.ok(composed.ok);
  if (composed.value.is === "left") return "left";
  if (composed.value.is === "conflict") return { conflict: composed.value.hunks };
  return composed.value.after && new TextDecoder("utf-8", { ignoreBOM: true }).decode(composed.value.after);
}

const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const after = "ONE\ntwo\nthree\nFOUR\nfive\nsix\nSEVEN\n";
const three = file(before, after);

describe("a file whose hunks are decided one by one", () => {
  it("holds exactly what was accepted, changed and rejected", () => {
    const answers = [say(0, { is: "accepted" }), say(1, { is: "rejected", why: "no" }), say(2, { is: "changed", text: "Sieben\n" })];
    assert.equal(outcome(three, answers, before), "ONE\ntwo\nthree\nfour\nfive\nsix\nSieben\n");
  });

  it("is left alone where nothing is accepted, or nothing is decided", () => {
    assert.equal(outcome(three, all(three, { is: "rejected" }), before), "left");
    assert.equal(outcome(three, [], before), "left");
  });

  it("keeps what the person typed elsewhere meanwhile", () => {
    const typed = before.replace("two\n", "two\nmine\n");
    assert.equal(outcome(three, all(three, { is: "accepted" }), typed), after.replace("two\n", "two\nmine\n"));
  });

  it("does not write onto lines the person changed meanwhile until the person has seen them", () => {
    const typed = before.replace("four", "mine");
    assert.deepEqual(outcome(three, all(three, { is: "accepted" }), typed), { conflict: [1] });
    assert.equal(outcome(three, [say(0, { is: "accepted" }), say(1, { is: "rejected" })], typed), typed.replace("one", "ONE"));
    assert.equal(outcome(three, [say(1, { is: "accepted", over: "mine\n" })], typed), typed.replace("mine", "FOUR"));
    assert.deepEqual(outcome(three, [say(1, { is: "accepted", over: "other\n" })], typed), { conflict: [1] });
  });

  it("a hunk that is there already needs nothing", () => {
    assert.equal(outcome(three, [say(0, { is: "accepted" })], before.replace("one", "ONE")), "left");
  });

  it("a changed hunk takes on the line ends around it and never swallows the next line", () => {
    const windows = file("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n");
    assert.equal(outcome(windows, [say(0, { is: "changed", text: "x\ny" })], "a\r\nb\r\nc\r\n"), "a\r\nx\r\ny\r\nc\r\n");
    const open = file("a\nb", "a\nB");
    assert.equal(outcome(open, [say(0, { is: "changed", text: "x" })], "a\nb"), "a\nx");
  });

  it("keeps the byte order mark and the encoding", () => {
    const marked = reviewFile({ path: "/w/a.ts", shown: "a.ts", before: bytes("\uFEFFa\nb\nc\nd\n"), after: bytes("\uFEFFA\nb\nc\nD\n") });
    const composed = compose(marked, [say(0, { is: "accepted" })], bytes("\uFEFFa\nb\nc\nd\n"));
    assert.ok(composed.ok && composed.value.is === "written" && composed.value.after);
    assert.deepEqual(composed.value.after, bytes("\uFEFFA\nb\nc\nd\n"));
  });

  it("a deletion, a binary file and a file without lines are decided whole", () => {
    const gone = file(before, null);
    assert.equal(hunkCount(gone), 1);
    assert.equal(outcome(gone, [say(0, { is: "accepted" })], before), null);
    assert.equal(outcome(gone, [say(0, { is: "rejected" })], before), "left");
    assert.deepEqual(outcome(gone, [say(0, { is: "accepted" })], `${before}mine\n`), { conflict: [0] });
    assert.equal(outcome(file(null, ""), [say(0, { is: "accepted" })], null), "");
    const picture = reviewFile({ path: "/w/p", shown: "a.ts", before: null, after: new Uint8Array([0, 1, 2]) });
    assert.equal(picture.whole && picture.binary, true);
  });

  it("a new file is created, changed first, or not created", () => {
    const fresh = file(null, "a\nb\n");
    assert.equal(outcome(fresh, [say(0, { is: "accepted" })], null), "a\nb\n");
    assert.equal(outcome(fresh, [say(0, { is: "changed", text: "a\n" })], null), "a\n");
    assert.equal(outcome(fresh, [say(0, { is: "rejected" })], null), "left");
    assert.deepEqual(outcome(fresh, [say(0, { is: "accepted" })], "mine\n"), { conflict: [0] });
  });

  it("is the same in whatever order the hunks are accepted, step by step", () => {
    fc.assert(
      fc.property(changedText, fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }), ([old, proposed], keys) => {
        const whole = file(old, proposed);
        const answers = all(whole, { is: "accepted" });
        const shuffled = answers.map((answer, i) => ({ answer, key: keys[i] ?? 0 })).sort((a, b) => a.key - b.key);
        const expected = old === proposed ? "left" : proposed;
        assert.equal(
          outcome(
            whole,
            shuffled.map(({ answer }) => answer),
            old,
          ),
          expected,
        );
        const half = shuffled.slice(0, Math.floor(shuffled.length / 2)).map(({ answer }) => answer);
        assert.equal(outcome(whole, half, old), outcome(whole, half.toReversed(), old));
      }),
    );
  });

  it("rejecting everything leaves the bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (old, proposed) => {
        const whole = reviewFile({ path: "/w/a", shown: "a.ts", before: old, after: proposed });
        const composed = compose(whole, all(whole, { is: "rejected" }), old);
        assert.deepEqual(composed, { ok: true, value: { is: "left" } });
      }),
    );
  });

  it("accepting everything gives the proposed bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (old, proposed) => {
        const whole = reviewFile({ path: "/w/a", shown: "a.ts", before: old, after: proposed });
        const composed = compose(whole, all(whole, { is: "accepted" }), old);
        assert.ok(composed.ok);
        const holds = composed.value.is === "written" ? composed.value.after : old;
        assert.deepEqual(Buffer.from(holds ?? []), Buffer.from(proposed));
      }),
    );
  });

  it("no line the person typed meanwhile is ever lost without a word", () => {
    fc.assert(
      fc.property(changedText, fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), ([old, proposed], at) => {
        const lines = old.split("\n");
        for (const [i, place] of at.entries()) lines.splice(place % (lines.length + 1), 0, `typed ${i}`);
        const current = lines.join("\n");
        const result = outcome(file(old, proposed), all(file(old, proposed), { is: "accepted" }), current);
        if (typeof result === "string" && result !== "left") for (const i of at.keys()) assert.match(result, new RegExp(`typed ${i}`));
      }),
    );
  });
});

describe("where hunks stand", () => {
  it("a hunk that meets what the person typed shows both", () => {
    const typed = before.replace("four", "mine");
    const placed = placeHunks(three, [], typed);
    assert.deepEqual(
      placed.map(({ hunk, standing }) => [hunk, standing]),
      [
        [0, "fits"],
        [1, "conflict"],
        [2, "fits"],
      ],
    );
    assert.deepEqual([placed[1]?.at.removed, placed[1]?.at.added], [["mine\n"], ["FOUR\n"]]);
  });
});
