// Texts for property tests: few different lines, so that they repeat, with every kind of line end and sometimes none at the end.

import * as fc from "fast-check";

const line = fc.constantFrom("a", "b", "  a", "\tb", "", "}", "x = 1;", "caf\u00e9", "long ".repeat(5));
const end = fc.constantFrom("\n", "\n", "\n", "\r\n");

export const linesOfText: fc.Arbitrary<readonly string[]> = fc
  .array(fc.tuple(line, end), { maxLength: 14 })
  .chain((all) =>
    fc.boolean().map((ended) => all.map(([text, mark], at) => (at === all.length - 1 && !ended && text !== "" ? text : text + mark))),
  );

export const anyText: fc.Arbitrary<string> = linesOfText.map((all) => all.join(""));

/** A text and what an edit or two made of it, so that both have much in common. */
export const changedText: fc.Arbitrary<readonly [before: string, after: string]> = linesOfText.chain((before) =>
  fc
    .array(fc.tuple(fc.nat(14), fc.nat(3), fc.array(fc.constantFrom("new 1\n", "new 2\n", "a\n", "\n", "x\r\n"), { maxLength: 3 })), {
      maxLength: 4,
    })
    .map((edits) => {
      const after = [...before];
      for (const [at, removed, added] of edits) after.splice(Math.min(at, after.length), removed, ...added);
      return [before.join(""), after.join("")] as const;
    }),
);
