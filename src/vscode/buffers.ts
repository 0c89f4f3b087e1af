// Files as the editor holds them: an open, unsaved document is the truth and is what tools read; a change to an open document goes
// through one WorkspaceEdit, so that Ctrl+Z undoes it, and is saved after. Everything else is left to the files on disk.

import * as vscode from "vscode";
import { fail, ok, type Result } from "../agent/result.ts";
import { decode, encodeLike } from "../agent/edit/text.ts";
import type { FileImage } from "../agent/file-image.ts";
import type { Files } from "../agent/world.ts";
import { middle, openDocument, swapTogether } from "./swap-together.ts";

export function overBuffers(disk: Files, digest: (bytes: Uint8Array) => string): Files {
  const read: Files["read"] = async (path, options, signal) => {
    const image = await disk.read(path, options, signal);
    const document = dirtyDocument(path);
    if (!document || (!image.ok && image.fault.kind !== "missing")) return image;
    const bytes = bufferBytes(document, image.ok ? image.value.bytes : undefined);
    return bytes.ok ? ok({ bytes: bytes.value, digest: digest(bytes.value), mode: image.ok ? image.value.mode : 0o644 }) : bytes;
  };
  const swap: Files["swap"] = async (path, before, after, mode) => {
    const document = openDocument(path);
    if (!document || after === null || before === null) return disk.swap(path, before, after, mode);
    const now = await read(path, { maxBytes: Number.POSITIVE_INFINITY }, new AbortController().signal);
    if (!now.ok) return now;
    if (now.value.digest !== before)
      return fail("stale", `${vscode.workspace.asRelativePath(document.uri)} changed meanwhile; read it again.`);
    // VS Code would show the change and then fail to save it.
    if ((now.value.mode & 0o222) === 0)
      return fail("denied", `${vscode.workspace.asRelativePath(document.uri)} is read-only; make it writable first, or leave it alone.`);
    return document.isDirty ? replaceText(document, now.value, after) : swapClean(disk, document, { path, before, after, mode });
  };
  return { ...disk, read, swap, swapAll: (swaps) => swapTogether({ disk, read }, swaps) };
}

function dirtyDocument(path: string): vscode.TextDocument | undefined {
  const document = openDocument(path);
  return document?.isDirty ? document : undefined;
}

/** The document's text in the encoding of the file it came from. */
function bufferBytes(document: vscode.TextDocument, stored: Uint8Array | undefined): Result<Uint8Array> {
  const coding = stored ? decode(stored) : undefined;
  return encodeLike(document.getText(), coding?.ok ? coding.value : undefined);
}

async function replaceText(document: vscode.TextDocument, image: FileImage, after: Uint8Array): Promise<Result<void>> {
  const text = decode(after);
  if (!text.ok) return text;
  const old = decode(image.bytes);
  const edit = new vscode.WorkspaceEdit();
  const { start, end, insert } = middle(old.ok ? old.value.text : document.getText(), text.value.text);
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), insert);
  if (!(await vscode.workspace.applyEdit(edit)))
    return fail("unavailable", `VS Code refused to change ${document.fileName}; close what blocks it and try again.`);
  return (await document.save())
    ? ok(undefined)
    : fail("unavailable", `${document.fileName} was changed in the editor but could not be saved; save it by hand.`);
}

/** An open document without unsaved changes: changed in the editor where its text is all there is to change, on disk otherwise. */
async function swapClean(
  disk: Files,
  document: vscode.TextDocument,
  {
    path,
    before,
    after,
    mode,
  }: { readonly path: string; readonly before: string; readonly after: Uint8Array; readonly mode: number | undefined },
): Promise<Result<void>> {
  const image = await disk.read(path, { maxBytes: Number.POSITIVE_INFINITY }, new AbortController().signal);
  if (!image.ok) return image;
  if (image.value.digest !== before) return fail("stale", `${document.fileName} changed on disk meanwhile; read it again.`);
  const stored = decode(image.value.bytes);
  // The buffer may hold an older text for a moment after the file changed outside; then the file is what counts.
  if (!stored.ok || stored.value.text !== document.getText()) return disk.swap(path, before, after, mode);
  return replaceText(document, image.value, after);
}
