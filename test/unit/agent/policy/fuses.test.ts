import { strict as assert } from "node:assert";
import { detectLoop } from "../../../../src/agent/policy/fuses.ts";

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
});
