// The Diagnostics port: what the editor's language servers report of files and folders, waited for until it has settled. Some servers
// look only at files that have a tab, so a file that is asked about gets one, behind the one in front: nothing passes for want of a look.

import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Diagnostics, Problem } from "../agent/world.ts";
import { shownIn } from "./folders.ts";

/** Servers report in bursts: quiet for so long counts as settled. */
const quietMs = 700;
/** How long a server that is awake may take to say its first word about a file; longer is taken for nothing to say. */
const firstMs = 2500;
/** How long a server may take to wake up and read its project. */
const wakeMs = 15_000;
const mostMs = 10_000;
/** How long a server may take to look at a file that has just been changed; and how long it may go on correcting itself. */
const freshMs = 1000;
const settleMs = 250;

/** For a run whose root is `root`, which paths are seen from. */
export const diagnosticsIn = (root: string): Diagnostics => ({
  async problems(paths, signal) {
    const wanted = paths.map((path) => vscode.Uri.file(resolve(root, path)));
    const files: vscode.Uri[] = [];
    for (const [i, uri] of wanted.entries()) {
      const kind = await kindOf(uri);
      if (!kind.ok) return fail("missing", `${paths[i] ?? ""} does not exist, so nothing is known of its problems.`);
      if (kind.value === vscode.FileType.File) files.push(uri);
    }
    const looked = await settled(files, signal);
    if (!looked.ok) return looked;
    const isWanted = ({ fsPath }: vscode.Uri): boolean =>
      wanted.some((uri) => fsPath === uri.fsPath || fsPath.startsWith(`${uri.fsPath}${sep}`));
    const found = vscode.languages.getDiagnostics().filter(([uri]) => uri.scheme === "file" && isWanted(uri));
    return ok(found.flatMap(([uri, problems]) => problems.map((one) => toProblem(shownIn(root, uri), one))));
  },
  known(path) {
    const uri = vscode.Uri.file(path);
    const problems = vscode.languages.getDiagnostics(uri);
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.scheme === "file" && document.uri.fsPath === uri.fsPath);
    return isOpen || problems.length > 0 ? problems.map((one) => toProblem(shownIn(root, uri), one)) : undefined;
  },
  async caughtUp(paths, signal) {
    const unheard = new Set(paths.map((path) => vscode.Uri.file(path).toString()));
    const start = Date.now();
    let last = start;
    const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) if (unheard.delete(uri.toString())) last = Date.now();
    });
    try {
      const wait = (): number => (unheard.size > 0 ? freshMs : settleMs);
      while (Date.now() - start < freshMs * 2 && Date.now() - last < wait()) await pause(50, signal);
    } finally {
      listening.dispose();
    }
  },
});

/** Resolves when the servers have had their say about these files as they are now. Faults: timeout, while one still reads its project. */
export async function settled(files: readonly vscode.Uri[], signal: AbortSignal): Promise<Result<void>> {
  const woken = new AbortController();
  const unheard = new Set(files.map(String));
  let last = Date.now();
  const listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
    for (const uri of uris) unheard.delete(uri.toString());
    last = Date.now();
  });
  try {
    for (const uri of files) await openBehind(uri);
    const awake = await Promise.race([
      Promise.all(files.map(wake)).then(() => true),
      pause(wakeMs, AbortSignal.any([signal, woken.signal])).then(() => false),
    ]);
    if (!awake)
      return fail(
        "timeout",
        "The language server is still reading the project, so its problems are not known yet; try again in a moment.",
        { retry: true },
      );
    if (unheard.size > 0) last = Date.now();
    const end = Date.now() + mostMs;
    while (Date.now() < end && Date.now() - last < (unheard.size > 0 ? firstMs : quietMs)) await pause(50, signal);
    return ok(undefined);
  } finally {
    woken.abort();
    listening.dispose();
  }
}

async function openBehind(uri: vscode.Uri): Promise<void> {
  // A tab that was never in front has not read its file.
  await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  if (tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString())) return;
  await vscode.commands.executeCommand("vscode.open", uri, { background: true, preserveFocus: true, preview: false });
}

/** A question that only a server that has read its project answers. */
async function wake(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("vscode.executeReferenceProvider", uri, new vscode.Position(0, 0)).then(undefined, () => undefined);
}

/** Rejects with the signal's reason when it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}

async function kindOf(uri: vscode.Uri): Promise<Result<vscode.FileType>> {
  try {
    return ok((await vscode.workspace.fs.stat(uri)).type & ~vscode.FileType.SymbolicLink);
  } catch {
    return fail("missing", "It does not exist.");
  }
}

function toProblem(path: string, { range, severity, message, source }: vscode.Diagnostic): Problem {
  const grade =
    severity === vscode.DiagnosticSeverity.Error ? "error" : severity === vscode.DiagnosticSeverity.Warning ? "warning" : "info";
  const problem = { path, line: range.start.line + 1, severity: grade, message } as const;
  return source === undefined ? problem : { ...problem, source };
}
