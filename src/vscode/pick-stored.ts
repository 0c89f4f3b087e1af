// What is kept of old runs, to look at: each with what it takes on disk, and the sum against what may be kept. Choosing one shows it.

import * as vscode from "vscode";
import { bytesText } from "../node/storage.ts";
import type { Stored } from "./session.ts";

/** The run that was chosen. */
export async function pickStored({ runs, keep }: Stored): Promise<string | undefined> {
  const total = runs.reduce((sum, { imageBytes, otherBytes }) => sum + imageBytes + otherBytes, 0);
  const items = runs.map(({ id, goal, status, lastAt, imageBytes, otherBytes }) => ({
    label: goal,
    description: `${bytesText(imageBytes + otherBytes)}  ${status}`,
    detail: `${bytesText(imageBytes)} images of files, ${bytesText(otherBytes)} journal and output  ${new Date(lastAt).toLocaleString()}`,
    run: id,
  }));
  const title = `Storage: ${bytesText(total)} kept of at most ${keep.megabytes} MB, for ${keep.days} days after a run`;
  const placeHolder = items.length === 0 ? "Nothing is kept in this workspace yet" : "Choose a run to show it";
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true, matchOnDetail: true }))?.run;
}
