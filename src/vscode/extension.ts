// The editor's composition root. Activation registers and reads nothing from disk: runs, models and grammars load at first use.
// A run that the window's end interrupted goes on when the window comes back.

import * as vscode from "vscode";
import type { ApprovalRequest } from "../agent/approval.ts";
import { offersFor } from "../agent/judgement.ts";
import { shippedPolicy } from "../agent/policy/defaults.ts";
import type { Offer } from "../agent/policy/grants.ts";
import { rulesEngine } from "../node/rules-engine.ts";
import { chatHandler, requestOf } from "./chat-handler.ts";
import { ChatView } from "./chat-view.ts";
import { registerCommands } from "./commands.ts";
import { Decisions } from "./decisions.ts";
import { findExamples } from "./examples.ts";
import { WorkFolder } from "./folders.ts";
import { ModelChoice } from "./models.ts";
import { WaitingRoom } from "./person.ts";
import { policyDocument, registerPolicyDocument } from "./policy-document.ts";
import { registerProblemFixes } from "./problem-fixes.ts";
import { Proposals } from "./proposals.ts";
import { RunStore } from "./run-store.ts";
import { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import { StatusItem } from "./status.ts";

const openRunKey = "proviso.openRun";
const begunKey = "proviso.begun";
let active: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Proviso", { log: true });
  const waiting = new WaitingRoom();
  const proposals = new Proposals();
  const models = new ModelChoice(context.secrets);
  const folder = new WorkFolder(context.workspaceState);
  const store = new RunStore({ person: waiting, models, engine: rulesEngine(), folder });
  let examples: readonly string[] = [];
  const session = new Session({
    runs: store,
    log,
    around: () => ({
      model: models.name,
      mode: vscode.workspace.isTrusted ? readSettings().mode : "read-only",
      unsandboxed: unsandboxed(session),
      limits: limitsHere(),
      folder: folder.name,
      examples,
    }),
  });
  active = session;
  const decisions = new Decisions({ waiting, proposals, session });
  let armedItem: string | undefined;
  const armed = (): ApprovalRequest | undefined => (armedItem === undefined ? undefined : requestOf(session, armedItem));
  const arm = (id: string | undefined): void => {
    armedItem = id;
    setContext("armed", id !== undefined || proposals.keyOf(inFront()) !== undefined);
  };
  const focus = (where: "chat" | "elsewhere"): void => setContext("focused", where === "chat");
  const handle = chatHandler({
    session,
    decisions,
    offers: (request) => offersOf(session, request),
    arm,
    focus,
    begun: {
      get: () => context.workspaceState.get(begunKey),
      keep: async (begun) => context.workspaceState.update(begunKey, begun),
    },
    folder: () => folder.current,
    goals: () => store.goals(),
  });
  const chat = new ChatView({
    extension: context.extensionUri,
    log,
    handle,
    source: { view: () => session.view(), onChange: session.onChange, onDelta: session.onDelta },
  });
  const status = new StatusItem();
  const present = presenter(waiting, proposals, decisions);

  const show = (): void => {
    const { header } = session.view();
    status.show(header);
    chat.badge(waiting.waiting.length);
    setContext("waiting", waiting.waiting.length);
    setContext("working", session.driving);
  };
  const look = (): void => {
    void findExamples(folder.current).then((found) => {
      examples = found;
      session.refresh();
    });
  };
  context.subscriptions.push(
    log,
    waiting,
    proposals,
    session,
    chat,
    status,
    folder,
    folder.onChange(look),
    session.onChange(show),
    waiting.onChange(show),
    session.onChange(() => void context.workspaceState.update(openRunKey, session.driving ? session.state.run?.id : undefined)),
    waiting.onChange(() => void present()),
    vscode.window.tabGroups.onDidChangeTabs(() => {
      const reviewing = proposals.keyOf(inFront()) !== undefined;
      setContext("reviewing", reviewing);
      if (reviewing) setTimeout(() => setContext("armed", true), armMs);
      else setContext("armed", armedItem !== undefined);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("proviso")) return;
      models.forget();
      session.refresh();
    }),
    context.secrets.onDidChange(() => models.forget()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => session.refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
    vscode.window.registerWebviewViewProvider(ChatView.id, chat, { webviewOptions: { retainContextWhenHidden: false } }),
    registerPolicyDocument(() => session.run?.world.rules.policy() ?? shippedPolicy()),
    registerProblemFixes(),
    registerCommands({
      session,
      decisions,
      waiting,
      proposals,
      chat,
      folder,
      models,
      log,
      journalOf: (run) => store.journalOf(run),
      policyDocument,
      armed,
    }),
  );
  show();
  look();
  const interrupted = context.workspaceState.get<string>(openRunKey);
  if (interrupted !== undefined) void session.resume(interrupted).then((resumed) => resumed.ok || log.warn(resumed.fault.message));
}

export async function deactivate(): Promise<void> {
  await active?.shutDown();
}

const armMs = 300;

const setContext = (name: string, value: unknown): void => void vscode.commands.executeCommand("setContext", `proviso.${name}`, value);

function inFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}

/** Opens each change that waits once, one after the other and without taking the focus; a diff that is being read stays in front. */
function presenter(waiting: WaitingRoom, proposals: Proposals, decisions: Decisions): () => Promise<void> {
  const presented = new Set<string>();
  let turn = Promise.resolve();
  const next = async (): Promise<void> => {
    const wanted = new Set(waiting.waiting.map((request) => request.digest));
    const decided = [...proposals.keys].filter((key) => !wanted.has(key));
    for (const key of decided) await proposals.withdraw(key);
    // Whoever has just decided one change goes on to the next, even if its diff was open before.
    if (decided.length > 0) presented.clear();
    if (proposals.keys.has(proposals.keyOf(inFront()) ?? "") || !readSettings()["review.openDiff"]) return;
    for (const request of waiting.waiting) {
      if (presented.has(request.digest)) continue;
      presented.add(request.digest);
      if (await decisions.show(request, { focus: false })) return;
    }
  };
  // One after the other; a diff that could not be opened holds nothing up.
  const after = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined);
    await next();
  };
  return () => {
    turn = after(turn);
    return turn;
  };
}

function limitsHere(): string | undefined {
  if (!vscode.workspace.workspaceFolders?.length) return "No folder is open. Proviso works on the files of a folder.";
  if (!vscode.workspace.isTrusted)
    return "This workspace is not trusted: Proviso reads, searches and explains, and changes and runs nothing.";
  return undefined;
}

function unsandboxed(session: Session): string | undefined {
  const sandbox = session.run?.world.shell.sandbox;
  return sandbox && !sandbox.active ? sandbox.reason : undefined;
}

async function offersOf(session: Session, { subject }: ApprovalRequest): Promise<readonly Offer[]> {
  return session.run && subject.of === "call" ? offersFor(session.run, subject.call) : [];
}
