// The rules of a window, as settings and files change under it.

import { strict as assert } from "node:assert";
import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import { WorkFolder } from "../../../src/vscode/folders.ts";
import { RuleBook } from "../../../src/vscode/policy/rule-book.ts";
import { fileIn, until, uriIn } from "./workspace.ts";

const rule = (id: string) => ({ id, match: { tool: ["run_command"], line: ["npm test"] }, verdict: "allow", why: "Tests." });
const memory: vscode.Memento = { keys: () => [], get: <T>(_key: string, otherwise?: T) => otherwise, update: async () => undefined };

describe("the rules of a window", () => {
  const folder = new WorkFolder(memory);
  const book = new RuleBook(folder);
  const settings = () => vscode.workspace.getConfiguration("proviso");
  const ids = async (): Promise<readonly string[]> => (await book.page()).rules.map(({ rule: { id } }) => id);

  after(async () => {
    await settings().update("policy.rules", undefined, vscode.ConfigurationTarget.Global);
    await rm(uriIn(".proviso").fsPath, { recursive: true, force: true });
    book.dispose();
    folder.dispose();
  });

  it("follow the setting while the window is open, and stay as they were where it cannot be read", async () => {
    assert.ok(!(await ids()).includes("mine.tests"));
    await settings().update("policy.rules", [rule("mine.tests")], vscode.ConfigurationTarget.Global);
    await until(async () => (await ids()).includes("mine.tests"));
    await settings().update("policy.rules", [{ ...rule("mine.other"), verdict: "perhaps" }], vscode.ConfigurationTarget.Global);
    await until(async () => (await book.page()).problems.length > 0);
    const { problems } = await book.page();
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /proviso\.policy\.rules.*verdict/s);
    assert.ok((await ids()).includes("mine.tests"), "the rules before it stay in force");
    await settings().update("policy.rules", undefined, vscode.ConfigurationTarget.Global);
    await until(async () => !(await ids()).includes("mine.tests"));
    assert.deepEqual((await book.page()).problems, []);
  });

  it("follow the repository's file, which may only tighten", async () => {
    await fileIn(".proviso/policy.json", JSON.stringify({ rules: [{ ...rule("team.no-tests"), verdict: "deny" }] }));
    await until(async () => (await ids()).includes("team.no-tests"));
    await fileIn(".proviso/policy.json", "{ rules");
    await until(async () => (await book.page()).problems.some((one) => /policy\.json:\d+/.test(one)));
    assert.ok((await ids()).includes("team.no-tests"));
  });
});
