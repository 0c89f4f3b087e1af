import { strict as assert } from "node:assert";
import { readEditorGoal } from "../../../src/agent/editor-goal.ts";

const read = (goal: string): string => {
  const found = readEditorGoal(goal);
  if (!found) return "-";
  return [found.do, found.path ?? "*", ...(found.do === "problem" ? [found.line, found.message ?? "-"] : [])].join(" ");
};

describe("a goal for the editor", () => {
  for (const [goal, meant] of [
    ["Fix the problems in src/a.ts", "problems src/a.ts"],
    ["please fix all problems in `lib/x.py`.", "problems lib/x.py"],
    ["fix the problems", "problems *"],
    ["Fix all reported problems in the workspace", "problems *"],
    ["fix these warnings everywhere!", "problems *"],
    ["resolve the type errors in src/", "problems src"],
    ["fix lint issues in the file src/a.ts", "problems src/a.ts"],
    [
      "Fix the problem at src/a.ts:12: 'x' is declared; and then: never used.",
      "problem src/a.ts 12 'x' is declared; and then: never used.",
    ],
    ["fix this problem at my file.ts:3", "problem my file.ts 3 -"],
    ["organise imports", "imports *"],
    ["Organize the imports in src/a.ts", "imports src/a.ts"],
    ["remove the unused imports in a.ts", "imports a.ts"],
    ["fix the problems in @src/a.ts", "problems src/a.ts"],
    ['organise imports in @"my file.ts".', "imports my file.ts"],
    ['fix the problem at @"my file.ts":3: use @scope/x.y instead', "problem my file.ts 3 use @scope/x.y instead"],
  ] as const) {
    it(`"${goal}" is read`, () => assert.equal(read(goal), meant));
  }
  for (const goal of [
    "fix the problems in the parser",
    "fix the failing test",
    "fix the problem",
    "fix the bug in a.ts",
    "fix the problems in a.ts and rename x to y",
    "organise imports and sort the lines",
    "explain the problems in a.ts",
    "fix the problems with logins",
  ]) {
    it(`"${goal}" is not taken for one`, () => assert.equal(read(goal), "-"));
  }
});
