// "Export Run…" and "Import Run…": a run as one file that the person names, and back in among the runs of the open folder. Nothing of an
// import runs; what was allowed elsewhere is asked again here.

import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { count } from "../agent/observe/amount.ts";
import { ok, type Result } from "../agent/result.ts";
import type { Imported } from "../node/parcel/import-run.ts";
import type { Parcel } from "../node/parcel/pack.ts";
import type { Session } from "./session.ts";

const filters = { "Proviso run": ["jsonl"] };

export async function exportRun(pack: (run: string) => Promise<Result<Parcel>>, run: string): Promise<Result<void>> {
  const parcel = await pack(run);
  if (!parcel.ok) return parcel;
  const defaultUri = vscode.Uri.file(join(homedir(), `proviso-${run}.jsonl`));
  const target = await vscode.window.showSaveDialog({ title: "Export Run", filters, defaultUri });
  if (target === undefined) return ok(undefined);
  const { label, content, left } = parcel.value;
  await vscode.workspace.fs.writeFile(target, content);
  const behind = left.map(({ shown, why }) => `${shown} (${why.replace(/\.$/, "")})`).join(", ");
  const told = `${count(label.lines, "event")} and ${count(label.images, "image")} of files exported.`;
  if (behind === "") void vscode.window.showInformationMessage(told);
  else void vscode.window.showWarningMessage(`${told} The images of ${behind} stay behind.`);
  return ok(undefined);
}

export interface ImportParts {
  readonly session: Session;
  readonly take: (path: string) => Promise<Result<Imported>>;
}

/** Shows the run that was taken in; one that is at work stays in the chat. */
export async function importRun({ session, take }: ImportParts, named: string | undefined): Promise<Result<void>> {
  const path = named ?? (await chooseFile());
  if (path === undefined) return ok(undefined);
  const taken = await take(path);
  if (!taken.ok) return taken;
  const { folder, from, lines } = taken.value;
  void vscode.window.showInformationMessage(
    `Imported ${count(lines, "event")}, made in ${from}. Nothing runs; resumed here, its plan and calls are asked again.`,
  );
  if (session.driving) return ok(undefined);
  await vscode.commands.executeCommand("proviso.run.focus");
  return session.show(folder.id);
}

async function chooseFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Import Run",
    openLabel: "Import",
    filters: { ...filters, "All files": ["*"] },
  });
  return chosen?.[0]?.fsPath;
}
