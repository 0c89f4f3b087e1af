// "Show Policy": the rules in force as a document that can be read and searched.

import * as vscode from "vscode";

const scheme = "proviso-policy";
export const policyDocument = vscode.Uri.from({ scheme, path: "/Policy.md" });

export function registerPolicyDocument(text: () => Promise<string>): vscode.Disposable {
  const stale = new vscode.EventEmitter<vscode.Uri>();
  // Told anew whenever it comes to the front: rules change while it stays open.
  const fronted = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor?.document.uri.scheme === scheme) stale.fire(editor.document.uri);
  });
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: text,
    onDidChange: stale.event,
  });
  return vscode.Disposable.from(provider, fronted, stale);
}
