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

  const swapAll = async (swaps: readonly { uri: vscode.Uri; from: string | null; to: string | null }[]) =>
    (await files()).swapAll(
      swaps.map(({ uri, from, to }) => ({
        path: uri.fsPath,
        before: from === null ? null : sha256(from),
        after: to === null ? null : bytes(to),
      })),
    );
  const there = (uri: vscode.Uri): Promise<boolean> =>
    Promise.resolve(vscode.workspace.fs.stat(uri)).then(
      () => true,
      () => false,
    );

  it("are changed together as one act: saved, created and deleted at once", async () => {
    const open = await fileIn("set/open.txt", "one\n");
    const closed = await fileIn("set/closed.txt", "\ufefftwo\r\n");
    const gone = await fileIn("set/gone.txt", "three\n");
    const made = vscode.Uri.joinPath(open, "../deep/made.txt");
    const editor = await vscode.window.showTextDocument(open);
    valueOf(
      await swapAll([
        { uri: open, from: "one\n", to: "ONE\n" },
        { uri: closed, from: "\ufefftwo\r\n", to: "\ufeffTWO\r\n" },
        { uri: gone, from: "three\n", to: null },
        { uri: made, from: null, to: "new\n" },
      ]),
    );
    assert.deepEqual(
      [await textOf(open), await textOf(closed), await textOf(made), await there(gone)],
      ["ONE\n", "\ufeffTWO\r\n", "new\n", false],
    );
    await vscode.window.showTextDocument(editor.document);
    assert.equal(editor.document.isDirty, false);
  });

  it("are not touched at all when one of them holds something else", async () => {
    const one = await fileIn("none/one.txt", "one\n");
    const two = await fileIn("none/two.txt", "two, by hand\n");
    const swapped = await swapAll([
      { uri: one, from: "one\n", to: "ONE\n" },
      { uri: two, from: "two\n", to: "TWO\n" },
    ]);
    assert.equal(swapped.ok ? "" : swapped.fault.kind, "stale");
    assert.deepEqual([await textOf(one), await textOf(two)], ["one\n", "two, by hand\n"]);
  });

  it("tell what they hold after the editor saved them in its own way", async () => {
    const uri = await fileIn("trimmed.txt", "one\ntwo\n");
    await vscode.window.showTextDocument(uri);
    const configuration = vscode.workspace.getConfiguration("files");
    await configuration.update("trimTrailingWhitespace", true, vscode.ConfigurationTarget.Global);
    try {
      const [landed] = valueOf(await swapAll([{ uri, from: "one\ntwo\n", to: "one   \ntwo\nthree   \n" }]));
      assert.equal(await textOf(uri), "one\ntwo\nthree\n");
      assert.equal(landed?.digest, sha256("one\ntwo\nthree\n"));
    } finally {
      await configuration.update("trimTrailingWhitespace", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("keep mixed line ends byte for byte, which the editor alone would not", async () => {
    const uri = await fileIn("mixed.txt", "one\r\ntwo\nthree\n");
    valueOf(await swapAll([{ uri, from: "one\r\ntwo\nthree\n", to: "one\r\nTWO\nthree\r\n" }]));
    assert.equal(await textOf(uri), "one\r\nTWO\nthree\r\n");
  });

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
