// From what a model says (path, line, name) to what the editor's language features take, and back to text a model can cite.

import * as vscode from "vscode";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { World } from "../../agent/world.ts";
import { shownIn } from "../folders.ts";

export async function openDocument(world: World, path: string): Promise<Result<vscode.TextDocument>> {
  const place = await world.files.locate(path);
  if (!place.ok) return place;
  if (place.value.kind !== "file") return fail("missing", `${place.value.shown} is not a file; name a file of the workspace.`);
  try {
    return ok(await vscode.workspace.openTextDocument(vscode.Uri.file(place.value.real)));
  } catch (error) {
    return fail("unavailable", `The editor cannot open ${place.value.shown}: ${(error as Error).message}`);
  }
}

/** Where the name stands in that line (counted from 1), or its first occurrence as a word in the file. */
export function positionOf(
  { files }: World,
  document: vscode.TextDocument,
  name: string,
  line: number | undefined,
): Result<vscode.Position> {
  const word = new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`);
  const text = line === undefined ? document.getText() : line <= document.lineCount ? document.lineAt(line - 1).text : "";
  const at = text.search(word);
  if (at < 0)
    return fail(
      "missing",
      `${name} does not stand in ${shownIn(files.root, document.uri)}${line === undefined ? "" : `, line ${line}`}; search for it first.`,
    );
  return ok(line === undefined ? document.positionAt(at) : new vscode.Position(line - 1, at));
}

/** `path:line: text` of a place. */
export async function lineAt({ files }: World, location: vscode.Location): Promise<string> {
  const line = location.range.start.line;
  const document = await vscode.workspace.openTextDocument(location.uri).then(
    (opened) => opened,
    () => undefined,
  );
  return `${shownIn(files.root, location.uri)}:${line + 1}: ${document && line < document.lineCount ? document.lineAt(line).text.trim() : ""}`;
}
