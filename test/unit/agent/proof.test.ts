import { strict as assert } from "node:assert";
import { defaultLimits, Limits } from "../../../src/agent/event.ts";
import type { Problem } from "../../../src/agent/world.ts";
import { play } from "../../support/play.ts";

/** Every line that says "bad" is an error, every one that says "odd" a warning. */
const problems = (files: ReadonlyMap<string, string>): readonly Problem[] =>
  [...files].flatMap(([path, text]) =>
    text.split("\n").flatMap((line, i): Problem[] => {
      if (/bad/.test(line)) return [{ path, line: i + 1, severity: "error", message: "This is bad." }];
      return /odd/.test(line) ? [{ path, line: i + 1, severity: "warning", message: "This is odd,\n  very odd." }] : [];
    }),
  );

const fixing = (goal: string, from: string, to: string) =>
  play({
    goal,
    problems,
    files: { "a.ts": "bad\nodd\n" },
    limits: { attemptsPerStep: 1 },
    say: (_request, turn) => (turn === 0 ? [["edit_file", { path: "a.ts", blocks: [{ search: from, replace: to }] }]] : "Done."),
  });

describe("proof by a command", () => {
  const timed = async (limits: Readonly<Record<string, number>>): Promise<readonly (number | undefined)[]> => {
    const times: (number | undefined)[] = [];
    await play({
      goal: "Fix a.ts",
      test: "npm test",
      files: { "a.ts": "bad\n" },
      limits,
      say: () => "Done.",
      command: (_line, _files, task) => {
        times.push(task.timeoutMs);
        return { exit: 0, output: "" };
      },
    });
    return times;
  };

  it("may take ten minutes, or as long as the run's limit says", async () => {
    assert.deepEqual(await timed({}), [600_000]);
    assert.deepEqual(await timed({ checkSeconds: 20 }), [20_000]);
  });

  it("may take ten minutes in a run of an older journal, which says nothing of it", () => {
    const { checkSeconds: _, ...older } = defaultLimits;
    assert.equal(Limits.parse(older).checkSeconds, 600);
  });
});

describe("proof by what an editor reports", () => {
  it("holds when the errors are gone, whatever warnings are left", async () => {
    const { state } = await fixing("Fix the problems in a.ts", "bad", "good");
    assert.deepEqual([state.ended?.outcome, state.steps["change"]?.proof?.evidence.said], ["done", "no errors in a.ts"]);
  });

  it("fails while an error is left", async () => {
    const { state } = await fixing("Fix the problems in a.ts", "odd", "even");
    assert.deepEqual([state.ended?.outcome, state.steps["change"]?.proof?.evidence.said], ["failed", "1 error"]);
  });

  it("of a single problem looks for that one alone, even if it is only a warning and stands on one line in the goal", async () => {
    const goal = "Fix the problem at a.ts:2: This is odd, very odd.";
    const fixed = await fixing(goal, "odd", "even");
    assert.deepEqual(
      [fixed.state.ended?.outcome, fixed.state.steps["change"]?.proof?.evidence.said],
      ["done", "the problem is no longer reported"],
    );
    const missed = await fixing(goal, "bad", "good");
    assert.deepEqual(
      [missed.state.ended?.outcome, missed.state.steps["change"]?.proof?.evidence.said],
      ["failed", "the problem is still reported at a.ts:2"],
    );
  });

  it("costs no model call for the plan", async () => {
    const { requests } = await fixing("Fix the problems in a.ts", "bad", "good");
    assert.ok(requests.every(({ purpose }) => purpose === "act"));
  });
});
