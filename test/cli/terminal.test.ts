// The live view in a real pseudo-terminal: `script` (util-linux) gives it one, a small emulator shows what a person would see.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine } from "../support/command-line.ts";
import { hasScript, Sitting } from "../support/sitting.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const edit = (search: string, replace: string): Line => ({
  calls: [{ tool: "edit_file", args: { path: "add.js", blocks: [{ search, replace }] } }],
});

const script = ({ answer, turn, text, last }: Cue): Line => {
  if (answer === "plan") {
    return {
      answer: {
        steps: [
          { id: "mend", goal: "Make add() add", role: "coder", needs: [], check: { by: "command", line: "node test.js" } },
          { id: "tell", goal: "Say where it was", role: "researcher", needs: ["mend"], check: { by: "citation" } },
        ],
      },
    };
  }
  if (text.includes("Your step: Say where")) return { text: ["It was ", "in add.js:1."] };
  if (turn === 0) return edit("a - b", "a * b");
  if (turn === 1) return /rejected this: use plus/.test(last) ? edit("a - b", "a + b") : { text: "I give up." };
  return turn === 2 ? { calls: [{ tool: "run_command", args: { line: "node greet.js before" } }] } : { text: "add() adds." };
};

describe("proviso run at a terminal", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  let sitting: Sitting | undefined;
  before(function () {
    if (!hasScript) this.skip();
  });
  beforeEach(async () => {
    server = await startScriptedServer(script);
    const files: [string, string][] = [
      ["add.js", "export const add = (a, b) => a - b;\n"],
      ["greet.js", "console.log(process.argv[2]);\n"],
      ["package.json", '{"type":"module"}\n'],
      ["test.js", 'import { add } from "./add.js";\nif (add(2, 3) !== 5) throw new Error("wrong");\n'],
    ];
    cli = new CommandLine(files, { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
  });
  afterEach(async () => {
    sitting?.kill();
    cli.remove();
    await server.close();
  });

  for (const columns of [60, 160]) {
    it(`asks for the plan, a change and a command, takes a reason and an edit, and ends proved, at ${columns} columns`, async () => {
      sitting = new Sitting(cli, ["run", "Make add() add and then say where it was"], { columns, rows: 40 });
      const { screen } = sitting;
      await sitting.answer(/y approve plan/, "y");
      await screen.shows(/\? Change add\.js\?/);
      await screen.shows(/ {4}-export const add = \(a, b\) => a - b;\n {4}\+export const add = \(a, b\) => a \* b;/);
      await sitting.answer(/y apply/, "n");
      await screen.shows(/why\?/);
      sitting.press("use plus\r");
      await screen.shows(/rejected by you/);
      await screen.shows(/a \+ b;/);
      await sitting.answer(/y apply/, "y");
      await sitting.answer(/y run/, "e");
      await screen.shows(/command › node greet.js before/);
      sitting.press("\x15node greet.js after\r");
      await screen.shows(/changed by you, to be judged anew/);
      await sitting.answer(/to be judged anew[\s\S]*\? Run a command\?[\s\S]*y run/, "y");
      await screen.shows(/run_command node greet\.js after {2}exit 0/);
      const code = await sitting.ended;
      assert.equal(code, 0, screen.text);
      assert.match(screen.text, /✔ done, proved/);
      assert.match(screen.text, /It was in add\.js:1\./);
      // What was only for the moment is gone: no status, no keys, no half-drawn row.
      assert.doesNotMatch(screen.text, /thinking|⠋|y apply|command ›/);
      assert.ok(screen.text.split("\n").every((line) => line.length <= columns));
      assert.equal(readFileSync(join(cli.workspace, "add.js"), "utf8"), "export const add = (a, b) => a + b;\n");
    });
  }

  it("is stopped by Ctrl+C with 130, says how to go on, and gives the terminal back", async () => {
    sitting = new Sitting(cli, ["run", "Make add() add and then say where it was"], { columns: 80, rows: 24 });
    await sitting.screen.shows(/y approve plan/);
    sitting.press("\x03");
    assert.equal(await sitting.ended, 130);
    assert.match(sitting.screen.text, /■ stopped by you[\s\S]*proviso resume \S+ goes on from here/);
    assert.ok(sitting.screen.raw.endsWith("\n"));
    assert.ok(sitting.screen.raw.includes("\x1b[?2004l"));
  });

  it("stands still on Ctrl+Z, gives the terminal back, and draws itself again when it goes on", async () => {
    const job = (line: string): string => `bash -mc "${line}; echo it stands still; fg %1"`;
    sitting = new Sitting(cli, ["run", "Make add() add and then say where it was"], { columns: 80, rows: 24 }, job);
    const { screen } = sitting;
    await screen.shows(/y approve plan/);
    sitting.press("\x1a");
    await screen.shows(/it stands still/);
    assert.ok(screen.raw.slice(0, screen.raw.indexOf("it stands still")).includes("\x1b[?2004l"));
    await sitting.answer(/it stands still[\s\S]*y approve plan/, "\x03");
    assert.equal(await sitting.ended, 130);
  });

  it("ends the run as cancelled when its terminal is closed", async () => {
    sitting = new Sitting(cli, ["run", "Make add() add and then say where it was"], { columns: 80, rows: 24 });
    await sitting.screen.shows(/y approve plan/);
    sitting.kill();
    const listed = async (): Promise<string> => (await cli.run("runs", "--json")).out;
    let now = await listed();
    for (let i = 0; i < 50 && now.includes('"running"'); i++) now = await listed();
    assert.match(now, /"outcome":"cancelled"/);
  });

  it("takes a line as steering while it works", async () => {
    const slow = await startScriptedServer(({ answer, text }) => {
      if (answer === "plan")
        return { answer: { steps: [{ id: "a", goal: "Look", role: "researcher", needs: [], check: { by: "citation" } }] } };
      return text.includes("in French")
        ? { text: "C'est add.js:1." }
        : {
            calls: [
              { tool: "run_command", args: { line: "sleep 1" } },
              { tool: "read_file", args: { path: "add.js" } },
            ],
          };
    });
    cli.env["OPENAI_BASE_URL"] = slow.url;
    try {
      sitting = new Sitting(cli, ["run", "Look at it and then answer"], { columns: 100, rows: 24 });
      await sitting.screen.shows(/step 1|working/);
      sitting.press("in French\r");
      await sitting.screen.shows(/› in French/);
      assert.equal(await sitting.ended, 0, sitting.screen.text);
      assert.match(sitting.screen.text, /C'est add\.js:1\./);
    } finally {
      await slow.close();
    }
  });
});
