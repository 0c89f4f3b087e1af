// "Show Policy": the rules in force as a document that can be read and searched.

import * as vscode from "vscode";

const scheme = "proviso-policy";
export const policyDocument = vscode.Uri.from({ scheme, path: "/Policy.md" });

export function registerPolicyDocument(text: () => Promise<string>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: text });
}
