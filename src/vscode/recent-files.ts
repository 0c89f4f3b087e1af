// The files a person has or had open in this window, the one in front first: what they are likely to mean.

import * as vscode from "vscode";

const most = 50;

export class RecentFiles implements vscode.Disposable {
  #seen: readonly vscode.Uri[] = [];
  readonly #following = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor) this.#seen = [editor.document.uri, ...this.#seen].slice(0, most);
  });

  get all(): readonly vscode.Uri[] {
    const active = vscode.window.activeTextEditor?.document.uri;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const open = tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
    const all = [...(active ? [active] : []), ...this.#seen, ...open].filter((uri) => uri.scheme === "file");
    return [...new Map(all.map((uri) => [uri.toString(), uri])).values()];
  }

  dispose(): void {
    this.#following.dispose();
  }
}
