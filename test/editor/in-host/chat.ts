import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { emptyState } from "../../../src/agent/state.ts";
import { present } from "../../../src/protocol/present.ts";
import type { ToHost } from "../../../src/protocol/to-host.ts";
import { ChatView } from "../../../src/vscode/chat-view.ts";
import { until } from "./workspace.ts";

describe("what the chat's page sends", () => {
  /** A view whose page is the test. */
  function room() {
    const receive = new vscode.EventEmitter<unknown>();
    const posted: unknown[] = [];
    const handled: ToHost[] = [];
    const warned: string[] = [];
    const view = present(emptyState, {
      driving: false,
      model: "m",
      mode: "supervised",
      unsandboxed: undefined,
      limits: undefined,
      folder: undefined,
      examples: [],
    });
    const never = new vscode.EventEmitter<never>();
    const chat = new ChatView({
      extension: vscode.Uri.file("/extension"),
      log: { warn: (text: string) => warned.push(text), error: () => undefined } as unknown as vscode.LogOutputChannel,
      handle: async (message) => void handled.push(message),
      source: { view: () => view, onChange: never.event, onDelta: never.event },
    });
    const webview = {
      options: {},
      html: "",
      cspSource: "self",
      asWebviewUri: (uri: vscode.Uri) => uri,
      onDidReceiveMessage: receive.event,
      postMessage: async (message: unknown) => posted.push(message) > 0,
    };
    chat.resolveWebviewView({
      webview,
      visible: true,
      onDidDispose: never.event,
      onDidChangeVisibility: never.event,
    } as unknown as vscode.WebviewView);
    return { send: (message: unknown) => receive.fire(message), posted, handled, warned, html: () => webview.html };
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

  it("comes from a page that may load nothing but its own script, with Trusted Types", () => {
    const policy = /content="([^"]+)"/.exec(room().html())?.[1] ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.match(policy, /script-src 'nonce-[\w-]{24}'(;|$)/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });
});
