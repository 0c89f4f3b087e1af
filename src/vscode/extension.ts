// The editor's composition root. Activation only registers: what stands behind a command, the chat or a document is fetched when it is
// first wanted (desk.ts), because every window starts with this file, whether or not anybody asks for anything.
// Invariant: imports here and below are few and light; test/architecture.test.ts names them.

import * as vscode from "vscode";
import { chatPage, chatViewId } from "./chat-page.ts";
import { registerCommands } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { registerPolicyDocument } from "./policy/policy-document.ts";
import { PolicyTree, policyViewId } from "./policy/policy-tree.ts";
import { registerProblemFixes } from "./problem-fixes.ts";
import { StatusItem } from "./status.ts";

const openRunKey = "proviso.openRun";
let opened: Promise<Desk> | undefined;

/** Where a run was interrupted, activation is over when its reviews can be shown: VS Code asks for their pages as soon as it is. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Proviso", { log: true });
  const status = new StatusItem();
  const interrupted = context.workspaceState.get<string>(openRunKey);
  const keep = (run: string | undefined): void => {
    if (context.workspaceState.get<string>(openRunKey) !== run) void context.workspaceState.update(openRunKey, run);
  };
  const desk = (): Promise<Desk> =>
    (opened ??= import("./desk.ts").then(({ openDesk }) => openDesk({ context, log, status, interrupted, keep })));
  const tree = new PolicyTree(async () => (await desk()).policy());
  const policyView = vscode.window.createTreeView(policyViewId, { treeDataProvider: tree, showCollapseAll: true });
  // While the tree is drawn anew VS Code knows of no selection, though the person sees one.
  let chosen: unknown;
  context.subscriptions.push(
    policyView.onDidChangeSelection(({ selection: [node] }) => {
      chosen = node ?? chosen;
    }),
    log,
    status,
    tree,
    policyView,
    vscode.window.registerWebviewViewProvider(
      chatViewId,
      chatPage(context.extensionUri, async () => (await desk()).chat),
      {
        webviewOptions: { retainContextWhenHidden: false },
      },
    ),
    registerPolicyDocument(async () => (await desk()).policyText()),
    registerProblemFixes(),
    registerCommands(desk, log, () => policyView.selection[0] ?? chosen),
  );
  if (interrupted !== undefined) await desk().catch((error: unknown) => log.error(String(error)));
}

export async function deactivate(): Promise<void> {
  await (await opened)?.session.shutDown();
}
