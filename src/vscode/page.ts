// The webview's page: strict content security policy, Trusted Types, our script and style and nothing else.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

export function pageFor(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64url");
  const file = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(extension, ...path)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    "require-trusted-types-for 'script'",
    "trusted-types proviso",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${file("dist", "webview", "main.css")}">
<title>Proviso</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${file("dist", "webview", "main.js")}"></script>
</body>
</html>`;
}
