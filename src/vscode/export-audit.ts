// "Proviso: Export Audit…": who asked, decided and did what in the runs of the open folders, as a file the person names.

import * as vscode from "vscode";
import { count } from "../agent/observe/amount.ts";
import type { Result } from "../agent/result.ts";
import type { AuditedRun } from "../node/audit/auditor.ts";
import { documentOf, exportedEntries, firstProblem } from "../node/audit/table.ts";

/** What does not verify is left out, and said. */
export async function exportAudit(audited: () => Promise<Result<readonly AuditedRun[]>>): Promise<void> {
  const runs = await audited();
  if (!runs.ok) return void vscode.window.showErrorMessage(runs.fault.message);
  if (runs.value.length === 0) return void vscode.window.showInformationMessage("There is no run yet whose audit could be exported.");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: "Export Audit",
    filters: { "Table (CSV)": ["csv"], JSON: ["json"] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, "..", "proviso-audit.csv") } : {}),
  });
  if (target === undefined) return;
  const entries = runs.value.flatMap(exportedEntries);
  await vscode.workspace.fs.writeFile(
    target,
    new TextEncoder().encode(documentOf(entries, target.path.endsWith(".json") ? "json" : "csv")),
  );
  const told = `${count(entries.length, "line")} of ${count(runs.value.length, "run")} exported.`;
  const problem = firstProblem(runs.value);
  const open = "Open";
  const answer =
    problem === undefined
      ? await vscode.window.showInformationMessage(`${told} Every line follows the one before it.`, open)
      : await vscode.window.showWarningMessage(`${told} ${problem}`, open);
  if (answer === open) await vscode.window.showTextDocument(target);
}
