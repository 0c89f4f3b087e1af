import { strict as assert } from "node:assert";
import { smallPlan } from "../../../src/agent/small-plan.ts";

const kind = (goal: string, test: string | undefined = "npm test"): string => {
  const plan = smallPlan(goal, { test, diagnostics: false });
  const step = plan?.steps[0];
  return step ? `${step.role} ${step.check.by}` : "model";
};

describe("a small plan", () => {
  for (const goal of [
    "What does add do?",
    "where is parse defined",
    "find usages of parse",
    "explain src/a.js",
    "How are totals rounded?",
  ]) {
    it(`answers "${goal}" in one reading step`, () => assert.equal(kind(goal), "researcher citation"));
  }
  for (const goal of [
    "fix the failing test",
    "Rename parse to read",
    "add a --json flag to the cli",
    "please fix the off by one in range()",
  ]) {
    it(`does "${goal}" in one step proved by the tests`, () => assert.equal(kind(goal), "coder command"));
  }
  for (const goal of ["Which test is failing?", "find the failing test", "run the tests"]) {
    it(`lets "${goal}" run the tests to find out`, () => assert.equal(kind(goal), "tester citation"));
  }
  it("takes what stands below a question as what it is about", () =>
    assert.equal(kind("Explain this: a.js:1-3?\nfoo(); bar. Then baz"), "researcher citation"));
  for (const goal of [
    "Refactor the parser into two modules",
    "fix the test and then add documentation",
    "Add caching. Make it configurable by a setting.",
    "Do these:\n- fix a\n- fix b",
    "the build is slow",
    `fix ${"x".repeat(300)}`,
  ]) {
    it(`leaves "${goal.slice(0, 40)}" to a model`, () => assert.equal(kind(goal), "model"));
  }
  it("leaves a change to a model where no test command could prove it", () =>
    assert.equal(smallPlan("fix the bug", { test: undefined, diagnostics: true }), undefined));

  const proof = (goal: string): unknown => smallPlan(goal, { test: "npm test", diagnostics: true })?.steps[0]?.check;
  it("proves fixed problems by what the editor reports", () =>
    assert.deepEqual(proof("Fix the problems in src/a.ts"), { by: "diagnostics", paths: ["src/a.ts"] }));
  it("proves all problems by what is reported in the whole workspace", () =>
    assert.deepEqual(proof("fix all problems"), { by: "diagnostics", paths: ["."] }));
  it("proves one problem by its message, whatever else the message says", () =>
    assert.deepEqual(proof("Fix the problem at src/a.ts:3: Cannot find name 'x'. Did you mean y and then\n  z?"), {
      by: "diagnostics",
      paths: ["src/a.ts"],
      message: "Cannot find name 'x'. Did you mean y and then\n  z?",
    }));
  it("proves organised imports by what the editor reports", () =>
    assert.deepEqual(proof("organize imports in src/a.ts"), { by: "diagnostics", paths: ["src/a.ts"] }));
  it("proves them by the tests where no editor is there", () => assert.equal(kind("organise imports in src/a.ts"), "coder command"));
  it("leaves problems to a model when more is asked", () => assert.equal(kind("fix the problems in a.ts and then rename x to y"), "model"));
});
