// Where a person and a run meet: session, questions, proposals, models, chat, put together at first use. A run that the window's end
// interrupted goes on when the desk opens. The engine stays behind one more door (late-runs.ts) until a run is wanted.

import * as vscode from "vscode";
import type { ApprovalRequest } from "../agent/approval.ts";
import type { Offer } from "../agent/policy/grants.ts";
import { chatHandler, requestOf } from "./chat-handler.ts";
import { ChatView } from "./chat-view.ts";
import type { CommandParts } from "./commands.ts";
import { Decisions } from "./decisions.ts";
import { escalation } from "./escalation.ts";
import { findExamples } from "./examples.ts";
import type { FileFinder } from "./file-finder.ts";
import { WorkFolder } from "./folders.ts";
import { lateRuns } from "./late-runs.ts";
import type { PolicySource } from "./policy/policy-tree.ts";
import type { RuleBook } from "./policy/rule-book.ts";
import { ModelChoice } from "./models.ts";
import { WaitingRoom } from "./person.ts";
import { RecentFiles } from "./recent-files.ts";
import { type Reviewing, startReviewing } from "./review/review.ts";
import { type Runs, Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import type { StatusItem } from "./status.ts";

const begunKey = "proviso.begun";

export interface Desk extends CommandParts {
  /** The rules in force, as a document. */
  policyText(): Promise<string>;
  /** The rules in force, as the Policy view shows them. */
  policy(): Promise<PolicySource>;
}

export interface DeskParts {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly status: StatusItem;
  /** The run that was at work when the window closed; it goes on. */
  readonly interrupted: string | undefined;
  /** Remembers the run that is at work, for the next window. */
  readonly keep: (run: string | undefined) => void;
}

export function openDesk({ context, log, status, interrupted, keep }: DeskParts): Desk {
  const waiting = new WaitingRoom({ patienceMs });
  const models = new ModelChoice(context.secrets);
  const folder = new WorkFolder(context.workspaceState);
  const book = once(() => openBook(context, folder));
  const runs = lateRuns(async () => openStore({ person: waiting, models, folder, rules: await book() }));
  const recent = new RecentFiles();
  const finder = once(() => openFinder(book, recent));
  let examples: readonly string[] = [];
  const session = new Session({
    runs,
    log,
    around: () => ({
      model: models.name,
      mode: vscode.workspace.isTrusted ? readSettings().mode : "read-only",
      unsandboxed: unsandboxed(session),
      limits: limitsHere(),
      folder: folder.name,
      runFolder: folder.nameOf(session.state.run?.workspace),
      examples,
      clashes: reviewing.desk.clashes,
    }),
  });
  const setContext = contexts();
  let armedItem: string | undefined;
  let clashes = "[]";
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
  const reviewing = startReviewing({ session, waiting, ready, setContext, onSight: () => keys() });
  const decisions = new Decisions({ waiting, reviewing, session });
  const keys = (): void => setContext("armed", armedItem !== undefined || reviewing.armed);
  const armed = (): ApprovalRequest | undefined => (armedItem === undefined ? undefined : requestOf(session, armedItem));
  const arm = (id: string | undefined): void => {
    armedItem = id;
    keys();
  };
  const focus = (where: "chat" | "elsewhere"): void => setContext("focused", where === "chat");
  const handle = chatHandler({
    session,
    decisions,
    offers: (request) => offersOf(session, request),
    grant: async (rule) => (await book()).grant(rule),
    arm,
    focus,
    begun: {
      get: () => context.workspaceState.get(begunKey),
      keep: async (begun) => context.workspaceState.update(begunKey, begun),
    },
    folder: () => folder.current,
    goals: () => runs.goals(),
    find: async (words) => (await finder()).find(whereWordsGo(session) ?? folder.current?.uri.fsPath, words),
  });
  const chat = new ChatView({
    log,
    handle,
    source: { view: () => session.view(), onChange: session.onChange, onDelta: session.onDelta },
  });
  const present = presenter(waiting, reviewing, decisions);
  const escalate = escalation(waiting, decisions);

  const show = (): void => {
    status.show(session.header());
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
    waiting,
    reviewing,
    session,
    chat,
    folder,
    recent,
    folder.onChange(look),
    session.onChange(show),
    reviewing.desk.onChange(() => {
      const met = JSON.stringify(reviewing.desk.clashes);
      if (met !== clashes) session.refresh();
      clashes = met;
    }),
    waiting.onChange(show),
    session.onChange(() => keep(session.driving ? session.state.run?.id : undefined)),
    waiting.onChange(() => void present()),
    waiting.onChange(() => void escalate()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("proviso")) return;
      models.forget();
      session.refresh();
    }),
    context.secrets.onDidChange(() => models.forget()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => session.refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
  );
  show();
  look();
  if (interrupted === undefined) isReady();
  else
    void session
      .resume(interrupted)
      .then((resumed) => resumed.ok || log.warn(resumed.fault.message))
      .finally(isReady);
  return {
    session,
    decisions,
    waiting,
    reviewing,
    chat,
    folder,
    models,
    journalOf: (run) => runs.journalOf(run),
    rewind: (run) => runs.rewind(run),
    pack: (run) => runs.pack(run),
    take: (path) => runs.take(path),
    audited: () => runs.audited(),
    stored: () => runs.stored(),
    armed,
    policyText: async () => (await book()).text(),
    policy: () => policySource(book, session),
    book,
  };
}

function patienceMs(): number | undefined {
  const seconds = readSettings()["approval.timeoutSeconds"];
  return seconds === null ? undefined : seconds * 1000;
}

/** Tells the editor what `when` clauses may ask, where it is not what was told last: this is asked after every event. */
function contexts(): (name: string, value: unknown) => void {
  const told = new Map<string, unknown>();
  return (name, value) => {
    if (told.get(name) === value) return;
    told.set(name, value);
    void vscode.commands.executeCommand("setContext", `proviso.${name}`, value);
  };
}

/** Opens each change that waits once, one after the other and without taking the focus; a review that is being read stays in front. */
function presenter(waiting: WaitingRoom, reviewing: Reviewing, decisions: Decisions): () => Promise<void> {
  const presented = new Set<string>();
  let turn = Promise.resolve();
  const next = async (): Promise<void> => {
    const wanted = new Set(waiting.waiting.map((request) => request.digest));
    // Whoever has just decided one change goes on to the next, even if it was open before.
    if (await reviewing.tidy(wanted)) presented.clear();
    if (wanted.has(reviewing.inFront() ?? "") || !readSettings()["review.openDiff"]) return;
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
  if (!session.run || subject.of !== "call") return [];
  const { offersFor } = await import("../agent/judgement.ts");
  return offersFor(session.run, subject.call);
}

async function openStore(parts: {
  readonly person: WaitingRoom;
  readonly models: ModelChoice;
  readonly folder: WorkFolder;
  readonly rules: RuleBook;
}): Promise<Runs> {
  const [{ RunStore }, { rulesEngine }] = await Promise.all([import("./run-store.ts"), import("../node/rules-engine.ts")]);
  return new RunStore({ ...parts, engine: rulesEngine() });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The folder of the run that would hear them; undefined where they would start one. */
const whereWordsGo = ({ driving, state }: Session): string | undefined =>
  driving || state.forkedFrom !== undefined ? state.run?.workspace : undefined;

async function openFinder(book: () => Promise<RuleBook>, recent: RecentFiles): Promise<FileFinder> {
  const { FileFinder } = await import("./file-finder.ts");
  return new FileFinder({ policy: async (root) => (await (await book()).of(root)).policy(), recent: () => recent.all });
}

async function openBook(context: vscode.ExtensionContext, folder: WorkFolder): Promise<RuleBook> {
  const { RuleBook } = await import("./policy/rule-book.ts");
  const book = new RuleBook(folder);
  context.subscriptions.push(book);
  return book;
}

/** The rules and what they decided; it changes with the rules and with every answer. */
async function policySource(book: () => Promise<RuleBook>, session: Session): Promise<PolicySource> {
  const [opened, { policyNodes }] = await Promise.all([book(), import("./policy/policy-nodes.ts")]);
  const changed = (listener: () => void): vscode.Disposable =>
    vscode.Disposable.from(
      opened.onChange(listener),
      session.onEvent(({ event }) => /^(call\.judged|approval\.|plan\.settled|run\.ended)/.test(event.type) && listener()),
    );
  return { nodes: async () => policyNodes(await opened.page()), onChange: changed };
}
