import { strict as assert } from "node:assert";
import fc from "fast-check";
import { detectLoop, type Effort, idleTurns, repeats, rounds, sameErrors, type Try } from "../../../../src/agent/fuse/detect.ts";

const of = (keys: string) => [...keys].map((key) => ({ key }));

describe("fuses", () => {
  it("stay whole while every call brings something new", () => {
    assert.equal(detectLoop([]), undefined);
    assert.equal(detectLoop(of("abcdefghijklmnop")), undefined);
  });

  it("blow when the same call gives the same result three times running", () => {
    assert.equal(detectLoop(of("abb")), undefined);
    assert.deepEqual(detectLoop(of("abbb"))?.kind, "repeat");
  });

  it("do not count equal calls with unknown calls between them", () => {
    assert.equal(detectLoop(of("axaya")), undefined);
  });

  it("count equal calls apart from each other when nothing between them made progress", () => {
    const idle = of("axaya").map((entry) => ({ ...entry, progress: false }));
    assert.equal(detectLoop(idle)?.kind, "repeat");
  });

  it("start counting anew after a change", () => {
    const history = "ta1ta2ta3t".split("").map((key) => ({ key, progress: /\d/.test(key) }));
    assert.equal(detectLoop(history), undefined);
  });

  for (const round of ["ab", "abc", "abcd", "abcde", "abcdef"]) {
    it(`blow on a round of ${round.length} calls run three times over, and not before`, () => {
      const found = detectLoop(of(`xyz${round.repeat(3)}`));
      assert.deepEqual({ kind: found?.kind, length: found?.length }, { kind: "cycle", length: round.length });
      assert.equal(detectLoop(of(`xyz${round.repeat(2)}${round.slice(0, -1)}`)), undefined);
    });
  }

  it("see a cycle whose round holds the same call twice", () => {
    assert.equal(detectLoop(of("aabaabaab"))?.length, 3);
  });

  it("let longer rounds pass: beyond six the turn limit decides", () => {
    assert.equal(detectLoop(of("abcdefg".repeat(3))), undefined);
  });

  it("explain themselves in one sentence", () => {
    assert.match(detectLoop(of("aaa"))?.diagnosis ?? "", /^[^.]+\.$/);
  });

  it("blow as often as they are told to, and tell how near they are before", () => {
    assert.equal(detectLoop(of("aaaa"), 5), undefined);
    assert.equal(detectLoop(of("aaaaa"), 5)?.kind, "repeat");
    assert.equal(repeats(of("abb")), 2);
    assert.deepEqual(rounds(of("xabab")), { length: 2, times: 2 });
  });

  it("never blow while every call or its result is a new one", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.boolean(), { nil: undefined }), { maxLength: 60 }), (progress) => {
        const history = progress.map((made, i) => ({ key: `k${i}`, ...(made === undefined ? {} : { progress: made }) }));
        assert.equal(detectLoop(history), undefined);
      }),
    );
  });

  it("always blow on a round of up to six calls within three of it, whatever came before", () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.string()), keys, (before, round) => {
        assert.notEqual(detectLoop(keyed([...before, ...round, ...round, ...round])), undefined);
      }),
    );
  });
});

const keyed = (keys: readonly string[]) => keys.map((key) => ({ key }));

const nothing: Effort = { changes: [], checks: [], found: [], heard: false };
const change = (path: string, before: string, after: string, by?: string): Effort => ({
  ...nothing,
  changes: [{ path, before, after, ...(by === undefined ? {} : { by }) }],
});
const check = (failed: number | undefined): Effort => ({ ...nothing, checks: [{ of: "npm test", failed }] });

describe("standing still", () => {
  it("is counted in turns since something was brought", () => {
    assert.equal(idleTurns([]), 0);
    assert.equal(idleTurns([nothing, nothing]), 2);
    assert.equal(idleTurns([nothing, change("a", "1", "2"), nothing]), 1);
    assert.equal(idleTurns([nothing, { ...nothing, heard: true }, nothing]), 1);
  });

  it("is not ended by a file that goes back and forth between what it was", () => {
    assert.equal(idleTurns([change("a", "1", "2"), change("a", "2", "1"), change("a", "1", "2"), change("a", "2", "1")]), 3);
    assert.equal(idleTurns([change("a", "1", "2"), change("a", "2", "3"), change("a", "3", "4")]), 0);
  });

  it("is not ended by a command that writes its log anew, but by one that changes files for the first time", () => {
    const log = (after: string): Effort => change("log", "", after, "npm test");
    assert.equal(idleTurns([log("1"), log("2"), log("3")]), 2);
    assert.equal(idleTurns([change("a", "1", "2", "sed -i one"), change("a", "2", "3", "sed -i two")]), 0);
  });

  it("is ended by a check that got better, and by no other", () => {
    assert.equal(idleTurns([check(3), check(3), check(4)]), 3);
    assert.equal(idleTurns([check(3), check(2)]), 0);
    assert.equal(idleTurns([check(3), check(2), check(3), check(2)]), 2);
    assert.equal(idleTurns([check(undefined), check(0)]), 0);
    assert.equal(idleTurns([check(0), check(0)]), 2);
  });

  it("is not counted while looking finds something new", () => {
    const found = (...what: string[]): Effort => ({ ...nothing, found: what });
    assert.equal(idleTurns([found("a"), found("b"), found("c")]), 0);
    assert.equal(idleTurns([found("a"), found("a"), found("a")]), 2);
  });

  it("never reaches the number of turns since the last one that brought something, and always does where none did", () => {
    const idle = fc.constantFrom(nothing, change("a", "1", "1"));
    fc.assert(
      fc.property(fc.array(idle, { maxLength: 30 }), fc.array(idle, { maxLength: 30 }), (before, after) => {
        assert.equal(idleTurns([...before, change("new", "", "x"), ...after]), after.length);
        assert.equal(idleTurns(before), before.length);
      }),
    );
  });

  it("never is where each turn gives some file a content it never had", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 }), (paths) => {
        assert.equal(idleTurns(paths.map((path, i) => change(path, `v${i}`, `v${i + 1}`))), 0);
      }),
    );
  });
});

describe("the same error", () => {
  const tries = (...what: readonly (readonly [of: string, error?: string])[]): readonly Try[] =>
    what.map(([of, error], turn) => ({ turn, of, error }));

  it("is counted however the tries differ, and whatever works meanwhile", () => {
    assert.equal(sameErrors(tries()), 0);
    assert.equal(sameErrors(tries(["npm test", "E"], ["edit_file"], ["npx vitest", "E"], ["read_file"], ["npm test", "E"])), 3);
  });

  it("is over once the same thing works, or fails in another way", () => {
    assert.equal(sameErrors(tries(["npm test", "E"], ["npm test", "E"], ["npm test"])), 0);
    assert.equal(sameErrors(tries(["npm test", "E"], ["npm test", "E"], ["npm test", "F"])), 1);
    assert.equal(sameErrors(tries(["npm test", "E"], ["npm test", "F"], ["npm test", "E"])), 1);
    assert.equal(sameErrors(tries(["edit_file", "E"], ["edit_file"], ["edit_file", "E"])), 1);
  });

  it("counts tries made at once as one", () => {
    assert.equal(sameErrors([1, 1, 1, 2].map((turn) => ({ turn, of: "read_file", error: "missing" }))), 2);
  });

  it("is never counted beyond one while every failure is another one, and always in full where all are the same", () => {
    const of = fc.constantFrom("a", "b");
    fc.assert(
      fc.property(fc.array(of, { minLength: 1, maxLength: 40 }), (all) => {
        assert.equal(sameErrors(all.map((one, turn) => ({ turn, of: one, error: `E${turn}` }))), 1);
        assert.equal(sameErrors(all.map((one, turn) => ({ turn, of: one, error: "E" }))), all.length);
      }),
    );
  });
});
