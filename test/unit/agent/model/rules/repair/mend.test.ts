import { strict as assert } from "node:assert";
import { fail, ok } from "../../../../../../src/agent/result.ts";
import { type Meddling, type Played, playGoal } from "../../../../../support/toy-workspace.ts";

const head = `const test = require("node:test").test;\nconst assert = require("node:assert/strict");\n`;

/** A workspace with code in src/code.js and its tests. */
const workspace = (code: string, tests: string, more: Record<string, string> = {}): Map<string, string> =>
  new Map(
    Object.entries({
      "package.json": `{"scripts":{"test":"node --test"}}`,
      "src/code.js": code,
      "test/code.test.js": `${head}const code = require("../src/code.js");\n${tests}`,
      ...more,
    }),
  );

const sum = workspace(
  "function sum(xs) {\n  let total = 0;\n  for (let i = 1; i < xs.length; i++) {\n    total += xs[i];\n  }\n  return total;\n}\n\nfunction mean(xs) {\n  return xs.length === 0 ? 0 : sum(xs) / xs.length;\n}\n\nmodule.exports = { sum, mean };\n",
  'test("sums", () => assert.equal(code.sum([4, 5, 6]), 15));\ntest("of none", () => assert.equal(code.sum([]), 0));\ntest("mean of none", () => assert.equal(code.mean([]), 0));\n',
);

const area = workspace(
  "function area(width, height) {\n  const whole = width + height;\n  return whole;\n}\n\nmodule.exports = { area };\n",
  'test("area", () => assert.deepEqual([code.area(2, 3), code.area(4, 5)], [6, 20]));\ntest("of nothing", () => assert.equal(code.area(0, 0), 0));\n',
);

const mend = (files: Map<string, string>, meddling?: Meddling, goal = "fix the failing test"): Promise<Played> =>
  playGoal(goal, files, meddling);
const copy = (files: Map<string, string>): Map<string, string> => new Map(files);
const toolsOf = (played: Played): string[] => played.calls.map((call) => call.tool);
const codeOf = (files: Map<string, string>): string => files.get("src/code.js") ?? "";

describe("fix the failing test", () => {
  it("finds the small change that makes it pass, and makes it through edit_file", async () => {
    const files = copy(sum);
    const played = await mend(files);
    assert.match(codeOf(files), /let i = 0; i < xs\.length/);
    assert.deepEqual(
      played.calls.filter((call) => call.tool === "edit_file").map((call) => call.input["path"]),
      ["src/code.js"],
    );
    assert.match(
      played.text,
      /^src\/code\.js:3: `.*let i = 1.*` became `.*let i = 0.*`\. With that `npm test` passes in a private copy\. Tried \d+ small changes/,
    );
  });

  it("looks before it tries: the tests, the failing test's file, what it imports, a traced run", async () => {
    const played = await mend(copy(area));
    assert.deepEqual(toolsOf(played), [
      "run_command",
      "list_files",
      "read_file",
      "read_file",
      "read_file",
      "try_edits",
      "try_edits",
      "edit_file",
    ]);
    const [trace, search] = played.calls.filter((call) => call.tool === "try_edits");
    assert.ok(Array.isArray(trace?.input["variations"]) && trace.input["variations"].length === 1);
    assert.deepEqual(search?.input["quick"], [
      "node --test-name-pattern='^area$' test/code.test.js",
      "node --test --test-name-pattern='^area$' test/code.test.js",
    ]);
    assert.deepEqual(search?.input["failing"], ["area"]);
  });

  it("never proposes to change a test, whatever the error points at", async () => {
    const files = workspace(
      "module.exports = { f: () => 1 };\n",
      'const twice = (x) => x + x + 1;\ntest("in the test itself", () => assert.equal(twice(2), 4 * code.f()));\n',
    );
    const before = files.get("test/code.test.js");
    const played = await mend(files);
    assert.equal(files.get("test/code.test.js"), before);
    for (const call of played.calls.filter((one) => one.tool === "edit_file")) assert.equal(call.input["path"], "src/code.js");
  });

  it("mends two independent bugs one after the other", async () => {
    const files = workspace(
      "function grow(a) {\n  return a - 1;\n}\n\nfunction half(a) {\n  return a * 2;\n}\n\nmodule.exports = { grow, half };\n",
      'test("grows", () => assert.deepEqual([code.grow(1), code.grow(5)], [2, 6]));\ntest("halves", () => assert.deepEqual([code.half(8), code.half(3)], [4, 1.5]));\n',
    );
    const played = await mend(files, undefined, "make the tests pass");
    assert.match(codeOf(files), /a \+ 1[\s\S]*a \/ 2/);
    assert.equal(toolsOf(played).filter((tool) => tool === "run_command").length, 2);
  });

  it("mends what takes two changes at once", async () => {
    const files = workspace(
      "function clamp(v, low, high) {\n  return Math.max(high, Math.min(low, v));\n}\n\nmodule.exports = { clamp };\n",
      'test("clamps", () => assert.deepEqual([5, -3, 42, 1, 10].map((v) => code.clamp(v, 1, 10)), [5, 1, 10, 1, 10]));\n',
    );
    await mend(files);
    assert.doesNotMatch(codeOf(files), /max\(high, Math\.min\(low, v\)\)/);
  });

  it("mends a loop that never ends", async () => {
    const files = workspace(
      "function gcd(a, b) {\n  while (b !== 0) {\n    const rest = a % b;\n    a = b;\n    b = a;\n  }\n  return a;\n}\n\nmodule.exports = { gcd };\n",
      'test("of zero", () => assert.equal(code.gcd(5, 0), 5));\ntest("of two", () => assert.equal(code.gcd(12, 18), 6));\n',
    );
    await mend(files);
    assert.match(codeOf(files), /b = rest;/);
  });

  it("prefers what corrects the code to what switches part of it off", async () => {
    const files = workspace(
      "function isAdult(person) {\n  if (person.banned) return false;\n  return person.age > 18;\n}\n\nmodule.exports = { isAdult };\n",
      'test("at eighteen", () => assert.equal(code.isAdult({ age: 18 }), true));\ntest("below", () => assert.equal(code.isAdult({ age: 17 }), false));\ntest("banned", () => assert.equal(code.isAdult({ age: 40, banned: true }), false));\n',
    );
    await mend(files);
    assert.match(codeOf(files), /person\.age >= 18/);
  });

  it("says that there is nothing to fix where the tests pass", async () => {
    const files = workspace("module.exports = { f: () => 1 };\n", 'test("fine", () => assert.equal(code.f(), 1));\n');
    assert.equal((await mend(files)).text, "`npm test` passes; there is nothing to fix.");
    const bug = await mend(files, undefined, "fix the bug in src/code.js");
    assert.match(bug.fault?.message ?? "", /write a test that fails because of it/);
  });

  it("ends honestly when no change helps, and leaves the workspace as it was", async () => {
    const files = workspace("module.exports = { f: () => 1 };\n", 'test("wants magic", () => assert.equal(code.f(), "abracadabra"));\n');
    const before = new Map(files);
    const played = await mend(files);
    assert.match(
      played.text,
      /^One test fails: wants magic .*Tried \d+ small changes .* None mends it\. This takes more than one or two small changes.*Nothing was changed\.$/s,
    );
    assert.deepEqual(files, before);
  });

  it("reads larger programs through their imports", async () => {
    const files = workspace(
      'const { rate } = require("./deep/rate.js");\nmodule.exports = { price: (net) => net + rate(net) };\n',
      'test("adds tax", () => assert.deepEqual([100, 50].map(code.price), [120, 60]));\n',
      {
        "src/deep/rate.js":
          'const { PERCENT } = require("./table.js");\nconst rate = (net) => (net * PERCENT) / 10;\nmodule.exports = { rate };\n',
        "src/deep/table.js": "module.exports = { PERCENT: 20 };\n",
        "src/other.js": "module.exports = { unused: (a) => a + 1 };\n",
      },
    );
    const played = await mend(files);
    assert.match(`${files.get("src/deep/rate.js")}${files.get("src/deep/table.js")}`, /\/ 100|PERCENT: 2\b/);
    assert.ok(!played.calls.some((call) => call.input["path"] === "src/other.js"));
  });
});

describe("a repair that meets resistance", () => {
  const denied = fail("denied", "The person said no: not now.");

  it("ends where the tests may not be run", async () => {
    const played = await mend(copy(area), { answer: (call) => (call.tool === "run_command" ? denied : undefined) });
    assert.match(played.text, /^I could not run `npm test`: The person said no.*nothing was changed\.$/);
    assert.equal(played.calls.length, 1);
  });

  it("ends where nothing may be tried", async () => {
    const files = copy(area);
    const played = await mend(files, { answer: (call) => (call.tool === "try_edits" ? denied : undefined) });
    assert.match(played.text, /My trials were not run: The person said no/);
    assert.deepEqual(files, area);
  });

  it("does without the trace when only that is refused", async () => {
    const files = copy(area);
    await mend(files, {
      answer: (call, input) => (call.tool === "try_edits" && (input as { show?: string }).show !== undefined ? denied : undefined),
    });
    assert.match(codeOf(files), /width \* height/);
  });

  it("offers another change when the first is rejected, and then stops asking", async () => {
    const files = workspace(
      "module.exports = { f: (a, b) => a - b };\n",
      'test("adds", () => assert.equal(code.f(2, 0), 2));\ntest("more", () => assert.equal(code.f(1, 1), 2));\n',
    );
    const before = new Map(files);
    const played = await mend(files, { answer: (call) => (call.tool === "edit_file" ? denied : undefined) });
    const edits = played.calls.filter((call) => call.tool === "edit_file").map((call) => JSON.stringify(call.input));
    assert.ok(edits.length === 1 || edits.length === 2);
    assert.equal(new Set(edits).size, edits.length);
    assert.match(played.text, /but it was not made: The person said no/);
    assert.deepEqual(files, before);
  });

  it("starts over when the file changed under it", async () => {
    const files = copy(area);
    let meddled = false;
    const played = await mend(files, {
      answer: (call) => {
        if (call.tool !== "edit_file" || meddled) return undefined;
        meddled = true;
        files.set("src/code.js", `// a note\n${codeOf(files)}`);
        return fail("stale", "src/code.js changed after this was shown and approved, so nothing was written; read it again.");
      },
    });
    assert.match(codeOf(files), /^\/\/ a note\n[\s\S]*width \* height/);
    assert.equal(played.calls.filter((call) => call.tool === "edit_file").length, 2);
  });

  it("does not choke on output it cannot read", async () => {
    const files = copy(area);
    const unreadable = ok({ text: "exit 2\nmake: *** [test] Error 2", trust: "workspace" as const });
    const played = await mend(files, { answer: (call) => (call.tool === "run_command" ? unreadable : undefined) });
    assert.equal(played.fault, undefined);
    assert.ok(played.text !== "");
  });

  it("copes with huge output", async () => {
    const noise = `${"x".repeat(200)}\n`.repeat(5000);
    const failure = "not ok 1 - area\n  ---\n  location: '/workspace/test/code.test.js:1:1'\n  error: 'no'\n  ...\n";
    const files = copy(area);
    let runs = 0;
    await mend(files, {
      answer: (call) =>
        call.tool === "run_command" && runs++ === 0 ? ok({ text: `exit 1\n${noise}${failure}`, trust: "workspace" as const }) : undefined,
    });
    assert.match(codeOf(files), /width \* height/);
  });

  it("goes on from any point of the conversation as if it had never stopped", async () => {
    const whole = await mend(copy(area));
    // Every request is answered by an engine that has seen nothing but the messages, handed over as a journal would.
    const again = await mend(copy(area), { edit: (messages) => JSON.parse(JSON.stringify(messages)) as typeof messages });
    assert.deepEqual(
      again.calls.map(({ tool, input }) => ({ tool, input })),
      whole.calls.map(({ tool, input }) => ({ tool, input })),
    );
    assert.equal(again.text, whole.text);
  });

  it("does not repeat a change that a lesson says did not hold", async () => {
    const first = await mend(copy(area));
    const edit = first.calls.find((call) => call.tool === "edit_file");
    const lesson = `Learnt from a failed attempt: it failed The change passed in a private copy and not in the workspace. Not again: ${JSON.stringify(edit?.input)}.`;
    const second = await mend(copy(area), {
      edit: (messages) => [...messages.slice(0, 1), { role: "user", text: lesson }, ...messages.slice(1)],
    });
    for (const call of second.calls.filter((one) => one.tool === "edit_file")) assert.notDeepEqual(call.input, edit?.input);
  });
});
