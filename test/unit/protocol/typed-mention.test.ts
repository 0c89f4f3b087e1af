import { strict as assert } from "node:assert";
import { typedMention } from "../../../src/protocol/typed-mention.ts";

/** What is looked for, and what would be replaced, with the cursor at "|". */
function typed(marked: string): { readonly words: string; readonly replaced: string } | undefined {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = typedMention(text, cursor);
  return found && { words: found.words, replaced: text.slice(found.from, found.to) };
}

describe("a mention being typed", () => {
  for (const [marked, words, replaced] of [
    ["@|", "", "@"],
    ["explain @inv|", "inv", "@inv"],
    ["explain @sr|c/a.js now", "sr", "@src/a.js"],
    ["one\n@src/|\ntwo", "src/", "@src/"],
    ['see @"my no|tes.md" too', "my no", '@"my notes.md"'],
    ['see @"my no|', "my no", '@"my no'],
    ["(@a|)", "a", "@a)"],
    ["`code` and @x|", "x", "@x"],
  ] as const)
    it(`is seen in ${JSON.stringify(marked)}`, () => assert.deepEqual(typed(marked), { words, replaced }));

  for (const marked of [
    "|@a",
    "me@ex|ample.org",
    "@a b|",
    "@a\n|",
    "`npm i @typ|",
    '@"a" b|',
    `${"x".repeat(500)}@a|`,
    `@${"a".repeat(300)}|`,
  ])
    it(`is not seen in ${JSON.stringify(marked.slice(-40))}`, () => assert.equal(typed(marked), undefined));
});
