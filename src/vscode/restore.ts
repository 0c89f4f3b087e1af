// Going back in a run from the editor: choose a point, see as one multi-file diff what would change, choose what goes back. Nothing happens
// before the choice, and what happened can be taken back from the message that says so.

import * as vscode from "vscode";
import { checkpoints, type Point } from "../agent/checkpoint.ts";
import { decode } from "../agent/edit/text.ts";
import { ok, type Result } from "../agent/result.ts";
import { touchWords } from "../agent/observe/call-words.ts";
import type { Unwound } from "../agent/unwind.ts";
import type { Images, Rewind } from "../node/rewind.ts";
import type { Session } from "./session.ts";

export interface RestoreParts {
  readonly session: Session;
  readonly rewind: (run: string) => Promise<Result<Rewind>>;
}

/** `word` names the point, as `findPoint` understands it; without one the person chooses. */
export async function restoreRun(parts: RestoreParts, run: string, word: string | undefined): Promise<Result<void>> {
  const { session } = parts;
  if (session.state.run?.id === run && session.driving && !(await stopped(session))) return ok(undefined);
  const opened = await parts.rewind(run);
  if (!opened.ok) return opened;
  const rewind = opened.value;
  const chosen = word ?? (await choosePoint(rewind));
  if (chosen === undefined) return ok(undefined);
  const point = rewind.point(chosen);
  if (!point.ok) return point;
  const signal = new AbortController().signal;
  const plan = await rewind.plan(point.value, () => "mine", signal);
  const preview = await openPreview(rewind, point.value, plan);
  if (!preview.ok) return preview;
  try {
    const choice = await chooseWhat(point.value, plan);
    if (!choice) return ok(undefined);
    const wanted = choice.prefer === "mine" ? plan : await rewind.plan(point.value, () => "then", signal);
    return await act(parts, { run, rewind, point: point.value, plan: wanted, choice }, signal);
  } finally {
    await preview.value.close();
  }
}

async function stopped(session: Session): Promise<boolean> {
  const choice = await vscode.window.showWarningMessage(
    "The run is at work. It has to pause before its files can go back; it can be resumed after.",
    { modal: true },
    "Pause and Go On",
  );
  if (choice === undefined) return false;
  await session.pause();
  return true;
}

async function choosePoint({ events }: Rewind): Promise<string | undefined> {
  const points = checkpoints(events);
  if (points.length === 0) {
    void vscode.window.showInformationMessage("This run has changed no file; there is nothing to go back to.");
    return undefined;
  }
  const items = points.toReversed().map(({ to, at, point, touches, unkept }) => ({
    label: point.charAt(0).toUpperCase() + point.slice(1),
    description: new Date(at).toLocaleTimeString(),
    detail: [...touches.map(touchWords), ...unkept.map(({ shown }) => `${shown} cannot be put back`)].join(", "),
    word: String(to),
  }));
  const start = { label: "The start of the run", description: "", detail: "Everything it changed", word: "start" };
  const options = { title: "Restore to which point?", matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick([...items, start], options))?.word;
}

interface Choice {
  readonly files: boolean;
  readonly conversation: boolean;
  readonly prefer: "mine" | "then";
}

async function chooseWhat({ point }: Point, { touches, merged, kept }: Unwound): Promise<Choice | undefined> {
  const count = (n: number): string => (n === 1 ? "1 file" : `${n} files`);
  const notes = [
    ...(merged.length > 0 ? [`what you wrote since stays in ${merged.join(", ")}`] : []),
    ...(kept.length > 0 ? [`left alone, because you changed the same lines: ${kept.map(({ shown }) => shown).join(", ")}`] : []),
  ].join("; ");
  const files = { files: true, conversation: false, prefer: "mine" } as const;
  const items: (vscode.QuickPickItem & { readonly choice: Choice })[] = [];
  if (touches.length > 0) {
    items.push({ label: `$(discard) Restore ${count(touches.length)}`, detail: notes || "Can be taken back.", choice: files });
    items.push({
      label: `$(history) Restore ${count(touches.length)} and the conversation`,
      detail: "The conversation goes on from there as a new run; this one stays.",
      choice: { ...files, conversation: true },
    });
  }
  if (kept.length > 0)
    items.push({
      label: `$(warning) Restore ${count(touches.length + kept.length)}, also where you changed the same lines`,
      detail: `${kept.map(({ shown }) => shown).join(", ")} as before the run's changes. What you wrote there is kept and can be taken back.`,
      choice: { ...files, prefer: "then" },
    });
  items.push({
    label: "$(comment-discussion) Only the conversation",
    detail: "No file is touched. It goes on from there as a new run; this one stays.",
    choice: { files: false, conversation: true, prefer: "mine" },
  });
  const title = touches.length + kept.length === 0 ? `All files are as they were ${point}` : `Go back to how it was ${point}?`;
  const placeHolder =
    touches.length > 0 ? "The diff shows what would change. Escape leaves everything as it is." : "Escape leaves everything as it is.";
  return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.choice;
}

interface Errand {
  readonly run: string;
  readonly rewind: Rewind;
  readonly point: Point;
  readonly plan: Unwound;
  readonly choice: Choice;
}

async function act(parts: RestoreParts, { run, rewind, point, plan, choice }: Errand, signal: AbortSignal): Promise<Result<void>> {
  const { session } = parts;
  // A run that is shown may be held by this window, between two of its events.
  await session.pause();
  if (choice.files) {
    const done = await rewind.restore(point, plan, signal);
    if (!done.ok) return done;
    await session.reload(run);
    const { changed, kept } = done.value;
    const left = kept.length > 0 ? ` Left alone: ${kept.map(({ shown }) => shown).join(", ")}.` : "";
    const were = changed.length > 1 ? "they were" : "it was";
    const said = `Restored ${changed.map(({ shown }) => shown).join(", ") || "nothing"} as ${were} ${point.point}.${left}`;
    void vscode.window
      .showInformationMessage(said, "Take It Back")
      .then((again) => again && vscode.commands.executeCommand("proviso.restore", undefined, run));
  }
  if (!choice.conversation) return ok(undefined);
  const forked = await rewind.fork(point, undefined, Date.now());
  if (!forked.ok) return forked;
  await vscode.commands.executeCommand("proviso.run.focus");
  return session.show(forked.value.folder.id);
}

const scheme = "proviso-restore";

const previewTitle = (point: string): string => `As it was ${point}`;

/** Shows both sides of every file that would change, as documents of our own that nobody can edit. */
async function openPreview(rewind: Rewind, { point }: Point, { touches }: Unwound): Promise<Result<{ close(): Promise<void> }>> {
  const images = await rewind.images(touches);
  if (!images.ok) return images;
  if (touches.length === 0) return ok({ close: () => Promise.resolve() });
  const texts = new Map<string, string>();
  const side = (image: Images, bytes: Uint8Array | null, name: string): vscode.Uri | undefined => {
    if (bytes === null) return undefined;
    const uri = vscode.Uri.from({ scheme, path: `/${image.touch.shown}`, query: name });
    const text = decode(bytes);
    texts.set(uri.toString(), text.ok ? text.value.text : "This is no text.");
    return uri;
  };
  const resources = images.value.map((image) => [
    vscode.Uri.file(image.touch.path),
    side(image, image.before, "now"),
    side(image, image.after, "then"),
  ]);
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()),
  });
  await vscode.commands.executeCommand("vscode.changes", previewTitle(point), resources);
  return ok({
    close: async () => {
      const mine = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(({ label }) => label.startsWith(previewTitle(point)));
      await vscode.window.tabGroups.close(mine, true);
      provider.dispose();
    },
  });
}
