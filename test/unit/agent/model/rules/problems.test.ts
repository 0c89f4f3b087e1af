import { strict as assert } from "node:assert";
import { type Lint, editorAnswers, plainAnswers } from "../../../../support/language-server.ts";
import { talk } from "../../../../support/rules-talk.ts";

const noVar: Lint = { on: /\bvar\b/, message: "Unexpected var.", severity: "warning", fix: (line) => line.replace("var", "let") };
const loose: Lint = { on: /[^=]==[^=]/, message: "Expected '===' and instead saw '=='.", fix: (line) => line.replace("==", "===") };
const unknown: Lint = { on: /\bmystery\b/, message: "Cannot find name 'mystery'." };
const file = (text: string): Map<string, string> => new Map([["src/a.ts", text]]);
const asked = (talked: Awaited<ReturnType<typeof talk>>, tool: string): number => talked.calls.filter((call) => call.tool === tool).length;

describe("fix the problems", () => {
  it("applies a fix for each and looks again after each", async () => {
    const files = file("var a = 1;\nif (a == 2) b();\n");
    const talked = await talk("Fix the problems in src/a.ts", editorAnswers({ files, lints: [noVar, loose] }));
    assert.equal(files.get("src/a.ts"), "let a = 1;\nif (a === 2) b();\n");
    assert.equal(talked.text, "Fixed 2 problems:\n- src/a.ts:1 Unexpected var.\n- src/a.ts:2 Expected '===' and instead saw '=='.");
  });

  it("takes what the server fixes at once in one go", async () => {
    const files = file("var a;\nvar b;\nvar c;\n");
    const talked = await talk("fix all the lint warnings in src/a.ts", editorAnswers({ files, lints: [{ ...noVar, automatic: true }] }));
    assert.equal(files.get("src/a.ts"), "let a;\nlet b;\nlet c;\n");
    assert.deepEqual([asked(talked, "code_actions"), asked(talked, "diagnostics")], [1, 2]);
    assert.match(talked.text, /^Fixed 3 problems:/);
  });

  it("names what has no fix and tries it once", async () => {
    const files = file("mystery();\nvar a;\nmystery(a);\n");
    const talked = await talk("fix the problems in src/a.ts", editorAnswers({ files, lints: [unknown, noVar] }));
    assert.match(
      talked.text,
      /Fixed one problem:\n- src\/a\.ts:2 .*\nLeft are 2 problems:\n- src\/a\.ts:1 Cannot find name 'mystery'\. \(No quickfix is offered for src\/a\.ts\)/,
    );
    assert.equal(talked.calls.filter(({ input }) => JSON.stringify(input).includes("mystery")).length, 1);
  });

  it("does not go on with a fix that changes nothing", async () => {
    const files = file("var a;\n");
    const talked = await talk("fix the problems in src/a.ts", editorAnswers({ files, lints: [{ ...noVar, fix: (line) => line }] }));
    assert.equal(asked(talked, "code_actions"), 1);
    assert.match(talked.text, /^Nothing was fixed\. Left are one problem:\n.*its fix was made and it is still reported/);
  });

  it("ends when two fixes undo each other, and says that it came back", async () => {
    const files = file("one\n");
    const back: readonly Lint[] = [
      { on: /one/, message: "Write two.", fix: () => "two" },
      { on: /two/, message: "Write one.", fix: () => "one" },
    ];
    const talked = await talk("fix the problems in src/a.ts", editorAnswers({ files, lints: back }));
    assert.equal(asked(talked, "code_actions"), 2);
    assert.match(talked.text, /it came back after it was fixed/);
  });

  it("says which problems its fixes brought up", async () => {
    const files = file("var a;\n");
    const talked = await talk(
      "fix the problems in src/a.ts",
      editorAnswers({ files, lints: [{ ...noVar, fix: () => "mystery;" }, unknown] }),
    );
    assert.match(talked.text, /Fixed one problem:[^]*brought up one problem:\n- src\/a\.ts:1 Cannot find name 'mystery'/);
  });

  it("keeps to what one step may take and says that more is left", async () => {
    const lints = Array.from({ length: 30 }, (_, i): Lint => ({ on: new RegExp(`\\bx${i}\\b`), message: `No x${i}.`, fix: () => "ok" }));
    const files = file(Array.from({ length: 30 }, (_, i) => `x${i}`).join("\n"));
    const talked = await talk("fix the problems in src/a.ts", editorAnswers({ files, lints }));
    assert.ok(talked.turns < 40, `${talked.turns} turns`);
    assert.match(talked.text, /too much for one step/);
  });

  it("goes through every file with problems when none is named, and leaves hints alone", async () => {
    const files = new Map([
      ["a.ts", "var a;"],
      ["b.ts", "var b;"],
      ["c.ts", "hint;"],
    ]);
    await talk(
      "fix the problems",
      editorAnswers({ files, lints: [noVar, { on: /hint/, message: "A hint.", severity: "hint", fix: () => "" }] }),
    );
    assert.deepEqual([...files.values()], ["let a;", "let b;", "hint;"]);
  });

  it("changes nothing where nothing is reported", async () => {
    const talked = await talk("fix the problems in src/a.ts", editorAnswers({ files: file("let a;\n") }));
    assert.deepEqual([talked.text, talked.calls.length], ["No problems are reported in src/a.ts; there is nothing to fix.", 1]);
  });

  it("needs an editor with a language server and says so", async () => {
    const talked = await talk("fix the problems in src/a.ts", plainAnswers({ files: file("var a;") }));
    assert.match(talked.fault?.message ?? talked.text, /needs an editor with a language server/);
  });
});

describe("fix the problem at a place", () => {
  it("fixes that one and no other", async () => {
    const files = file("var a = 1;\nif (a == 2) b();\n");
    const talked = await talk(
      "Fix the problem at src/a.ts:2: Expected '===' and instead saw '=='.",
      editorAnswers({ files, lints: [noVar, loose] }),
    );
    assert.equal(files.get("src/a.ts"), "var a = 1;\nif (a === 2) b();\n");
    assert.match(talked.text, /^Fixed one problem:\n- src\/a\.ts:2/);
  });

  it("takes hints too, because a person pointed at it", async () => {
    const files = file("hint;\n");
    await talk(
      "Fix the problem at src/a.ts:1: A hint, and then some",
      editorAnswers({ files, lints: [{ on: /hint/, message: "A hint, and then some", severity: "hint", fix: () => "" }] }),
    );
    assert.equal(files.get("src/a.ts"), "\n");
  });

  it("does nothing when it is no longer reported", async () => {
    const talked = await talk("fix this problem at src/a.ts:9: Gone.", editorAnswers({ files: file("var a;\n"), lints: [noVar] }));
    assert.match(talked.text, /no longer; there is nothing to fix/);
    assert.equal(asked(talked, "code_actions"), 0);
  });

  it("takes what stands on the line where no message is given", async () => {
    const files = file("var a;\nvar b == 2;\n");
    await talk("fix the problem at src/a.ts:2", editorAnswers({ files, lints: [loose] }));
    assert.equal(files.get("src/a.ts"), "var a;\nvar b === 2;\n");
  });
});

describe("organise imports", () => {
  const messy = 'import { b } from "b";\nimport { a } from "a";\nlet x;';

  it("lets the server do it in the named file alone", async () => {
    const files = new Map([
      ["src/a.ts", messy],
      ["src/b.ts", messy],
    ]);
    const talked = await talk("Organize imports in src/a.ts", editorAnswers({ files }));
    assert.deepEqual([files.get("src/a.ts")?.startsWith("import { a }"), files.get("src/b.ts")], [true, messy]);
    assert.equal(talked.text, "Organised the imports of one file:\n- src/a.ts");
  });

  it("does all source files of the workspace where none is named", async () => {
    const files = new Map([
      ["src/a.ts", messy],
      ["src/b.ts", "let y;"],
      ["README.md", messy],
    ]);
    const talked = await talk("organise the imports", editorAnswers({ files }));
    assert.equal(files.get("README.md"), messy);
    assert.match(talked.text, /one file:\n- src\/a\.ts\nIn one other file there was nothing to organise/);
  });

  it("tells of errors that it brought up", async () => {
    const late: Lint = { on: /^import \{ a \}/, message: "No errors before.", severity: "error" };
    const files = file(messy.replace("import { a }", "import  { a }"));
    const talked = await talk("organise imports in src/a.ts", {
      ...editorAnswers({ files, lints: [late] }),
      code_actions: ({ path }: { path: string }) => {
        files.set(path, messy);
        return { ok: true, value: { text: "Changed." } };
      },
    });
    assert.match(talked.text, /brought up these errors:\n- src\/a\.ts:2 No errors before/);
  });
});
