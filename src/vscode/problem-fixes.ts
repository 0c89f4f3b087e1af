// "Fix with Proviso" where VS Code offers fixes for a problem.

import * as vscode from "vscode";

export function registerProblemFixes(): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { scheme: "file" },
    {
      provideCodeActions: (document, _range, { diagnostics }) =>
        diagnostics.slice(0, 1).map((problem) => {
          const action = new vscode.CodeAction("Fix with Proviso", vscode.CodeActionKind.QuickFix);
          action.command = {
            command: "proviso.fixProblem",
            title: "Fix with Proviso",
            arguments: [document.uri, problem.range.start.line, problem.message],
          };
          action.diagnostics = [problem];
          return action;
        }),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}
