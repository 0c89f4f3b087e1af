import { strict as assert } from "node:assert";
import type { Trials } from "../../../../src/agent/tool/trials.ts";
import { tryEdits } from "../../../../src/agent/tool/try-edits.ts";
import type { TrialRequest, World } from "../../../../src/agent/world.ts";
import { toyWorld } from "../../../support/toy-workspace.ts";
import { observed } from "../../../support/tool-world.ts";

const head = `const test = require("node:test").test;\nconst assert = require("node:assert/strict");\nconst { add } = require("../src/add.js");\n`;
const code = "const add = (a, b) => a - b;\nmodule.exports = { add };\n";
const tests = `${head}test("adds", () => assert.equal(add(2, 3), 5));\ntest("zero", () => assert.equal(add(0, 0), 0));\n`;
const workspace = (more: Record<string, string> = {}): Map<string, string> =>
  new Map(Object.entries({ "src/add.js": code, "test/add.test.js": tests, ...more }));

/** Replaces the operator on line 1, which stands at column 24. */
const operator = (text: string): unknown[] => [[0, 1, 24, 1, 25, text]];
const input = (more: object = {}): object => ({
  line: "npm test",
  files: [{ path: "src/add.js" }],
  variations: ["*", "+", "/"].map(operator),
  ...more,
});

/** The world, and the trials asked of it. */
function spied(files: Map<string, string>): { readonly world: World; readonly asked: TrialRequest[] } {
  const world = toyWorld(files);
  const asked: TrialRequest[] = [];
  const trial: World["shell"]["trial"] = async (request, signal) => {
    asked.push(request);
    return world.shell.trial(request, signal);
  };
  return { world: { ...world, shell: { ...world.shell, trial } }, asked };
}

async function tried(
  files: Map<string, string>,
  more: object = {},
): Promise<{ readonly text: string; readonly data: Trials; readonly asked: readonly TrialRequest[] }> {
  const { world, asked } = spied(files);
  const found = await observed(tryEdits, world, input(more));
  assert.ok(found.ok, found.ok ? "" : found.fault.message);
  return { text: found.value.text, data: found.value.data as unknown as Trials, asked };
}

async function refused(files: Map<string, string>, more: object): Promise<string> {
  const found = await observed(tryEdits, toyWorld(files), input(more));
  assert.ok(!found.ok);
  return `${found.fault.kind}: ${found.fault.message}`;
}

describe("try_edits", () => {
  it("tells which variations pass and touches nothing", async () => {
    const files = workspace();
    const { data, text } = await tried(files);
    assert.deepEqual(data.passed, [1]);
    assert.equal(data.tried, 3);
    assert.match(text, /^Tried 3 of 3 variations in \d+ s\. `npm test` passes with number 1 \(counted from 0\)\. Nothing was changed/);
    assert.deepEqual(files, workspace());
  });

  it("tries a quick line first and holds only what passes it against the whole one", async () => {
    const quick = ["node --test-name-pattern='^adds$' test/add.test.js"];
    const { data, asked } = await tried(workspace(), { quick, failing: ["adds"] });
    assert.equal(data.quick, quick[0]);
    assert.deepEqual(data.passed, [1]);
    assert.deepEqual(
      asked.filter(({ line }) => line === "npm test").map(({ candidates }) => candidates.length),
      [1],
    );
  });

  it("does not believe a quick line that passes on the unchanged files", async () => {
    const { data } = await tried(workspace(), { quick: ["node --test-name-pattern='^zero$' test/add.test.js"], failing: ["adds"] });
    assert.equal(data.quick, null);
    assert.deepEqual(data.passed, [1]);
  });

  it("does not believe a quick line that fails for another reason", async () => {
    const { data } = await tried(workspace(), {
      quick: ["node test/nowhere.test.js", "node --test-name-pattern='^adds$' test/add.test.js"],
      failing: ["adds"],
    });
    assert.equal(data.quick, "node --test-name-pattern='^adds$' test/add.test.js");
  });

  it("tells what mends some failing tests and breaks none, and whether those belong together", async () => {
    const files = workspace({ "test/other.test.js": `${head}test("unrelated", () => assert.equal(1, 2));\n` });
    const apart = await tried(files, { failing: ["adds", "unrelated"], related: ["adds"] });
    assert.deepEqual(apart.data.passed, []);
    assert.deepEqual(apart.data.better, [{ variation: 1, fixed: 1, all: true }]);
    assert.match(apart.text, /None passes `npm test`, but some tests are mended and none broken by number 1/);
    const together = await tried(files, { failing: ["adds", "unrelated"], related: ["adds", "unrelated"] });
    assert.deepEqual(together.data.better, [{ variation: 1, fixed: 1, all: false }]);
  });

  it("does not call better what breaks another test", async () => {
    const files = workspace({
      "test/other.test.js": `${head}test("unrelated", () => assert.equal(1, 2));\ntest("product", () => assert.equal(add(3, 3), 0));\n`,
    });
    assert.deepEqual((await tried(files, { failing: ["adds", "unrelated"] })).data.better, []);
  });

  it("counts what does not end and goes on", async () => {
    const variations = [[[0, 1, 22, 1, 27, "{ for (;;) { b++; } }"]], operator("+")];
    const { data } = await tried(workspace(), { variations, patience: 1 });
    assert.deepEqual([data.passed, data.hanging], [[1], 1]);
  });

  it("keeps to its time", async () => {
    const variations = Array.from({ length: 400 }, () => operator("*"));
    const { data, text } = await tried(workspace(), { variations, seconds: 3 });
    assert.ok(data.tried > 5 && data.tried < 60, `${data.tried}`);
    assert.match(text, /None passes/);
  });

  it("returns the lines asked for", async () => {
    const variations = [[[0, 1, 0, 1, 0, 'process._rawDebug("@@mark here"); ']]];
    const { data } = await tried(workspace(), { variations, show: "@@mark" });
    assert.deepEqual(data.shown, ["@@mark here"]);
  });

  it("writes variations with the line ends, mark and encoding of the file", async () => {
    const files = workspace({ "src/add.js": `\uFEFF${code.replaceAll("\n", "\r\n")}` });
    const { asked } = await tried(files, { variations: [[[0, 1, 0, 1, 0, "// a\n// b\n"]], [[0, 2, 0, 3, 0, ""]]] });
    const texts = asked.flatMap(({ candidates }) => candidates.map((candidate) => candidate.files["src/add.js"]));
    assert.equal(texts[0], files.get("src/add.js"));
    assert.ok(texts.includes(`\uFEFF// a\r\n// b\r\n${code.replaceAll("\n", "\r\n")}`));
    assert.ok(texts.includes("\uFEFFconst add = (a, b) => a - b;\r\n"));
  });

  it("refuses files that changed since, are missing, or lie outside", async () => {
    assert.match(
      await refused(workspace(), { files: [{ path: "src/add.js", digest: "0".repeat(64) }] }),
      /^stale: src\/add\.js changed since it was read/,
    );
    assert.match(await refused(workspace(), { files: [{ path: "src/no.js" }] }), /^missing:/);
    assert.match(await refused(workspace(), { files: [{ path: "../../etc/passwd" }] }), /^denied: .*outside the workspace/);
  });

  it("refuses edits that do not fit, before anything is run", async () => {
    for (const edits of [
      [[0, 9, 0, 9, 1, ""]],
      [[0, 1, 99, 1, 99, ""]],
      [[1, 1, 0, 1, 0, ""]],
      [
        [0, 1, 5, 1, 9, ""],
        [0, 1, 7, 1, 8, ""],
      ],
    ]) {
      assert.match(
        await refused(workspace(), { variations: [operator("+"), edits] }),
        /^invalid: Variation 1 names a file, line or column/,
      );
    }
  });

  it("says before it is approved what will happen, and that the workspace stays as it is", async () => {
    const parsed = tryEdits.input.parse(input({ quick: ["node test/add.test.js"], seconds: 30 }));
    assert.ok(tryEdits.kind === "observe");
    const preview = await tryEdits.preview?.(toyWorld(workspace()), parsed, new AbortController().signal);
    assert.ok(preview?.ok && preview.value.kind === "text");
    assert.equal(
      preview.value.text,
      "Try up to 3 variations of src/add.js against `npm test` in private copies of the workspace, for at most 30 s.\nFirst only: node test/add.test.js\nThe workspace itself stays as it is.",
    );
    assert.deepEqual(tryEdits.risk(parsed).effects, ["execute"]);
    assert.equal(tryEdits.risk(parsed).line, "npm test");
  });
});
