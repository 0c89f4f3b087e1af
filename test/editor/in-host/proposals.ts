import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { Change } from "../../../src/agent/tool/tool.ts";
import { Proposals } from "../../../src/vscode/proposals.ts";
import { until } from "./workspace.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const change = (shown: string, before: string | null, after: string): Change => ({
  path: `/w/${shown}`,
  shown,
  before: before === null ? null : { bytes: bytes(before), digest: "d", mode: 0o644 },
  after: bytes(after),
});
const diffs = (): readonly vscode.TabInputTextDiff[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputTextDiff ? [input] : []));

describe("a proposed change", () => {
  let proposals: Proposals;
  before(() => {
    proposals = new Proposals("proviso-test");
  });
  after(() => proposals.dispose());
  afterEach(async () => {
    for (const key of proposals.keys) await proposals.withdraw(key);
  });

  it("opens as a diff of the file as it is and as it would be, under the file's own name", async () => {
    proposals.offer("k1", [change("src/a.js", "one\n", "two\n")], { editable: true });
    assert.equal(await proposals.show("k1", { focus: true }), true);
    const [diff] = diffs();
    assert.ok(diff);
    assert.equal(diff.modified.path, "/src/a.js");
    assert.equal(proposals.keyOf(diff.modified), "k1");
    assert.equal((await vscode.workspace.openTextDocument(diff.original)).getText(), "one\n");
    assert.equal((await vscode.workspace.openTextDocument(diff.modified)).getText(), "two\n");
  });

  it("is what stands at the right when it is reviewed, typed words included", async () => {
    proposals.offer("k2", [change("src/b.js", "one\n", "two\n")], { editable: true });
    await proposals.show("k2", { focus: true });
    assert.deepEqual(proposals.review("k2"), [{ path: "src/b.js", base: "one\n", text: "two\n", edited: false }]);
    await until(() => vscode.window.activeTextEditor?.document.getText() === "two\n");
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), "mine "));
    assert.deepEqual(proposals.review("k2"), [{ path: "src/b.js", base: "one\n", text: "mine two\n", edited: true }]);
  });

  it("leaves when it is decided, asked twice or not, without a question about unsaved words", async () => {
    proposals.offer("k3", [change("src/c.js", null, "new\n"), change("src/d.js", "x\n", "y\n")], { editable: true });
    await proposals.show("k3", { focus: true });
    await until(() => vscode.window.activeTextEditor !== undefined);
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), "typed "));
    assert.equal(diffs().length, 2);
    await Promise.all([proposals.withdraw("k3"), proposals.withdraw("k3")]);
    assert.equal(diffs().length, 0);
    assert.deepEqual([...proposals.keys], []);
    assert.equal(await proposals.show("k3", { focus: false }), false);
  });

  it("cannot be typed into where a server computed it", async () => {
    proposals.offer("k4", [change("src/e.js", "one\n", "two\n")], { editable: false });
    await proposals.show("k4", { focus: true });
    const [diff] = diffs();
    assert.ok(diff);
    assert.equal(proposals.stat(diff.modified).permissions, vscode.FilePermission.Readonly);
  });
});
