// The Diagnostics port: what the editor's language servers report, waited for until they have settled.

import * as vscode from "vscode";
import { ok } from "../agent/result.ts";
import type { Diagnostics, Problem } from "../agent/world.ts";

/** Servers report in bursts: quiet for so long counts as settled. */
const quietMs = 700;
const mostMs = 10_000;

export const editorDiagnostics: Diagnostics = {
  async problems(paths, signal) {
    for (const path of paths) await vscode.workspace.openTextDocument(vscode.Uri.file(absolute(path))).then(undefined, () => undefined);
    await settled(signal);
    const wanted = new Set(paths.map(absolute));
    const problems = vscode.languages
      .getDiagnostics()
      .filter(([uri]) => wanted.has(uri.fsPath))
      .flatMap(([uri, found]) => found.map((one) => toProblem(uri, one)));
    return ok(problems);
  },
};

function absolute(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return path.startsWith("/") || !folder ? path : vscode.Uri.joinPath(folder.uri, path).fsPath;
}

function toProblem(uri: vscode.Uri, { range, severity, message, source }: vscode.Diagnostic): Problem {
  const grade = severity === vscode.DiagnosticSeverity.Error ? "error" : severity === vscode.DiagnosticSeverity.Warning ? "warning" : "info";
  const problem = { path: vscode.workspace.asRelativePath(uri, false), line: range.start.line + 1, severity: grade, message } as const;
  return source === undefined ? problem : { ...problem, source };
}

function settled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => (): void => {
      clearTimeout(quiet);
      clearTimeout(most);
      heard.dispose();
      signal.removeEventListener("abort", abort);
      end();
    };
    const done = finish(resolve);
    const abort = finish(() => reject(signal.reason as Error));
    let quiet = setTimeout(done, quietMs);
    const most = setTimeout(done, mostMs);
    const heard = vscode.languages.onDidChangeDiagnostics(() => {
      clearTimeout(quiet);
      quiet = setTimeout(done, quietMs);
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}
