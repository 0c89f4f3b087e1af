import { strict as assert } from "node:assert";
import { chmod } from "node:fs/promises";
import * as vscode from "vscode";
import { sha256 } from "../../../src/node/digest.ts";
import { openFiles } from "../../../src/node/files.ts";
import { overBuffers } from "../../../src/vscode/buffers.ts";
import { fileIn, textOf, valueOf, workspaceFolder } from "./workspace.ts";

const signal = new AbortController().signal;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("files as the editor holds them", () => {
  const files = async () => overBuffers(valueOf(await openFiles(workspaceFolder())), sha256);
  const read = async (path: string) => valueOf(await (await files()).read(path, { maxBytes: 1e6 }, signal));

  it("are read with what was typed and not saved", async () => {
    const uri = await fileIn("typed.txt", "saved\n");
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "typed, "));
    const image = await read(uri.fsPath);
    assert.equal(new TextDecoder().decode(image.bytes), "typed, saved\n");
    assert.equal(image.digest, sha256("typed, saved\n"));
    assert.equal(await textOf(uri), "saved\n", "the disk still holds what was saved");
  });

  it("keep their line ends and their mark of encoding", async () => {
    const uri = await fileIn("windows.txt", "\ufeffone\r\ntwo\r\n");
    const editor = await vscode.window.showTextDocument(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), "typed "));
    assert.deepEqual([...(await read(uri.fsPath)).bytes], [...bytes("\ufeffone\r\ntyped two\r\n")]);
  });

  for (const dirty of [true, false]) {
    it(`are changed through the editor where they are open${dirty ? " with unsaved words" : ""}, so that undo takes the change back`, async () => {
      const uri = await fileIn(`open-${dirty}.txt`, "one\ntwo\n");
      const editor = await vscode.window.showTextDocument(uri);
      if (dirty) await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "zero\n"));
      const before = await read(uri.fsPath);
      const was = editor.document.getText();
      valueOf(await (await files()).swap(uri.fsPath, before.digest, bytes(was.replace("two", "TWO"))));
      assert.equal(editor.document.getText(), was.replace("two", "TWO"));
      assert.equal(await textOf(uri), was.replace("two", "TWO"), "and saved");
      assert.equal(editor.document.isDirty, false);
      await vscode.window.showTextDocument(editor.document);
      await vscode.commands.executeCommand("undo");
      assert.equal(editor.document.getText(), was);
    });
  }

  it("are not changed when they are no longer what was shown", async () => {
    const uri = await fileIn("stale.txt", "one\n");
    const editor = await vscode.window.showTextDocument(uri);
    const before = await read(uri.fsPath);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "typed meanwhile\n"));
    const swapped = await (await files()).swap(uri.fsPath, before.digest, bytes("two\n"));
    assert.equal(swapped.ok ? "" : swapped.fault.kind, "stale");
    assert.equal(editor.document.getText(), "typed meanwhile\none\n");
  });

  for (const open of [true, false]) {
    it(`are left as they are where they are read-only${open ? " and open" : ""}, with a sentence`, async () => {
      const uri = await fileIn(`fixed-${open}.txt`, "one\n");
      await chmod(uri.fsPath, 0o444);
      if (open) await vscode.window.showTextDocument(uri);
      const before = await read(uri.fsPath);
      const swapped = await (await files()).swap(uri.fsPath, before.digest, bytes("two\n"));
      assert.match(swapped.ok ? "" : swapped.fault.message, /is read-only; make it writable first/);
      assert.equal(await textOf(uri), "one\n");
      assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), "one\n");
    });
  }

  it("that are not open are left to the disk", async () => {
    const uri = await fileIn("closed.txt", "one\n");
    const before = await read(uri.fsPath);
    valueOf(await (await files()).swap(uri.fsPath, before.digest, bytes("two\n")));
    assert.equal(await textOf(uri), "two\n");
    assert.equal(
      vscode.workspace.textDocuments.some((document) => document.uri.fsPath === uri.fsPath),
      false,
    );
  });
});
