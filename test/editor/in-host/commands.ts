// What commands of the palette, the code action and the keys really do in a window: goals that end up in a journal, keys nobody else has.

import { strict as assert } from "node:assert";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { fileIn, until } from "./workspace.ts";

/** The goals of all runs that this extension host has begun. */
async function goals(): Promise<readonly string[]> {
  const home = process.env["PROVISO_HOME"] ?? "";
  const files = await readdir(home, { recursive: true }).catch(() => []);
  const journals = files.filter((path) => path.endsWith("journal.jsonl"));
  return Promise.all(
    journals.map(async (path) => {
      const [first = ""] = (await readFile(join(home, path), "utf8")).split("\n");
      return /"goal":("(?:[^"\\]|\\.)*")/.exec(first)?.[1] ?? "";
    }),
  );
}

async function begun(goal: string): Promise<void> {
  await until(async () => (await goals()).includes(JSON.stringify(goal)));
  await vscode.commands.executeCommand("proviso.stop");
  await vscode.commands.executeCommand("proviso.newRun");
}

describe("a command", () => {
  const problems = vscode.languages.createDiagnosticCollection("test");
  before(() => vscode.extensions.getExtension("proviso.proviso")?.activate());
  after(() => problems.dispose());

  it("fixes a problem from where VS Code offers fixes, by its place and its words", async () => {
    const uri = await fileIn("odd.txt", "one\ntwo\n");
    await vscode.window.showTextDocument(uri);
    const range = new vscode.Range(1, 0, 1, 3);
    problems.set(uri, [new vscode.Diagnostic(range, "two is odd", vscode.DiagnosticSeverity.Warning)]);
    const offered = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, range);
    const fix = offered.find(({ title }) => title === "Fix with Proviso");
    assert.ok(fix?.command);
    const words: readonly unknown[] = fix.command.arguments ?? [];
    await vscode.commands.executeCommand(fix.command.command, ...words);
    await begun("Fix the problem at odd.txt:2: two is odd");
  });

  it("fixes the problem at the cursor, and the failing test", async () => {
    const uri = await fileIn("even.txt", "one\ntwo\n");
    const editor = await vscode.window.showTextDocument(uri);
    problems.set(uri, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 3), "one is even", vscode.DiagnosticSeverity.Error)]);
    editor.selection = new vscode.Selection(0, 1, 0, 1);
    await vscode.commands.executeCommand("proviso.fixProblem");
    await begun("Fix the problem at even.txt:1: one is even");
    await vscode.commands.executeCommand("proviso.fixTest");
    await begun("Fix the failing test");
  });

  it("asks about what is selected, with the words that are typed", async () => {
    const editor = await vscode.window.showTextDocument(await fileIn("asked.txt", "alpha\nbeta\n"));
    editor.selection = new vscode.Selection(1, 0, 1, 4);
    let over = false;
    const asking = vscode.commands.executeCommand("proviso.askSelection").then(() => {
      over = true;
    });
    // Accepts "Explain this" as soon as the box is there.
    await until(async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return over;
    });
    await asking;
    await until(async () => (await goals()).some((goal) => goal.startsWith('"Explain this: asked.txt:2') && goal.includes("beta")));
  });
});

interface Binding {
  readonly key: string;
  readonly command: string;
  readonly when?: string;
}

describe("a key", () => {
  /** Those that mean something else too, each told apart by where the focus is. */
  const shared: Readonly<Record<string, RegExp>> = {
    "alt+n": /chat|Chat/,
    "alt+f5": /diff|change|chatEdit/i,
    "shift+alt+f5": /diff|change|chatEdit/i,
    "shift+escape": /./,
    delete: /./,
  };

  it("is bound only where Proviso is looked at, and nothing built in has it there", async () => {
    const text = (await vscode.workspace.openTextDocument(vscode.Uri.parse("vscode://defaultsettings/keybindings.json"))).getText();
    const all = JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, "").replace(/,\s*\]\s*$/, "]")) as readonly Binding[];
    const own = all.filter(({ command }) => command.startsWith("proviso."));
    assert.ok(own.length >= 10, `${own.length} keys`);
    for (const { key, when } of own) {
      assert.match(when ?? "", /proviso\./, `${key} has no place of its own`);
      const others = all.filter((other) => other.key === key && !other.command.startsWith("proviso."));
      const words = shared[key];
      for (const other of others) {
        assert.ok(words?.test(`${other.command} ${other.when ?? ""}`), `${key} is ${other.command} (${other.when ?? "everywhere"})`);
        assert.ok(other.when !== undefined, `${key} is ${other.command} everywhere`);
      }
    }
  });
});
