// Several files changed as one act in the editor: one WorkspaceEdit, so that one Undo takes all of it back, saved after, so that what the
// editor does on saving is done. What an editor would not store byte for byte (other encodings, mixed line ends, permission bits, what is
// no text) is left to the disk. Every file is compared before the first is touched.

import * as vscode from "vscode";
import { decode } from "../agent/edit/text.ts";
import type { FileImage } from "../agent/file-image.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Files, FileSwap, Landed } from "../agent/world.ts";

/** So many files that are not open are still changed through the editor; opening more of them would take too long. */
const mostClosed = 60;
const largest = 5_000_000;

interface Checked extends FileSwap {
  readonly now: FileImage | null;
}

type InEditor =
  | { readonly kind: "change"; readonly swap: Checked; readonly document: vscode.TextDocument; readonly text: string }
  | { readonly kind: "create" | "delete"; readonly swap: Checked; readonly uri: vscode.Uri };

export async function swapTogether(
  { disk, read }: { readonly disk: Files; readonly read: Files["read"] },
  swaps: readonly FileSwap[],
): Promise<Result<readonly Landed[]>> {
  const checked = await check(read, swaps);
  if (!checked.ok) return checked;
  const edits: InEditor[] = [];
  const others: Checked[] = [];
  let closed = 0;
  for (const swap of checked.value) {
    const isOpen = openDocument(swap.path) !== undefined;
    const way = isOpen || closed < mostClosed ? await throughEditor(swap) : undefined;
    if (way && !isOpen) closed++;
    if (way) edits.push(way);
    else others.push(swap);
  }
  const onDisk = others.length === 0 ? ok([]) : await disk.swapAll(others);
  if (!onDisk.ok) return onDisk;
  const applied = edits.length === 0 ? ok(undefined) : await apply(edits);
  if (!applied.ok) {
    const back = onDisk.value.map((landed, at) => reversed(landed, others[at]));
    await disk.swapAll(back.filter((swap) => swap !== undefined));
    return applied;
  }
  return landed(read, swaps);
}

/** Takes back what was done on disk for an edit that the editor then refused. */
function reversed({ path, digest }: Landed, swap: Checked | undefined): FileSwap | undefined {
  if (!swap) return undefined;
  const mode = swap.now ? { mode: swap.now.mode } : {};
  return {
    path,
    before: digest,
    after: swap.now?.bytes ?? null,
    ...mode,
    ...(swap.now && swap.chmod !== undefined ? { chmod: swap.now.mode } : {}),
  };
}

const never = new AbortController().signal;
const readNow = async (read: Files["read"], path: string): Promise<Result<FileImage | null>> => {
  const image = await read(path, { maxBytes: Number.POSITIVE_INFINITY }, never);
  return !image.ok && image.fault.kind === "missing" ? ok(null) : image;
};

async function check(read: Files["read"], swaps: readonly FileSwap[]): Promise<Result<readonly Checked[]>> {
  const checked: Checked[] = [];
  for (const swap of swaps) {
    const now = await readNow(read, swap.path);
    if (!now.ok) return now;
    const shown = vscode.workspace.asRelativePath(swap.path);
    if ((now.value?.digest ?? null) !== swap.before)
      return fail("stale", `${shown} holds something else than what this change was made for; read it again and propose the change anew.`);
    // VS Code would show the change and then fail to save it.
    if (now.value && (now.value.mode & 0o222) === 0 && swap.chmod === undefined)
      return fail("denied", `${shown} is read-only; make it writable first, or leave it alone.`);
    checked.push({ ...swap, now: now.value });
  }
  return ok(checked);
}

/** How the editor would do it; undefined where the disk does it better. */
async function throughEditor(swap: Checked): Promise<InEditor | undefined> {
  const { path, now, after, mode, chmod } = swap;
  const uri = vscode.Uri.file(path);
  if (after === null) return now ? { kind: "delete", swap, uri } : undefined;
  if (now === null) return mode === undefined && after.length <= largest ? { kind: "create", swap, uri } : undefined;
  if (chmod !== undefined || after.length > largest || now.bytes.length > largest) return undefined;
  const [old, next] = [decode(now.bytes), decode(after)];
  if (!old.ok || !next.ok || old.value.encoding !== next.value.encoding || old.value.bom !== next.value.bom) return undefined;
  const document = await openedDocument(uri);
  if (document?.getText() !== old.value.text) return undefined;
  const eol = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const stays = next.value.text.replaceAll(/\r\n|\r|\n/g, eol) === next.value.text;
  return stays ? { kind: "change", swap, document, text: next.value.text } : undefined;
}

export const openDocument = (path: string): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find((document) => document.uri.scheme === "file" && document.uri.fsPath === path && !document.isClosed);

async function openedDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return openDocument(uri.fsPath) ?? (await vscode.workspace.openTextDocument(uri));
  } catch {
    // Too large for the editor, or taken for something that is no text.
    return undefined;
  }
}

async function apply(edits: readonly InEditor[]): Promise<Result<void>> {
  const edit = new vscode.WorkspaceEdit();
  for (const one of edits) {
    if (one.kind === "create" && one.swap.after) edit.createFile(one.uri, { contents: one.swap.after, overwrite: false });
    else if (one.kind === "change") {
      const { document, text } = one;
      const { start, end, insert } = middle(document.getText(), text);
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), insert);
    }
  }
  for (const one of edits) {
    if (one.kind !== "delete") continue;
    // Unsaved words would keep the document open after its file is gone; they are in the image that was kept.
    const document = openDocument(one.uri.fsPath);
    if (document?.isDirty) await document.save();
    edit.deleteFile(one.uri);
  }
  if (!(await vscode.workspace.applyEdit(edit)))
    return fail("unavailable", "VS Code refused the change, so nothing was written; close what blocks it and try again.");
  for (const one of edits) if (one.kind === "change") await one.document.save();
  return ok(undefined);
}

/** What the files hold now: a formatter may have had its say, and what could not be saved stands in the editor. */
async function landed(read: Files["read"], swaps: readonly FileSwap[]): Promise<Result<readonly Landed[]>> {
  const found: Landed[] = [];
  for (const { path } of swaps) {
    const now = await readNow(read, path);
    if (!now.ok) return now;
    found.push({ path, digest: now.value?.digest ?? null });
  }
  return ok(found);
}

/** The part between what both texts begin and end with, so that cursors elsewhere stay where they are. */
export function middle(old: string, next: string): { readonly start: number; readonly end: number; readonly insert: string } {
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start++;
  let tail = 0;
  while (tail < old.length - start && tail < next.length - start && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
  return { start, end: old.length - tail, insert: next.slice(start, next.length - tail) };
}
