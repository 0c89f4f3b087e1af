import { strict as assert } from "node:assert";
import fc from "fast-check";
import { mentionNote, mentionOf, mentionsIn, withNote, withoutMarks } from "../../../src/agent/mention.ts";

describe("a mention", () => {
  for (const [text, paths] of [
    ["explain @src/invoice.js", ["src/invoice.js"]],
    ["@README.md, then @src/ and @src/a.ts.", ["README.md", "src/", "src/a.ts"]],
    ["look at @src/a.ts:12-20: why?", ["src/a.ts"]],
    ["(see @src/a.ts) and @src/a.ts again", ["src/a.ts"]],
    ['compare @"my notes.md" with @"Makefile"', ["my notes.md", "Makefile"]],
    ["first line\n@.github/workflows/ci.yml", [".github/workflows/ci.yml"]],
    ["@app/(shop)/[id]/page.tsx is slow", ["app/(shop)/[id]/page.tsx"]],
  ] as const)
    it(`names its paths in ${JSON.stringify(text)}`, () => assert.deepEqual(mentionsIn(text), paths));

  for (const text of [
    "mail me@example.org",
    "the decorator @Injectable() goes",
    "ask @alice, or @ all",
    "run `npm i @types/node` first",
    'an open @" quote',
    "@.. and @/",
  ])
    it(`is none in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(mentionsIn(text), []);
      assert.equal(withoutMarks(text), text);
      assert.equal(withNote(text), text);
    });

  it("is written so that it is read again, whatever the path, between any words", () => {
    const path = fc.string({ unit: fc.constantFrom(...Array.from("ab ./\\-_@:1()[]'`,!é")), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(path, (name) => {
        const mention = mentionOf(name);
        if (mention !== undefined) assert.deepEqual(mentionsIn(`explain ${mention} and more`), [name]);
      }),
    );
  });

  it("is quoted only where it has to be, and refused where it could not be told", () => {
    assert.equal(mentionOf("src/invoice.js"), "@src/invoice.js");
    assert.equal(mentionOf("src/"), "@src/");
    assert.equal(mentionOf("my notes.md"), '@"my notes.md"');
    assert.equal(mentionOf("Makefile"), '@"Makefile"');
    assert.equal(mentionOf("what.md?"), '@"what.md?"');
    for (const path of ['say "hi".md', "two\nlines.md", "gpj.\u202eexe.md"]) assert.equal(mentionOf(path), undefined, path);
  });

  it("is the path itself to whoever reads the words without it", () => {
    assert.equal(withoutMarks('rename a to b in @src/a.js and @"my b.js"'), 'rename a to b in src/a.js and "my b.js"');
  });

  it("is told to a model with the words, cut where there are many", () => {
    assert.equal(mentionNote("explain"), undefined);
    assert.equal(
      withNote("mind @src/a.ts"),
      "mind @src/a.ts\n(Named with @, to be looked at first where it is a file or folder here: src/a.ts)",
    );
    const many = mentionNote(Array.from({ length: 99 }, (_, i) => `@f${i}.ts`).join(" ")) ?? "";
    assert.equal(many.split(", f").length, 20);
  });
});
