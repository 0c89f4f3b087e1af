// The folder that is open while the tests run, and files in it.

import * as vscode from "vscode";
import type { Result } from "../../../src/agent/result.ts";

export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("The tests need an open folder.");
  return folder.uri.fsPath;
}

export const uriIn = (path: string): vscode.Uri => vscode.Uri.joinPath(vscode.Uri.file(workspaceFolder()), path);

export async function fileIn(path: string, text: string): Promise<vscode.Uri> {
  await vscode.workspace.fs.writeFile(uriIn(path), new TextEncoder().encode(text));
  return uriIn(path);
}

/** What the file on disk holds. */
export const textOf = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

/** Resolves once it holds; VS Code settles many things a moment later. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
