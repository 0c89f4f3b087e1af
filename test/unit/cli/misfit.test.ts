import { strict as assert } from "node:assert";
import * as z from "zod";
import { misfitOf } from "../../../src/cli/misfit.ts";

const Request = z.strictObject({
  text: z.string(),
  blocks: z.array(z.object({ search: z.string(), all: z.boolean().optional() })),
  mode: z.enum(["calm", "bold"]).optional(),
  id: z.union([z.string(), z.number()]).optional(),
});

describe("what does not fit", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [7, "it must be an object, not a number"],
    [null, "it must be an object, not null"],
    [{ blocks: [] }, '"text" is missing'],
    [{ text: 7, blocks: [] }, '"text" must be text, not a number'],
    [{ text: "", blocks: "none" }, '"blocks" must be a list, not text'],
    [{ text: "", blocks: [{ search: "a" }, {}] }, '"blocks[1].search" is missing'],
    [{ text: "", blocks: [{ search: "a", all: "yes" }] }, '"blocks[0].all" must be true or false, not text'],
    [{ text: "", blocks: [], mode: "wild" }, '"mode" must be "calm" or "bold"'],
    [{ text: "", blocks: [], id: [] }, '"id" cannot be a list'],
    [{ text: "", blocks: [], more: 1, most: 2 }, 'it may not have "more" and "most"'],
  ];
  for (const [value, said] of cases) {
    it(`is said in words: ${said}`, () => {
      const { error } = Request.safeParse(value);
      assert.ok(error);
      assert.equal(misfitOf(error, value), said);
    });
  }
});
