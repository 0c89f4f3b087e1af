// The sidebar's page, put up at once; who answers it is fetched while it loads. Nothing that the page says meanwhile is lost.

import * as vscode from "vscode";
import type { ChatView } from "./chat-view.ts";
import { pageFor } from "./page.ts";

export const chatViewId = "proviso.run";

export function chatPage(extension: vscode.Uri, answering: () => Promise<ChatView>): vscode.WebviewViewProvider {
  return {
    resolveWebviewView: async (view) => {
      const early: unknown[] = [];
      let gone = false;
      const meanwhile = vscode.Disposable.from(
        view.webview.onDidReceiveMessage((raw: unknown) => early.push(raw)),
        view.onDidDispose(() => {
          gone = true;
        }),
      );
      view.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, "dist")] };
      view.webview.html = pageFor(view.webview, extension);
      const chat = await answering();
      meanwhile.dispose();
      if (!gone) chat.take(view, early);
    },
  };
}
