import { strict as assert } from "node:assert";
import { editorAnswers, plainAnswers, type Server } from "../../../../support/language-server.ts";
import { askRules, rulesRequest, talk } from "../../../../support/rules-talk.ts";

const go = (): Server => ({
  files: new Map([
    ["parse.go", "func parse(s string) int {\n  return 1\n}\n"],
    ["main.go", 'func main() {\n  parse("1")\n}\n'],
  ]),
});
const ts = (): Server => ({
  files: new Map([
    ["a.ts", "export function parse(s: string) {\n  return s;\n}\n"],
    ["b.ts", 'import { parse } from "./a.ts";\nparse("parse");\n'],
  ]),
});
const used = (talked: Awaited<ReturnType<typeof talk>>): string[] => [...new Set(talked.calls.map(({ tool }) => tool))];

describe("names that a language server knows", () => {
  it("are renamed by it, in a language without a grammar here", async () => {
    const server = go();
    const talked = await talk("rename parse to read", editorAnswers(server));
    assert.deepEqual([...server.files.values()], ["func read(s string) int {\n  return 1\n}\n", 'func main() {\n  read("1")\n}\n']);
    assert.match(talked.text, /^Renamed parse to read in 2 files, by the language server:\n- main\.go:2\n- parse\.go:1/);
  });

  it("are renamed by syntax trees where the server answers nothing", async () => {
    const server = { ...ts(), knows: /never/ };
    const talked = await talk("rename parse to read", editorAnswers(server));
    assert.ok(used(talked).includes("edit_file") && !used(talked).includes("rename"));
    assert.equal(server.files.get("b.ts"), 'import { read } from "./a.ts";\nread("parse");\n');
  });

  it("are not renamed another way when the person says no", async () => {
    const server = ts();
    const talked = await talk("rename parse to read", {
      ...editorAnswers(server),
      rename: () => ({ ok: false, fault: { kind: "denied", message: "Rejected: not now.", retry: false } }),
    });
    assert.match(talked.fault?.message ?? talked.text, /Nothing was renamed: Rejected: not now/);
    assert.ok(!used(talked).includes("edit_file"));
  });

  it("are not renamed to what is taken, nor when they are several things", async () => {
    const taken = { files: new Map([["a.ts", "export function parse() {}\nexport function read() {}\n"]]) };
    assert.match((await talk("rename parse to read", editorAnswers(taken))).fault?.message ?? "", /read is already taken at a\.ts:2/);
    const two = {
      files: new Map([
        ["a.ts", "function parse() {}\n"],
        ["b.ts", "function parse() {}\n"],
      ]),
    };
    const answers = {
      ...editorAnswers(two),
      references: ({ path }: { path: string }) => ({ ok: true as const, value: { text: `${path}:1: function parse() {}` } }),
    };
    assert.match((await talk("rename parse to read", answers)).fault?.message ?? "", /several things: a\.ts:1, b\.ts:1/);
  });

  it("have their usages told by it, with what the trees add", async () => {
    const talked = await talk("find usages of parse", editorAnswers(ts()));
    assert.equal(
      talked.text,
      'parse is used in 2 places in one file, as the language server knows it.\nDefined at a.ts:1.\n- b.ts:1 (import) import { parse } from "./a.ts";\n- b.ts:2 (call) parse("parse");',
    );
    assert.match(
      (await talk("where is parse used?", editorAnswers(go()))).text,
      /used in one place in one file, as the language server knows it\.\nDefined at parse\.go:1/,
    );
  });

  it("have their usages told by the trees where it knows none", async () => {
    const talked = await talk("find usages of parse", editorAnswers({ ...ts(), knows: /never/ }));
    assert.match(talked.text, /^parse is used in 2 places/);
    assert.doesNotMatch(talked.text, /language server/);
  });

  it("have their definition told by it, in any language", async () => {
    assert.equal(
      (await talk("where is parse defined?", editorAnswers(go()))).text,
      "parse is defined here:\n- parse.go:1 func parse(s string) int {",
    );
    assert.equal(
      (await talk("where is parse defined?", editorAnswers({ ...ts(), knows: /never/ }))).text,
      "parse is defined here:\n- a.ts:1 export function parse(s: string) {",
    );
  });
});

describe("what the engine says it can do", () => {
  it("names problems and imports only where an editor is there", async () => {
    assert.match((await talk("help", editorAnswers(ts()))).text, /fix the problems in FILE/);
    assert.doesNotMatch((await talk("help", plainAnswers(ts()))).text, /problems in FILE|imports/);
  });

  it("plans such goals with a proof by what the editor reports, and refuses them elsewhere", async () => {
    const goal = "fix the problems in a.ts and rename parse to read";
    const plan = (editor: boolean): ReturnType<typeof askRules> =>
      askRules(rulesRequest(goal, [], { purpose: "plan", subject: { run: "r", goal, editor } }));
    const made = await plan(true);
    const { steps } = (made.ok ? made.value.answer : { steps: [] }) as { steps: readonly { check: unknown }[] };
    assert.deepEqual([steps.length, steps[0]?.check], [2, { by: "diagnostics", paths: ["a.ts"] }]);
    const refused = await plan(false);
    assert.match(refused.ok ? "" : refused.fault.message, /needs an editor with a language server/);
  });
});
