import { strict as assert } from "node:assert";
import * as z from "zod";
import type { AskRequest } from "../../../../../src/agent/model/ask.ts";
import { Plan, validatePlan } from "../../../../../src/agent/plan.ts";
import { fail, ok } from "../../../../../src/agent/result.ts";
import { askRules, rulesRequest, talk } from "../../../../support/rules-talk.ts";

const tools = ["read_file", "list_files", "search_text", "run_command", "try_edits", "edit_file", "ask_user"];
const PlanAnswer = { name: "plan", schema: Plan.omit({ goal: true }) };

const planRequest = (goal: string, said = ""): AskRequest => ({
  ...rulesRequest(goal, []),
  purpose: "plan",
  messages: [{ role: "user", text: `${said}\nGoal: ${goal}` }],
  answer: PlanAnswer,
  subject: { run: "r", goal },
});

async function planned(goal: string, said = "Tests run with: npm test"): Promise<z.infer<typeof PlanAnswer.schema>["steps"]> {
  const reply = await askRules(planRequest(goal, said));
  assert.ok(reply.ok, reply.ok ? "" : reply.fault.message);
  const { steps } = PlanAnswer.schema.parse(reply.value.answer);
  const valid = validatePlan({ goal, steps }, { diagnostics: false });
  assert.ok(valid.ok, valid.ok ? "" : valid.fault.message);
  return steps;
}

describe("the rules engine", () => {
  it("plans one step for each wish, in order, each with a proof", async () => {
    const steps = await planned("rename foo to bar, then fix the failing tests; find usages of bar");
    assert.deepEqual(
      steps.map(({ role, check }) => [role, check.by]),
      [
        ["coder", "command"],
        ["coder", "command"],
        ["researcher", "citation"],
      ],
    );
    assert.deepEqual(
      steps.map(({ needs }) => needs.length),
      [0, 1, 1],
    );
  });

  it("takes the test command from the goal before it takes it from the workspace", async () => {
    const [step] = await planned("fix the failing tests, run them with `make check`");
    assert.deepEqual(step?.check, { by: "command", line: "make check" });
  });

  it("will not plan a repair where nobody knows how the tests run", async () => {
    const reply = await askRules(planRequest("fix the failing test"));
    assert.ok(!reply.ok);
    assert.match(reply.fault.message, /say it in the goal, for example/);
  });

  it("refuses what it does not understand, in every purpose, and says what it can do and how to get a model", async () => {
    for (const request of [
      planRequest("build me a spaceship"),
      rulesRequest("build me a spaceship", tools),
      { ...rulesRequest("x", tools), purpose: "judge" as const },
    ]) {
      const reply = await askRules(request);
      assert.ok(!reply.ok);
      assert.equal(reply.fault.retry, false);
      assert.match(reply.fault.message, /fix the failing test[\s\S]*rename NAME to OTHER[\s\S]*OPENAI_API_KEY/);
    }
  });

  it("says what it can do", async () => {
    const { text } = await talk("what can you do?", {});
    assert.match(text, /^No language model is configured, so the built-in rules engine answers/);
  });

  it("costs nothing and says who answered", async () => {
    const reply = await askRules(rulesRequest("run the tests", tools));
    assert.ok(reply.ok);
    assert.deepEqual([reply.value.usage, reply.value.model, reply.value.finish], [{ input: 0, output: 0, usd: 0 }, "rules", "calls"]);
  });

  it("asks how the tests run where nothing says so", async () => {
    const asked: unknown[] = [];
    const { text } = await talk("run the tests", {
      ask_user: (input) => {
        asked.push(input);
        return ok({ text: "make check" });
      },
      run_command: () => ok({ text: "exit 0\nall good" }),
    });
    assert.equal(asked.length, 1);
    assert.equal(text, "`make check` passes.");
  });

  it("reports failing tests with the places to look at", async () => {
    const output =
      "exit 1\nTAP version 13\nnot ok 1 - adds\n  ---\n  location: '/w/test/a.test.js:3:1'\n  error: 'no'\n  stack: |-\n    add (/w/src/a.js:7:3)\n  ...\n";
    const { text } = await talk("run the tests", {
      ask_user: () => ok({ text: "npm test" }),
      run_command: () => ok({ text: output }),
      list_files: () => ok({ text: "src/a.js\ntest/a.test.js" }),
    });
    assert.equal(text, "`npm test` fails (exit 1); one test fails:\n- adds at src/a.js:7: no");
  });

  it("says that it could not search, not that nothing is there, and renames nothing then", async () => {
    for (const goal of ["find usages of total", "where is total defined?", "rename total to sum"]) {
      const { fault, calls } = await talk(goal, {
        search_text: () => fail("timeout", "The search took longer than 30 s; narrow it."),
        read_file: () => ok({ text: "" }),
        edit_file: () => ok({ text: "" }),
      });
      assert.equal(
        fault?.message,
        "The workspace could not be searched for total, so nothing is known of it: The search took longer than 30 s; narrow it.",
      );
      assert.ok(calls.every(({ tool }) => tool === "search_text"));
    }
  });

  it("renames nothing where it cannot find out whether the new name is taken", async () => {
    const { fault, calls } = await talk("rename total to sum", {
      search_text: (input: { readonly pattern: string }) =>
        input.pattern.includes("sum") ? fail("timeout", "It took too long.") : ok({ text: "a.js:1: export const total = 1;" }),
      read_file: () => ok({ text: "1\texport const total = 1;", data: { path: "a.js", total: 1 } }),
      edit_file: () => ok({ text: "Changed a.js." }),
    });
    assert.match(fault?.message ?? "", /could not be searched for sum/);
    assert.ok(!calls.some(({ tool }) => tool === "edit_file"));
  });

  it("does not use a tool the step may not use", async () => {
    const reply = await askRules(rulesRequest("find usages of x", ["read_file"]));
    assert.ok(!reply.ok);
    assert.match(reply.fault.message, /needs the tool search_text/);
  });

  it("learns from a change that did not hold, and gives up where none was found", async () => {
    const Reflection = z.object({ because: z.string(), lesson: z.string(), then: z.enum(["retry", "replan", "ask", "give up"]) });
    const reflect = async (acts: string): Promise<z.infer<typeof Reflection>> => {
      const check = { by: "command", line: "npm test" } as const;
      const step = { id: "s", goal: "fix the failing test", role: "coder", check, attempt: 1 } as const;
      const text = `What was done in this attempt:\n${acts}\nThe check failed: \`npm test\` exit 1`;
      const reply = await askRules({
        ...rulesRequest("fix the failing test", []),
        purpose: "reflect",
        messages: [{ role: "user", text }],
        answer: { name: "reflection", schema: Reflection },
        subject: { run: "r", goal: "fix the failing test", step },
      });
      assert.ok(reply.ok);
      return Reflection.parse(reply.value.answer);
    };
    const held = await reflect('- run_command {"line":"npm test"} -> exit 1\n- edit_file {"path":"a.js","blocks":[]} -> Changed a.js.');
    assert.deepEqual([held.then, held.because], ["retry", "`npm test` exit 1"]);
    assert.match(held.lesson, /Not again: \{"path":"a\.js","blocks":\[\]\}\.$/);
    assert.equal((await reflect("- try_edits {} -> Tried 9 of 9.")).then, "give up");
  });

  it("stops at once when it is cancelled", async () => {
    const { createRules } = await import("../../../../../src/agent/model/rules/engine.ts");
    const { createGrammars } = await import("../../../../../src/node/grammar.ts");
    const gone = AbortSignal.abort(new Error("stop"));
    await assert.rejects(createRules({ grammars: createGrammars() })(rulesRequest("run the tests", tools), gone), /stop/);
  });
});
