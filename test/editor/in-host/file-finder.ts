// What the editor offers after "@".

import { strict as assert } from "node:assert";
import { rm } from "node:fs/promises";
import * as vscode from "vscode";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import type { Policy } from "../../../src/agent/policy/rules.ts";
import { FileFinder } from "../../../src/vscode/file-finder.ts";
import { RecentFiles } from "../../../src/vscode/recent-files.ts";
import { fileIn, uriIn, workspaceFolder } from "./workspace.ts";

const closed: Policy = {
  ...shippedPolicy(),
  workspace: [
    { id: "team.closed", priority: 1, match: { effect: ["read"], path: ["mentioned/closed/**"] }, verdict: "deny", why: "Closed." },
  ],
};

describe("files offered after @", () => {
  const recent = new RecentFiles();
  const finder = (): FileFinder => new FileFinder({ policy: async () => closed, recent: () => recent.all });
  const files = () => vscode.workspace.getConfiguration("files");

  before(async () => {
    const paths = ["a.ts", "b.ts", "with space.ts", ".env", "server.key", "ignored.ts", "closed/c.ts", "hidden.ts"];
    await fileIn("mentioned/.gitignore", "ignored.ts\n");
    for (const path of paths) await fileIn(`mentioned/${path}`, "");
    await files().update("exclude", { "**/hidden.ts": true }, vscode.ConfigurationTarget.Workspace);
  });

  after(async () => {
    await files().update("exclude", undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await rm(uriIn("mentioned").fsPath, { recursive: true, force: true });
    recent.dispose();
  });

  it("are those that git and the editor show, without secrets and what the policy denies, a folder that holds such a thing included", async () => {
    const found = (await finder().find(workspaceFolder(), "mentioned/")) ?? [];
    assert.deepEqual([...found].sort(), ["mentioned/.gitignore", "mentioned/a.ts", "mentioned/b.ts", "mentioned/with space.ts"]);
  });

  it("begin with what is open, the editor in front first", async () => {
    for (const path of ["a.ts", "b.ts"]) await vscode.window.showTextDocument(uriIn(`mentioned/${path}`), { preview: false });
    assert.deepEqual((await finder().find(workspaceFolder(), ""))?.slice(0, 2), ["mentioned/b.ts", "mentioned/a.ts"]);
  });

  it("are not told to whoever has typed on meanwhile, and are none without a folder", async () => {
    const one = finder();
    const [first, second] = await Promise.all([one.find(workspaceFolder(), "men"), one.find(workspaceFolder(), "mentioned/a")]);
    assert.equal(first, undefined);
    assert.equal(second?.[0], "mentioned/a.ts");
    assert.deepEqual(await one.find(undefined, ""), []);
  });
});
