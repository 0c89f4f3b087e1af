import { strict as assert } from "node:assert";
import { smallPlan } from "../../../src/agent/small-plan.ts";

const kind = (goal: string, test: string | undefined = "npm test"): string => {
  const plan = smallPlan(goal, test);
  const step = plan?.steps[0];
  return step ? `${step.role} ${step.check.by}` : "model";
};

describe("a small plan", () => {
  for (const goal of ["What does add do?", "where is parse defined", "find usages of parse", "explain src/a.js", "How are totals rounded?"]) {
    it(`answers "${goal}" in one reading step`, () => assert.equal(kind(goal), "researcher citation"));
  }
  for (const goal of ["fix the failing test", "Rename parse to read", "add a --json flag to the cli", "please fix the off by one in range()"]) {
    it(`does "${goal}" in one step proved by the tests`, () => assert.equal(kind(goal), "coder command"));
  }
  for (const goal of ["Which test is failing?", "find the failing test", "run the tests"]) {
    it(`lets "${goal}" run the tests to find out`, () => assert.equal(kind(goal), "tester citation"));
  }
  it("takes what stands below a question as what it is about", () => assert.equal(kind("Explain this: a.js:1-3?\nfoo(); bar. Then baz"), "researcher citation"));
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
  it("leaves a change to a model where no test command could prove it", () => assert.equal(smallPlan("fix the bug", undefined), undefined));
});
