// The folder runs work in. A run has one root: its rules, sandbox and before-images belong to it. Where the workspace has several
// folders the person chooses, sees the choice beside the composer, and starts from a file in the folder of that file.

import { realpathSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import * as vscode from "vscode";

const key = "proviso.folder";

export class WorkFolder implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #following = vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire());
  /** Another folder is chosen, or there are others to choose from: those of a workspace file come after the window. */
  readonly onChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** The chosen one, or the first; undefined where no folder is open. */
  get current(): vscode.WorkspaceFolder | undefined {
    const chosen = this.#memory.get<string>(key);
    return this.all.find(({ uri }) => uri.toString() === chosen) ?? this.all[0];
  }

  get all(): readonly vscode.WorkspaceFolder[] {
    return vscode.workspace.workspaceFolders ?? [];
  }

  /** What to call it where there is a choice; undefined where there is none. */
  get name(): string | undefined {
    return this.all.length > 1 ? this.current?.name : undefined;
  }

  /** What to call the folder with that real path where there are several. */
  nameOf(root: string | undefined): string | undefined {
    if (root === undefined || this.all.length < 2) return undefined;
    return this.all.find(({ uri }) => realPath(uri.fsPath) === root)?.name ?? basename(root);
  }

  async choose(folder: vscode.WorkspaceFolder): Promise<void> {
    if (folder.uri.toString() === this.current?.uri.toString()) return;
    await this.#memory.update(key, folder.uri.toString());
    this.#changed.fire();
  }

  async select(): Promise<void> {
    const items = this.all.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
    const picked = await vscode.window.showQuickPick(items, {
      title: "Which folder should the next run work in?",
      placeHolder: `Now: ${this.current?.name ?? "no folder is open"}`,
      matchOnDescription: true,
    });
    if (picked) await this.choose(picked.folder);
  }

  /** Chooses the folder the file is in. Answers the file's path in it, or its whole path where no folder holds it. */
  async enter(uri: vscode.Uri): Promise<string> {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    if (folder) await this.choose(folder);
    return folder ? vscode.workspace.asRelativePath(uri, false) : uri.fsPath;
  }

  dispose(): void {
    this.#following.dispose();
    this.#changed.dispose();
  }
}

/** How a file is called in a run whose root is `root`: by its path in it, and by its whole path where it lies elsewhere. */
export function shownIn(root: string, uri: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) return uri.fsPath;
  const real = join(realPath(folder.uri.fsPath), relative(folder.uri.fsPath, uri.fsPath));
  return real.startsWith(`${root}${sep}`) ? relative(root, real).split(sep).join("/") : uri.fsPath;
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
