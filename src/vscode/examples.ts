// What could be asked here and now: taken from the workspace itself, never made up.

import * as vscode from "vscode";

/** For runs in that folder. */
export async function findExamples(folder: vscode.WorkspaceFolder | undefined): Promise<readonly string[]> {
  if (!folder) return [];
  const mine = (pattern: string): vscode.GlobPattern => new vscode.RelativePattern(folder, pattern);
  const examples: string[] = [];
  if (await hasTests(folder.uri, mine)) examples.push("Fix the failing test");
  const problems = vscode.languages
    .getDiagnostics()
    .find(
      ([uri, found]) =>
        vscode.workspace.getWorkspaceFolder(uri) === folder && found.some((one) => one.severity === vscode.DiagnosticSeverity.Error),
    );
  if (problems) examples.push(`Fix the problems in ${vscode.workspace.asRelativePath(problems[0], false)}`);
  const name = await exportedName(mine);
  if (name !== undefined) examples.push(`Where is ${name} used?`);
  return examples.slice(0, 3);
}

type Mine = (pattern: string) => vscode.GlobPattern;

async function hasTests(folder: vscode.Uri, mine: Mine): Promise<boolean> {
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
    return (await vscode.workspace.findFiles(mine("**/test_*.py"), "**/node_modules/**", 1)).length > 0;
  }
}

/** A function that some source file of the workspace exports. */
async function exportedName(mine: Mine): Promise<string | undefined> {
  for (const uri of await vscode.workspace.findFiles(mine("{src,lib}/**/*.{js,ts,mjs,py}"), "**/node_modules/**", 3)) {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const found = /^export (?:async )?(?:function|const|class) (\w+)|^def (\w+)\(/m.exec(text.slice(0, 20_000));
    if (found) return found[1] ?? found[2];
  }
  return undefined;
}
