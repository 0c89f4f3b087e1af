import { strict as assert } from "node:assert";
import { commandIn, readIntents } from "../../../../../src/agent/model/rules/intent.ts";

const kind = (goal: string): string =>
  readIntents(goal)
    ?.map((intent) => intent.do)
    .join(" ") ?? "refused";

describe("the intent of a goal", () => {
  it("is to mend tests in many wordings", () => {
    for (const goal of [
      "fix the failing test",
      "Fix the failing tests.",
      "please repair the broken unit tests",
      "make the tests pass",
      "Make npm test green again",
      "get the suite passing",
      "the tests fail, fix them",
      "fix test_parser in tests/test_parser.py",
      "debug the failing spec for the cart",
      "Fix the bug in src/cart.js",
      "two tests are red, please mend",
      "fix src/a.test.js",
      "Can you fix the crash in parse()?",
    ])
      assert.equal(kind(goal), "mend", goal);
  });

  it("is to find usages", () => {
    for (const goal of [
      "find usages of parseLine",
      "Find all usages of `parseLine`",
      "where is parseLine used?",
      "who calls parseLine",
      "what uses parseLine()",
      "show me references to the function parseLine",
      "list callers of Parser.parseLine",
      "find parseLine usages",
    ])
      assert.deepEqual(readIntents(goal), [{ do: "usages", name: "parseLine" }], goal);
  });

  it("is to find a definition", () => {
    for (const goal of [
      "where is parseLine defined?",
      "Where is the function parseLine declared",
      "find the definition of parseLine",
      "where does parseLine come from?",
      "what defines parseLine",
      "where is Parser#parseLine implemented",
    ])
      assert.deepEqual(readIntents(goal), [{ do: "definition", name: "parseLine" }], goal);
  });

  it("is to rename, in one file where one is named", () => {
    for (const goal of [
      "rename foo to bar",
      "Rename the function `foo` to `bar`",
      "please rename variable foo as bar",
      "rename foo -> bar",
      "change the name of foo to bar",
    ])
      assert.deepEqual(readIntents(goal), [{ do: "rename", from: "foo", to: "bar", path: undefined }], goal);
    assert.deepEqual(readIntents("rename foo to bar in src/a.js"), [{ do: "rename", from: "foo", to: "bar", path: "src/a.js" }]);
    assert.deepEqual(readIntents("rename foo to bar in @src/a.js"), [{ do: "rename", from: "foo", to: "bar", path: "src/a.js" }]);
    assert.deepEqual(readIntents('rename foo to bar in @"my file.js"'), [{ do: "rename", from: "foo", to: "bar", path: "my file.js" }]);
  });

  it("is to run the tests", () => {
    for (const goal of [
      "run the tests",
      "Run all tests",
      "execute the test suite",
      "do the tests pass?",
      "npm test",
      "are the tests green?",
    ])
      assert.equal(kind(goal), "test", goal);
  });

  it("is to hear what can be done", () => {
    for (const goal of ["help", "What can you do?", "what do you do", "who are you?"]) assert.equal(kind(goal), "help", goal);
  });

  it("may be several, in order", () => {
    assert.equal(kind("rename foo to bar and then run the tests"), "rename test");
    assert.equal(kind("find usages of a; where is b defined"), "usages definition");
    assert.equal(kind("fix the failing tests and make sure they pass"), "mend");
  });

  it("is refused where any part of it is not understood", () => {
    for (const goal of [
      "add a dark mode",
      "fix the typo in README.md",
      "write a parser",
      "rename foo to bar and add documentation",
      "explain how caching works",
      "refactor the store",
      "fix",
      "",
    ])
      assert.equal(kind(goal), "refused", goal);
  });

  it("may spell out the command that runs the tests", () => {
    assert.equal(commandIn("fix the tests, run them with `make check`"), "make check");
    assert.equal(commandIn("fix the bug in `parse`"), undefined);
  });
});
