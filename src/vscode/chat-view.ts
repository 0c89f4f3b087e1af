// The sidebar: a page that draws and asks, and nothing else. What it is sent are patches of the view; what it sends is parsed.
// Hiding it, reloading the window or losing the page costs nothing: "ready" is answered with all there is to see.

import type * as vscode from "vscode";
import { patchOf, resetTo, type Shown, shownOf, windowSize } from "../protocol/patch.ts";
import type { View } from "../protocol/present.ts";
import { ToHost } from "../protocol/to-host.ts";
import type { ToView } from "../protocol/to-view.ts";
import type { Streamed } from "./session.ts";

type Delta = Extract<ToView, { type: "delta" }>;

/** Milliseconds that changes are gathered before they are sent. */
const batchMs = 40;

export interface ChatSource {
  readonly view: () => View;
  readonly onChange: vscode.Event<void>;
  /** Streamed text and output, by item. */
  readonly onDelta: vscode.Event<Streamed>;
}

export class ChatView implements vscode.Disposable {
  readonly #source: ChatSource;
  readonly #handle: (message: ToHost, reply: (message: ToView) => void) => Promise<void>;
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables: vscode.Disposable[];
  #webview: vscode.WebviewView | undefined;
  #sent: Shown | undefined;
  #size = windowSize;
  #timer: NodeJS.Timeout | undefined;
  /** Something besides streamed text has changed since the last flush. */
  #changed = false;
  /** Streamed since the last change, and before it: what a change settles must not come after it. */
  #deltas = new Map<string, Delta>();
  #settled = new Map<string, Delta>();

  constructor(parts: {
    readonly source: ChatSource;
    readonly handle: (message: ToHost, reply: (message: ToView) => void) => Promise<void>;
    readonly log: vscode.LogOutputChannel;
  }) {
    this.#source = parts.source;
    this.#handle = parts.handle;
    this.#log = parts.log;
    this.#disposables = [
      parts.source.onChange(() => {
        this.#changed = true;
        for (const [id, delta] of this.#deltas) this.#settled.set(id, delta.fresh ? delta : added(this.#settled.get(id), id, delta.text));
        this.#deltas.clear();
        this.#schedule();
      }),
      parts.source.onDelta(({ id, text }) => {
        if (!this.#sent) return;
        this.#deltas.set(id, text === undefined ? { type: "delta", id, text: "", fresh: true } : added(this.#deltas.get(id), id, text));
        this.#schedule();
      }),
    ];
  }

  /** Talks with this page from now on. `early` is what it has said already. */
  take(view: vscode.WebviewView, early: readonly unknown[]): void {
    this.#webview = view;
    this.#sent = undefined;
    view.webview.onDidReceiveMessage((raw: unknown) => void this.#receive(raw));
    view.onDidDispose(() => {
      this.#webview = undefined;
      this.#sent = undefined;
      this.#gone();
    });
    view.onDidChangeVisibility(() => view.visible || this.#gone());
    for (const raw of early) void this.#receive(raw);
  }

  get visible(): boolean {
    return this.#webview?.visible ?? false;
  }

  /** The number on the icon: how many things wait. */
  badge(waiting: number): void {
    if (this.#webview)
      this.#webview.badge =
        waiting === 0 ? undefined : { value: waiting, tooltip: waiting === 1 ? "1 thing waits for you" : `${waiting} things wait for you` };
  }

  post(message: ToView): void {
    void this.#webview?.webview.postMessage(message);
  }

  /** A page that is gone cannot say that nothing of it is on screen any more. */
  #gone(): void {
    void this.#receive({ type: "armed" });
    void this.#receive({ type: "focus", here: false });
  }

  async #receive(raw: unknown): Promise<void> {
    const message = ToHost.safeParse(raw);
    if (!message.success) {
      this.#log.warn(`The chat sent a message that is not in the protocol; it was dropped: ${message.error.issues[0]?.message ?? ""}`);
      return;
    }
    if (message.data.type === "ready") {
      this.#size = windowSize;
      this.#reset();
    }
    if (message.data.type === "earlier") {
      this.#size += windowSize;
      return this.#reset();
    }
    try {
      await this.#handle(message.data, (reply) => this.post(reply));
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      this.post({ type: "notice", text: error instanceof Error ? error.message : String(error) });
    }
  }

  #reset(): void {
    this.#sent = shownOf(this.#source.view(), this.#size);
    this.#changed = false;
    this.#settled.clear();
    this.#deltas.clear();
    this.post(resetTo(this.#sent));
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), batchMs);
  }

  #flush(): void {
    this.#timer = undefined;
    if (!this.#webview || !this.#sent) return;
    if (this.#changed) this.#catchUp(this.#sent);
    for (const delta of this.#deltas.values()) this.post(delta);
    this.#deltas.clear();
  }

  #catchUp(sent: Shown): void {
    this.#changed = false;
    for (const delta of this.#settled.values()) this.post(delta);
    this.#settled.clear();
    const view = this.#source.view();
    if (view.header.run?.id !== sent.header.run?.id) {
      this.#size = windowSize;
      return this.#reset();
    }
    const shown = shownOf(view, this.#size);
    const patch = patchOf(sent, shown);
    if (patch) this.post(patch);
    this.#sent = shown;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

const added = (before: Delta | undefined, id: string, text: string): Delta =>
  before ? { ...before, text: before.text + text } : { type: "delta", id, text };
