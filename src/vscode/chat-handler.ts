// What each message of the webview does. Messages are parsed already; here they meet the session.

import { resolve } from "node:path";
import * as vscode from "vscode";
import type { ApprovalRequest } from "../agent/approval.ts";
import { validatePlan } from "../agent/plan.ts";
import type { Rule } from "../agent/policy/rules.ts";
import { assertNever, fail, type Result } from "../agent/result.ts";
import { findCall } from "../agent/state.ts";
import { callDetail } from "../protocol/call-item.ts";
import type { ToHost } from "../protocol/to-host.ts";
import type { Item, RuleOffer, ToView } from "../protocol/to-view.ts";
import type { Decisions } from "./decisions.ts";
import type { HunkRef } from "./review/desk.ts";
import type { Session } from "./session.ts";

export interface ChatParts {
  readonly session: Session;
  readonly decisions: Decisions;
  readonly offers: (request: ApprovalRequest) => Promise<readonly RuleOffer[]>;
  /** Puts a rule in force until the window closes. */
  readonly grant: (rule: Rule) => Promise<void>;
  readonly arm: (id: string | undefined) => void;
  readonly focus: (where: "chat" | "elsewhere") => void;
  /** What was typed and not sent. */
  readonly begun: Begun;
  /** Where the next run will work. */
  readonly folder: () => vscode.WorkspaceFolder | undefined;
  /** Earlier goals, newest first. */
  readonly goals: () => Promise<readonly string[]>;
  /** Paths that fit words typed after "@"; undefined where other words were asked about meanwhile. */
  readonly find: (words: string) => Promise<readonly string[] | undefined>;
}

export interface Begun {
  get(): { readonly at: number; readonly json: string } | undefined;
  keep(begun: { readonly at: number; readonly json: string }): Promise<void>;
}

export type Reply = (message: ToView) => void;

export const chatHandler =
  (parts: ChatParts) =>
  async (message: ToHost, reply: Reply): Promise<void> => {
    const { session, decisions } = parts;
    const tell = (result: Result<unknown>): void => {
      if (!result.ok) reply({ type: "notice", text: result.fault.message });
    };
    switch (message.type) {
      case "earlier":
        return;
      case "ready": {
        const begun = parts.begun.get();
        return begun && reply({ type: "begun", ...begun });
      }
      case "begun":
        return parts.begun.keep({ at: message.at, json: message.json });
      case "send":
        return send(parts, message, tell);
      case "approve": {
        const request = requestOf(session, message.id);
        if (!request) return reply({ type: "notice", text: "This no longer waits. Nothing was done." });
        const offer = message.remember === undefined ? undefined : (await parts.offers(request))[message.remember];
        if (offer && message.keep === "session") {
          const approved = await decisions.approve(request.subject, message.digest);
          if (approved.ok) await parts.grant(offer.rule);
          return tell(approved);
        }
        return tell(await decisions.approve(request.subject, message.digest, offer?.rule));
      }
      case "approveAll": {
        // Each by its own digest: what was not on the screen as it is now is not approved.
        const requests = message.cards.map(({ id, digest }) => ({ request: requestOf(session, id), digest }));
        for (const { request, digest } of requests) if (request) tell(await decisions.approve(request.subject, digest));
        return;
      }
      case "reject": {
        const request = requestOf(session, message.id);
        return request
          ? tell(await decisions.reject(request.subject, request.digest, message.why))
          : reply({ type: "notice", text: "This no longer waits. Nothing was done." });
      }
      case "amend":
        return amend(parts, message, tell);
      case "amendPlan":
        return amendPlan(parts, message, tell);
      case "offers": {
        const request = requestOf(session, message.id);
        return request && reply({ type: "offers", id: message.id, offers: await parts.offers(request) });
      }
      case "decide":
        return tell(await decide(parts, message));
      case "apply": {
        const request = requestOf(session, message.id);
        if (!request) return tell(gone);
        const desk = await decisions.review(request);
        return tell(desk.ok ? await decisions.apply(message.digest, message.rest) : desk);
      }
      case "hunk": {
        const request = requestOf(session, message.id);
        const desk = request ? await decisions.review(request) : gone;
        if (!desk.ok || !request) return tell(desk);
        const ref: HunkRef = { key: request.digest, file: message.file, hunk: message.hunk };
        return vscode.commands.executeCommand(hunkCommands[message.act], ref);
      }
      case "review": {
        const request = requestOf(session, message.id);
        if (request && !(await decisions.show(request, { focus: true })))
          reply({
            type: "notice",
            text: "This change cannot be shown in the editor; it stands here as a whole.",
          });
        return;
      }
      case "unfold": {
        const found = findAnyCall(session, message.id.replace(/^call:/, ""));
        return found && reply({ type: "detail", id: message.id, detail: callDetail(found) });
      }
      case "restore":
        return vscode.commands.executeCommand("proviso.restore", message.to, session.state.run?.id);
      case "fork":
        return vscode.commands.executeCommand("proviso.fork", message.at, session.state.run?.id);
      case "export":
        return vscode.commands.executeCommand("proviso.exportRun", message.run);
      case "stop":
        return session.stop();
      case "resume":
        return tell(await session.resume(message.run));
      case "offer":
        return take(session, message, tell);
      case "open":
        return tell(await session.show(message.run));
      case "delete": {
        tell(await session.delete(message.run));
        return sendRuns(session, "", reply);
      }
      case "runs":
        return sendRuns(session, message.search, reply);
      case "show":
        return showPlace(message.path, message.line, session.state.run?.workspace ?? parts.folder()?.uri.fsPath);
      case "recall": {
        const goal = (await parts.goals())[message.back];
        return goal === undefined ? undefined : reply({ type: "prefill", text: goal, attachments: [] });
      }
      case "find": {
        const paths = await parts.find(message.words);
        return paths && reply({ type: "found", words: message.words, paths });
      }
      case "copy":
        return vscode.env.clipboard.writeText(message.text);
      case "insert":
        return insert(message.text, reply);
      case "link":
        return openLink(message.href);
      case "command":
        return vscode.commands.executeCommand(commandNames[message.name]);
      case "armed":
        return parts.arm(message.id);
      case "focus":
        return parts.focus(message.here ? "chat" : "elsewhere");
      case "failed":
        throw new Error(`The chat's page failed: ${message.message}`);
      default:
        return assertNever(message);
    }
  };

const hunkCommands = { open: "proviso.openHunk", edit: "proviso.editHunk", comment: "proviso.commentHunk" } as const;

const gone = fail("stale", "This no longer waits. Nothing was done.");

/** One hunk, or those of the file that are open. */
async function decide(
  { session, decisions }: ChatParts,
  { id, digest, file, hunk, decision }: Extract<ToHost, { type: "decide" }>,
): Promise<Result<unknown>> {
  const request = requestOf(session, id);
  const found = request?.digest === digest ? await decisions.review(request) : gone;
  if (!found.ok) return found;
  const desk = found.value;
  const open = desk.rows(digest, file)?.hunks.filter(({ mood }) => mood === "open" || (mood === "conflict" && decision === "rejected"));
  const hunks = hunk === undefined ? (open ?? []).map((one) => one.hunk) : [hunk];
  const clash = hunk !== undefined && decision === "accepted" && desk.hunk({ key: digest, file, hunk })?.mood === "conflict";
  // Only the editor shows the lines that it would replace.
  if (clash)
    return fail("invalid", "You changed these lines meanwhile: look at them in the editor, and take the proposal or keep yours there.");
  return desk.decide(
    digest,
    hunks.map((one) => ({ file, hunk: one, decision: decision === "open" ? null : { is: decision } })),
  );
}

const commandNames: Readonly<Record<Extract<ToHost, { type: "command" }>["name"], string>> = {
  newRun: "proviso.newRun",
  selectModel: "proviso.selectModel",
  setKey: "proviso.setModelKey",
  testConnection: "proviso.testConnection",
  showPolicy: "proviso.showPolicy",
  openJournal: "proviso.openJournal",
  showRuns: "proviso.showRuns",
  importRun: "proviso.importRun",
  selectMode: "proviso.selectMode",
  selectFolder: "proviso.selectFolder",
  openFolder: "workbench.action.files.openFolder",
  manageTrust: "workbench.trust.manage",
  fuseSettings: "proviso.fuseSettings",
};

async function send(
  { session, decisions }: ChatParts,
  { text, as, id }: Extract<ToHost, { type: "send" }>,
  tell: (result: Result<unknown>) => void,
): Promise<void> {
  if (text.trim() === "") return;
  // The composer said what sending would do; where that is no longer possible, the words are kept as steering or a new run.
  const waiting = id === undefined ? session.state.waiting.at(0) : requestOf(session, id);
  if (as === "reject" && waiting) return tell(await decisions.reject(waiting.subject, waiting.digest, text));
  if (as !== "run" && session.driving) return session.say(text);
  const { run, forkedFrom } = session.state;
  if (run && forkedFrom !== undefined && !session.driving) return tell(await session.goOn(run.id, text));
  return tell(await session.start(text));
}

async function take(
  session: Session,
  { run, take: offer }: Extract<ToHost, { type: "offer" }>,
  tell: (result: Result<unknown>) => void,
): Promise<void> {
  if (offer === "rollBack") return vscode.commands.executeCommand("proviso.restore", "fuse", run);
  if (offer === "handOver") return vscode.commands.executeCommand("proviso.handOver", run);
  return tell(await session.resume(run, offer));
}

async function amend(
  { session, decisions }: ChatParts,
  { id, input }: Extract<ToHost, { type: "amend" }>,
  tell: (result: Result<unknown>) => void,
): Promise<void> {
  const request = requestOf(session, id);
  if (!request?.tool || !session.run) return;
  const parsed = session.run.tools.parseArgs(request.tool, input);
  tell(parsed.ok ? await decisions.amend(request.subject, request.digest, parsed.value.input) : parsed);
}

async function amendPlan(
  { session, decisions }: ChatParts,
  { steps }: Extract<ToHost, { type: "amendPlan" }>,
  tell: (result: Result<unknown>) => void,
): Promise<void> {
  const request = session.state.waiting.find((one) => one.subject.of === "plan");
  if (!request?.plan) return;
  const plan = validatePlan({ goal: request.plan.goal, steps }, { diagnostics: true });
  tell(plan.ok ? await decisions.settle(request, plan.value) : plan);
}

/** The question behind an item on the screen. */
export function requestOf(session: Session, id: string): ApprovalRequest | undefined {
  const item = session.view().items.find((one: Item) => one.id === id);
  return item?.kind === "approval" || item?.kind === "plan" ? item.request : undefined;
}

function findAnyCall(session: Session, id: string): Parameters<typeof callDetail>[0] | undefined {
  const present = findCall(session.state, id);
  if (present) return present.call;
  const step = session.state.steps[id.split(".")[0] ?? ""];
  return step?.past
    .flatMap((attempt) => attempt.turns)
    .flatMap((turn) => turn.calls)
    .find((call) => call.call === id);
}

async function sendRuns(session: Session, search: string, reply: Reply): Promise<void> {
  const runs = await session.list();
  // Without a folder the page has said so already.
  if (!runs.ok)
    return reply(vscode.workspace.workspaceFolders?.length ? { type: "notice", text: runs.fault.message } : { type: "runs", runs: [] });
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  reply({ type: "runs", runs: runs.value.filter((run) => words.every((word) => `${run.goal} ${run.said}`.toLowerCase().includes(word))) });
}

async function showPlace(path: string, line: number | undefined, root: string | undefined): Promise<void> {
  if (root === undefined) return;
  const uri = vscode.Uri.file(resolve(root, path));
  const at = new vscode.Position(Math.max(0, (line ?? 1) - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}

async function insert(text: string, reply: Reply): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return reply({ type: "notice", text: "Open a file and put the cursor where the code belongs." });
  await editor.edit((edit) => edit.replace(editor.selection, text));
}

/** Only the web and mail; never a command, a file or anything of VS Code's own. */
async function openLink(href: string): Promise<void> {
  const uri = vscode.Uri.parse(href, true);
  if (["http", "https", "mailto"].includes(uri.scheme)) await vscode.env.openExternal(uri);
}
