// "Fork from…": a new run that goes on from a moment of another one's conversation. No file is touched; the chat shows the new run and
// asks how it should go on.

import * as vscode from "vscode";
import { forkPoint, moments } from "../agent/fork.ts";
import { ok, type Result } from "../agent/result.ts";
import type { Rewind } from "../node/rewind.ts";
import type { Session } from "./session.ts";

export interface ForkParts {
  readonly session: Session;
  readonly rewind: (run: string) => Promise<Result<Rewind>>;
}

/** `word` names the moment, as `forkPoint` understands it; without one the person chooses. */
export async function forkRun({ session, rewind }: ForkParts, run: string, word: string | undefined): Promise<Result<void>> {
  const opened = await rewind(run);
  if (!opened.ok) return opened;
  const { events, fork } = opened.value;
  const chosen = word ?? (await chooseMoment(opened.value));
  if (chosen === undefined) return ok(undefined);
  const point = forkPoint(events, chosen);
  if (!point.ok) return point;
  if (session.driving && !(await mayPause())) return ok(undefined);
  const forked = await fork(point.value, undefined, Date.now());
  if (!forked.ok) return forked;
  await vscode.commands.executeCommand("proviso.run.focus");
  return session.show(forked.value.folder.id);
}

async function chooseMoment({ events }: Rewind): Promise<string | undefined> {
  const items = moments(events)
    .toReversed()
    .map(({ to, at, point }) => ({
      label: point.charAt(0).toUpperCase() + point.slice(1),
      description: `event ${to}, ${new Date(at).toLocaleTimeString()}`,
      word: String(to),
    }));
  const placeHolder = "The new run begins with the conversation up to there. This one stays, and no file is touched.";
  return (await vscode.window.showQuickPick(items, { title: "Fork from which moment?", placeHolder, matchOnDescription: true }))?.word;
}

/** The chat shows one run: the one at work is let go of, and can be resumed. */
async function mayPause(): Promise<boolean> {
  const detail = "It can be resumed from Show Runs at any time.";
  return (
    (await vscode.window.showWarningMessage("The run at work pauses when the fork is shown.", { modal: true, detail }, "Fork")) === "Fork"
  );
}
