// The command palette, as a table: what a person can do, and what it does. Every handler catches at this edge, once.

import * as vscode from "vscode";
import type { ApprovalRequest } from "../agent/approval.ts";
import type { Result } from "../agent/result.ts";
import type { Imported } from "../node/parcel/import-run.ts";
import type { Parcel } from "../node/parcel/pack.ts";
import type { Rewind } from "../node/rewind.ts";
import type { AuditedRun } from "../node/audit/auditor.ts";
import type { ChatView } from "./chat-view.ts";
import type { Decisions } from "./decisions.ts";
import type { WorkFolder } from "./folders.ts";
import type { ModelChoice } from "./models.ts";
import type { WaitingRoom } from "./person.ts";
import type { Reviewing } from "./review/review.ts";
import { policyDocument } from "./policy/policy-document.ts";
import type { RuleNode } from "./policy/policy-tree.ts";
import type { RuleBook } from "./policy/rule-book.ts";
import type { Session, Stored } from "./session.ts";

export interface CommandParts {
  readonly session: Session;
  readonly decisions: Decisions;
  readonly waiting: WaitingRoom;
  readonly reviewing: Reviewing;
  readonly chat: ChatView;
  readonly folder: WorkFolder;
  readonly models: ModelChoice;
  readonly journalOf: (run: string) => Promise<Result<string>>;
  readonly rewind: (run: string) => Promise<Result<Rewind>>;
  readonly pack: (run: string) => Promise<Result<Parcel>>;
  readonly take: (path: string) => Promise<Result<Imported>>;
  readonly audited: () => Promise<Result<readonly AuditedRun[]>>;
  readonly stored: () => Promise<Result<Stored>>;
  readonly book: () => Promise<RuleBook>;
  /** The card that has been on screen long enough to be decided by key. */
  readonly armed: () => ApprovalRequest | undefined;
}

type Handler = (parts: CommandParts, ...args: readonly unknown[]) => Promise<unknown>;

const table: Readonly<Record<string, Handler>> = {
  "proviso.focus": focusChat,
  "proviso.newRun": async ({ session }) => {
    await session.clear();
    await focusChat();
  },
  "proviso.askSelection": async (parts) => {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.selection.isEmpty) return say("Select some code first, then ask about it.");
    const about = await selected(parts.folder, editor);
    const question = await vscode.window.showInputBox({
      title: "Ask about the selection",
      prompt: about.place,
      value: "Explain this",
      ignoreFocusOut: true,
    });
    return question && start(parts, `${question.trim().replace(/[.?!]*$/, "")}: ${about.place}?\n${about.text}`);
  },
  "proviso.fixProblem": async (parts, uri, line, message) => {
    const problem = typeof message === "string" && uri instanceof vscode.Uri ? { uri, line: Number(line) + 1, message } : problemAtCursor();
    if (!problem) return say("Put the cursor on a problem first.");
    return start(parts, `Fix the problem at ${await parts.folder.enter(problem.uri)}:${problem.line}: ${problem.message}`);
  },
  "proviso.fixTest": (parts) => start(parts, "Fix the failing test"),
  "proviso.approve": async (parts) => {
    const request = targetOf(parts);
    if (!request) return say("Nothing that has been shown waits for approval.");
    // The card may hold an edited plan, so it is the card that approves, if it is on screen.
    if (request.subject.of === "plan" && parts.chat.visible) return parts.chat.post({ type: "press", id: "plan" });
    return tell(await parts.decisions.approve(request.subject, request.digest));
  },
  "proviso.reject": async (parts) => {
    const request = targetOf(parts);
    return request ? parts.decisions.rejectWithReason(request) : say("Nothing that has been shown waits.");
  },
  "proviso.reviewNext": async (parts) => {
    const next = parts.waiting.waiting[0];
    if (!next) return say("Nothing waits for you.");
    if (!(await parts.decisions.show(next, { focus: true }))) await focusChat();
    return undefined;
  },
  "proviso.stop": async ({ session }) => session.stop(),
  "proviso.resume": resume,
  "proviso.showRuns": async (parts) => {
    const run = await pickRun(parts, "Show a run");
    if (run === undefined) return undefined;
    await focusChat();
    return tell(await parts.session.show(run));
  },
  "proviso.openJournal": async ({ session, journalOf }) => {
    const run = session.state.run?.id;
    if (run === undefined) return say("There is no run whose journal could be opened; start or show one first.");
    const path = await journalOf(run);
    return path.ok ? vscode.window.showTextDocument(vscode.Uri.file(path.value), { preview: true }) : say(path.fault.message);
  },
  "proviso.restore": async (parts, word, run) => {
    const wanted = typeof run === "string" ? run : (parts.session.state.run?.id ?? (await pickRun(parts, "Restore what a run changed")));
    if (wanted === undefined) return undefined;
    const { restoreRun } = await import("./restore.ts");
    return tell(await restoreRun(parts, wanted, typeof word === "string" ? word : undefined));
  },
  "proviso.fork": async (parts, word, run) => {
    const wanted = typeof run === "string" ? run : (parts.session.state.run?.id ?? (await pickRun(parts, "Fork a run")));
    if (wanted === undefined) return undefined;
    const { forkRun } = await import("./fork.ts");
    return tell(await forkRun(parts, wanted, typeof word === "string" ? word : undefined));
  },
  "proviso.exportRun": async (parts, run) => {
    const wanted = typeof run === "string" ? run : (parts.session.state.run?.id ?? (await pickRun(parts, "Export a run")));
    return wanted === undefined ? undefined : tell(await (await import("./carry.ts")).exportRun(parts.pack, wanted));
  },
  "proviso.importRun": async (parts, path) =>
    tell(await (await import("./carry.ts")).importRun(parts, typeof path === "string" ? path : undefined)),
  "proviso.handOver": async ({ session, rewind }, run) => {
    const wanted = typeof run === "string" ? run : session.state.run?.id;
    if (wanted === undefined) return say("There is no run that could be handed over; start or show one first.");
    const opened = await rewind(wanted);
    if (!opened.ok) return say(opened.fault.message);
    const { handOver } = await import("../agent/observe/hand-over.ts");
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content: handOver(opened.value.events) });
    return vscode.window.showTextDocument(document, { preview: false });
  },
  "proviso.fuseSettings": async () => vscode.commands.executeCommand("workbench.action.openSettings", "proviso.limits"),
  "proviso.exportAudit": async ({ audited }) => (await import("./export-audit.ts")).exportAudit(audited),
  "proviso.showStorage": async ({ stored, session }) => {
    const kept = await stored();
    if (!kept.ok) return say(kept.fault.message);
    const { pickStored } = await import("./pick-stored.ts");
    const run = await pickStored(kept.value);
    if (run === undefined) return undefined;
    await focusChat();
    return tell(await session.show(run));
  },
  "proviso.setModelKey": async ({ models }) => models.setKey(),
  "proviso.selectModel": async ({ models, session }) => {
    const { pickModel } = await import("./pick-model.ts");
    const model = await pickModel(await models.config(), models.name);
    if (model === undefined) return undefined;
    await vscode.workspace.getConfiguration("proviso").update("model", model, vscode.ConfigurationTarget.Global);
    models.forget();
    session.refresh();
    return undefined;
  },
  "proviso.testConnection": async ({ models }) => (await import("./test-connection.ts")).testConnection(models),
  "proviso.showPolicy": async () => vscode.commands.executeCommand("proviso.policy.focus"),
  "proviso.showPolicyText": async () => vscode.window.showTextDocument(policyDocument, { preview: true }),
  "proviso.openRule": async ({ book }, node) => (isRule(node) ? openRule(await book(), node) : undefined),
  "proviso.revokeRule": async ({ book }, node) => {
    if (!isRule(node)) return say("Choose one of your own rules in the Policy view first.");
    return revokeRule(await book(), node);
  },
  "proviso.selectFolder": async ({ folder }) => folder.select(),
  "proviso.selectMode": async ({ session }) => {
    await selectMode();
    session.refresh();
  },
};

/** Commands about a hunk, or the file or change it belongs to; what they do is fetched with the desk (review/actions.ts). */
const reviewCommands = [
  "acceptHunk",
  "rejectHunk",
  "rejectHunkWhy",
  "reopenHunk",
  "editHunk",
  "commentHunk",
  "nextHunk",
  "previousHunk",
  "openHunk",
  "acceptFile",
  "rejectFile",
  "acceptAllHunks",
  "rejectAllHunks",
  "applyReview",
  "applyRejectRest",
  "compareReview",
  "showAllChanges",
].map((name) => `proviso.${name}`);

/**
 * Registers every command; what it works on is asked for when one is used. `selected`: what stands under the cursor in the Policy view,
 * for a key pressed there.
 */
export function registerCommands(
  parts: () => Promise<CommandParts>,
  log: vscode.LogOutputChannel,
  selected: () => unknown,
): vscode.Disposable {
  const ofReviews = reviewCommands.map((name): [string, Handler] => [
    name,
    async ({ reviewing }, named) => tell(await reviewing.act(name, named)),
  ]);
  const registered = [...Object.entries(table), ...ofReviews].map(([name, handler]) =>
    vscode.commands.registerCommand(name, async (...args: unknown[]) => {
      try {
        return await handler(await parts(), ...(name === "proviso.revokeRule" && args.length === 0 ? [selected()] : args));
      } catch (error) {
        log.error(error instanceof Error ? error : String(error));
        return say(error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

async function focusChat(): Promise<void> {
  await vscode.commands.executeCommand("proviso.run.focus");
}

const say = (text: string): Thenable<unknown> => vscode.window.showInformationMessage(text);
const tell = (result: Result<unknown>): Thenable<unknown> | undefined =>
  result.ok ? undefined : vscode.window.showWarningMessage(result.fault.message);

async function start(parts: CommandParts, goal: string): Promise<unknown> {
  await focusChat();
  return tell(await parts.session.start(goal));
}

/** What approve and reject act on: the review in front, else the card that is armed, else the only thing that waits. */
function targetOf({ reviewing, waiting, armed }: CommandParts): ApprovalRequest | undefined {
  const key = reviewing.inFront();
  if (key !== undefined) return waiting.waiting.find((request) => request.digest === key);
  return armed() ?? (waiting.waiting.length === 1 ? waiting.waiting[0] : undefined);
}

async function selected(folder: WorkFolder, { document, selection }: vscode.TextEditor): Promise<{ place: string; text: string }> {
  const place = `${await folder.enter(document.uri)}:${selection.start.line + 1}-${selection.end.line + 1}`;
  return { place, text: document.getText(selection) };
}

function problemAtCursor(): { readonly uri: vscode.Uri; readonly line: number; readonly message: string } | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const found = vscode.languages
    .getDiagnostics(editor.document.uri)
    .find((problem) => problem.range.intersection(editor.selection) !== undefined);
  return found && { uri: editor.document.uri, line: found.range.start.line + 1, message: found.message };
}

async function resume(parts: CommandParts): Promise<unknown> {
  const shown = parts.session.state;
  const run = shown.run && !parts.session.driving && shown.ended?.outcome !== "done" ? shown.run.id : await pickRun(parts, "Resume a run");
  if (run === undefined) return undefined;
  await focusChat();
  return tell(await parts.session.resume(run));
}

async function pickRun({ session }: CommandParts, title: string): Promise<string | undefined> {
  const runs = await session.list();
  if (!runs.ok) return void (await say(runs.fault.message));
  if (runs.value.length === 0) return void (await say("There are no runs in this workspace yet."));
  const items = runs.value.map((run) => ({
    label: run.goal,
    description: run.mood,
    detail: `${new Date(run.at).toLocaleString()}  ${run.said}`,
    run: run.id,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true, matchOnDescription: true }))?.run;
}

async function selectMode(): Promise<void> {
  const modes = [
    { label: "read-only", description: "reads and answers; every change and command is denied" },
    { label: "supervised", description: "every change and command asks" },
    { label: "autonomous", description: "what the sandbox confines runs; the rest asks" },
  ];
  const picked = await vscode.window.showQuickPick(modes, { title: "How much may run without asking?" });
  if (picked) await vscode.workspace.getConfiguration("proviso").update("mode", picked.label, vscode.ConfigurationTarget.Global);
}

const isRule = (node: unknown): node is RuleNode => typeof node === "object" && node !== null && "of" in node && node.of === "rule";

/** Where it was written; what has no place of its own is shown in the document of all rules. The row keeps the focus: Delete is of the rule. */
async function openRule(book: RuleBook, { each }: RuleNode): Promise<unknown> {
  if (await book.show(each.origin, { focus: false })) return undefined;
  const document = await vscode.workspace.openTextDocument(policyDocument);
  const found = document.getText().indexOf(`\`${each.rule.id}\``);
  const at = document.positionAt(Math.max(0, found));
  return vscode.window.showTextDocument(document, { preview: true, selection: new vscode.Range(at, at), preserveFocus: true });
}

async function revokeRule(book: RuleBook, { each, revocable }: RuleNode): Promise<unknown> {
  const { rule } = each;
  if (!revocable) return say(`${rule.id} is not one of your own rules, so it is not yours to take back here.`);
  if (rule.verdict !== "allow") {
    const sure = await vscode.window.showWarningMessage(
      `Take back ${rule.id}?`,
      { modal: true, detail: `It says ${rule.verdict}: ${rule.why} Without it more may happen.` },
      "Take It Back",
    );
    if (sure === undefined) return undefined;
  }
  return tell(await book.revoke(rule.id));
}
