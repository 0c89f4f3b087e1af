import { strict as assert } from "node:assert";
import { applyBlocks } from "../../../../src/agent/edit/blocks.ts";
import type { BlockCase } from "./cases/block-case.ts";
import { exact, order } from "./cases/exact.ts";
import { odd, slips } from "./cases/hard.ts";
import { anchored, letters } from "./cases/letters.ts";
import { lineEnds } from "./cases/line-ends.ts";
import { refused } from "./cases/refused.ts";
import { indentation, whiteSpace } from "./cases/white-space.ts";

const tables: Readonly<Record<string, readonly BlockCase[]>> = {
  "finds exact text": exact,
  "does not mind the order of blocks": order,
  "keeps line ends and byte order marks": lineEnds,
  "overlooks white space at line ends": whiteSpace,
  "follows the file's indentation": indentation,
  "overlooks how a letter is spelled": letters,
  "carries a block over that is anchored and nearly right": anchored,
  "forgives a slip and never another meaning": slips,
  "takes text as text, however odd": odd,
  "refuses what is not unique, not there or not possible": refused,
};

const toBlocks = ({ blocks }: BlockCase) =>
  blocks.map(([search, replace, all]) => (all ? { search, replace, all: true } : { search, replace }));

describe("search/replace blocks", () => {
  for (const [behaviour, cases] of Object.entries(tables)) {
    describe(behaviour, () => {
      for (const one of cases) it(one.name, () => check(one));
    });
  }

  it("there are at least 150 written cases", () => {
    assert.ok(Object.values(tables).flat().length >= 150, String(Object.values(tables).flat().length));
  });
});

function check(one: BlockCase): void {
  const blocks = toBlocks(one);
  const outcome = applyBlocks(one.text, blocks);
  assert.equal(outcome.text, one.gives);
  assert.deepEqual(
    outcome.failed.map(({ index }) => index),
    Object.keys(one.refuses ?? {}).map(Number),
  );
  assert.equal(outcome.ok, outcome.failed.length === 0);
  assert.equal(outcome.applied.length + outcome.failed.length, blocks.length);
  for (const { index, reason, nearest } of outcome.failed) {
    assert.match(reason, one.refuses?.[index] ?? /never/);
    const wanted = one.nearest?.[index];
    if (wanted !== undefined) assert.ok(nearest?.text.includes(wanted), `nearest: ${JSON.stringify(nearest)}`);
    // Whatever is offered to be copied is really there.
    if (nearest) assert.ok(one.text.includes(nearest.text));
  }
  if (one.tier) assert.deepEqual([...new Set(outcome.applied.map(({ tier }) => tier))], [one.tier]);
  assert.equal(applyBlocks(one.text, blocks.toReversed()).text, outcome.text);
}
