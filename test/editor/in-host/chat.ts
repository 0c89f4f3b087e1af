import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { ApprovalRequest } from "../../../src/agent/approval.ts";
import { emptyState } from "../../../src/agent/state.ts";
import { present } from "../../../src/protocol/present.ts";
import type { ToHost } from "../../../src/protocol/to-host.ts";
import { chatHandler, type ChatParts } from "../../../src/vscode/chat-handler.ts";
import { chatPage } from "../../../src/vscode/chat-page.ts";
import { ChatView } from "../../../src/vscode/chat-view.ts";
import { until } from "./workspace.ts";

describe("what the chat's page sends", () => {
  /** A view whose page is the test. `open` lets the chat answer, which it does from the start unless it is `late`. */
  function room({ late = false } = {}) {
    const receive = new vscode.EventEmitter<unknown>();
    const posted: unknown[] = [];
    const handled: ToHost[] = [];
    const warned: string[] = [];
    const around = {
      driving: false,
      model: "m",
      mode: "supervised",
      unsandboxed: undefined,
      limits: undefined,
      folder: undefined,
      runFolder: undefined,
      examples: [],
    };
    let view = present(emptyState, around);
    const changes = new vscode.EventEmitter<void>();
    const deltas = new vscode.EventEmitter<{ readonly id: string; readonly text: string }>();
    const never = new vscode.EventEmitter<never>();
    const chat = new ChatView({
      log: { warn: (text: string) => warned.push(text), error: () => undefined } as unknown as vscode.LogOutputChannel,
      handle: async (message) => void handled.push(message),
      source: { view: () => view, onChange: changes.event, onDelta: deltas.event },
    });
    const webview = {
      options: {},
      html: "",
      cspSource: "self",
      asWebviewUri: (uri: vscode.Uri) => uri,
      onDidReceiveMessage: receive.event,
      postMessage: async (message: unknown) => posted.push(message) > 0,
    };
    const disposed = new vscode.EventEmitter<void>();
    let open = (): void => undefined;
    const answering = late ? new Promise<ChatView>((resolve) => (open = () => resolve(chat))) : Promise.resolve(chat);
    void chatPage(vscode.Uri.file("/extension"), () => answering).resolveWebviewView(
      { webview, visible: true, onDidDispose: disposed.event, onDidChangeVisibility: never.event } as unknown as vscode.WebviewView,
      { state: undefined },
      new vscode.CancellationTokenSource().token,
    );
    return {
      send: (message: unknown) => receive.fire(message),
      posted,
      handled,
      warned,
      html: () => webview.html,
      answered: async () => {
        open();
        await answering;
        await Promise.resolve();
      },
      stream: (text: string) => deltas.fire({ id: "step:a", text }),
      change: (model: string) => {
        view = present(emptyState, { ...around, model });
        changes.fire();
      },
      close: () => disposed.fire(),
      shown: () => chat.visible,
    };
  }

  it("is dropped with a line in the log when it is not in the protocol", async () => {
    const { send, handled, warned } = room();
    const wrong: readonly unknown[] = [
      null,
      7,
      "approve",
      [],
      { type: "eval", code: "1" },
      { type: "approve" },
      { type: "approve", id: "x", digest: 7 },
      { type: "approve", id: "x", digest: "y", force: true },
      { type: "command", name: "workbench.action.quit" },
      { type: "send", text: "x".repeat(10_000_000), as: "run" },
      { type: "send", text: "x", as: "root" },
      { type: "show", path: "x".repeat(5000) },
      { type: "amendPlan", id: "plan", steps: [{ id: "a" }] },
    ];
    for (const message of wrong) send(message);
    await until(() => warned.length === wrong.length);
    assert.deepEqual(handled, []);
  });

  it("is answered with everything there is to see when the page is ready", async () => {
    const { send, posted } = room();
    send({ type: "ready" });
    await until(() => posted.length > 0);
    assert.equal((posted[0] as { type: string }).type, "reset");
  });

  it("is heard, in order, once somebody answers it", async () => {
    const { send, posted, handled, html, answered } = room({ late: true });
    assert.notEqual(html(), "", "the page is up at once");
    send({ type: "ready" });
    send({ type: "stop" });
    assert.deepEqual(posted, []);
    await answered();
    await until(() => handled.length > 1);
    assert.deepEqual(
      posted.map((message) => (message as { type: string }).type),
      ["reset"],
    );
    assert.deepEqual(
      handled.map(({ type }) => type),
      ["ready", "stop"],
    );
  });

  it("is not answered when the page was closed before anybody could", async () => {
    const { send, posted, close, answered, shown } = room({ late: true });
    send({ type: "ready" });
    close();
    await answered();
    assert.deepEqual([posted, shown()], [[], false]);
  });

  it("is answered with what streams in the order in which it came: what a change settles is not streamed after it", async () => {
    const { send, posted, stream, change } = room();
    send({ type: "ready" });
    await until(() => posted.length > 0);
    stream("one ");
    stream("two ");
    change("n");
    stream("three");
    await until(() => posted.length >= 4);
    const told = posted.slice(1).map((message) => {
      const { type, text } = message as { readonly type: string; readonly text?: string };
      return text ?? type;
    });
    assert.deepEqual(told, ["one two ", "patch", "three"]);
  });

  it("comes from a page that may load nothing but its own script, with Trusted Types", () => {
    const policy = /content="([^"]+)"/.exec(room().html())?.[1] ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.match(policy, /script-src 'nonce-[\w-]{24}'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });
});

describe("words that reject", () => {
  const spend = { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 };
  const question = (digest: string): ApprovalRequest => ({
    subject: { of: "limit", scope: "run", what: "usd", from: 1, to: 2 },
    digest,
    title: "Raise the limit?",
    spend,
  });
  const around = { driving: true, model: "m", mode: "supervised", unsandboxed: undefined, limits: undefined, folder: undefined };
  const state = { ...emptyState, waiting: [question("first"), question("second")] };

  async function hear(id: string | undefined): Promise<readonly (readonly [string, string])[]> {
    const heard: (readonly [string, string])[] = [];
    const parts = {
      session: {
        state,
        driving: true,
        view: () => present(state, { ...around, runFolder: undefined, examples: [] }),
        say: async (text: string) => void heard.push(["steered", text]),
      },
      decisions: {
        reject: async (_subject: unknown, digest: string) => {
          heard.push(["rejected", digest]);
          return { ok: true, value: undefined };
        },
      },
    };
    const message: ToHost = { type: "send", text: "Not so", as: "reject", ...(id === undefined ? {} : { id }) };
    await chatHandler(parts as unknown as ChatParts)(message, () => undefined);
    return heard;
  }

  it("reject the question that stood on the screen as they were sent", async () => {
    assert.deepEqual(await hear("limit:run:second"), [["rejected", "second"]]);
  });

  it("are kept as steering where that question waits no more", async () => {
    assert.deepEqual(await hear("limit:run:gone"), [["steered", "Not so"]]);
  });
});
