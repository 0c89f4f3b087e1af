// What could be asked here and now: taken from the workspace itself, never made up.

import * as vscode from "vscode";

export async function findExamples(): Promise<readonly string[]> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) return [];
  const examples: string[] = [];
  if (await hasTests(folder.uri)) examples.push("Fix the failing test");
  const problems = vscode.languages
    .getDiagnostics()
    .find(([uri, found]) => uri.scheme === "file" && found.some((one) => one.severity === vscode.DiagnosticSeverity.Error));
  if (problems) examples.push(`Fix the problems in ${vscode.workspace.asRelativePath(problems[0])}`);
  const name = await exportedName();
  if (name !== undefined) examples.push(`Where is ${name} used?`);
  return examples.slice(0, 3);
}

async function hasTests(folder: vscode.Uri): Promise<boolean> {
  try {
    const manifest: unknown = JSON.parse(
      new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, "package.json"))),
    );
    return (
      typeof manifest === "object" &&
      manifest !== null &&
      "scripts" in manifest &&
      typeof manifest.scripts === "object" &&
      manifest.scripts !== null &&
      "test" in manifest.scripts
    );
  } catch {
    return (await vscode.workspace.findFiles("**/test_*.py", "**/node_modules/**", 1)).length > 0;
  }
}

/** A function that some source file of the workspace exports. */
async function exportedName(): Promise<string | undefined> {
  for (const uri of await vscode.workspace.findFiles("{src,lib}/**/*.{js,ts,mjs,py}", "**/node_modules/**", 3)) {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const found = /^export (?:async )?(?:function|const|class) (\w+)|^def (\w+)\(/m.exec(text.slice(0, 20_000));
    if (found) return found[1] ?? found[2];
  }
  return undefined;
}
