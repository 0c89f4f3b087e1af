// Commands where they can be seen: each runs in our own process, and a task terminal mirrors it live. Closing the terminal, or
// Ctrl+C in it, stops the command. The mirror never holds the command up and never takes focus.

import * as vscode from "vscode";
import type { Result } from "../agent/result.ts";
import type { Ending, Shell, Task } from "../agent/world.ts";

/** The same shell, its commands shown in task terminals. */
export function inTerminals(shell: Shell, root: string): Shell {
  return {
    get sandbox() {
      return shell.sandbox;
    },
    reap: (call) => shell.reap(call),
    listens: (where, signal) => shell.listens(where, signal),
    output: (call, signal) => shell.output(call, signal),
    trial: (request, signal) => shell.trial(request, signal),
    run: (task, signal) => runShown(shell, { ...task, root }, signal),
  };
}

async function runShown(shell: Shell, { root, ...task }: Task & { readonly root: string }, signal: AbortSignal): Promise<Result<Ending>> {
  const closed = new AbortController();
  const mirror = new Mirror(task.line, () => closed.abort(new DOMException("the terminal was closed", "AbortError")));
  const { background = false } = task;
  const confinement = !shell.sandbox.active || task.outside ? "NOT sandboxed" : task.network ? "sandboxed, with network" : "sandboxed";
  void mirror.show({ root, confinement, background });
  const onOutput: NonNullable<Task["onOutput"]> = (chunk, stream) => {
    mirror.write(chunk);
    task.onOutput?.(chunk, stream);
  };
  try {
    const ending = await shell.run({ ...task, onOutput }, AbortSignal.any([signal, closed.signal]));
    mirror.end(ending.ok ? ending.value : undefined, ending.ok ? undefined : ending.fault.message);
    return ending;
  } catch (error) {
    mirror.end(undefined, "stopped");
    if (closed.signal.aborted && !signal.aborted)
      return {
        ok: false,
        fault: { kind: "unavailable", message: "The user closed the command's terminal, which stopped it.", retry: false },
      };
    throw error;
  }
}

interface Shown {
  readonly root: string;
  readonly confinement: string;
  readonly background: boolean;
}

class Mirror implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #line: string;
  readonly #stop: () => void;
  #held: string[] | undefined = [];
  #ended: { readonly code: number; readonly words: string } | undefined;

  constructor(line: string, stop: () => void) {
    this.#line = line;
    this.#stop = stop;
  }

  async show({ root, confinement, background }: Shown): Promise<void> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root));
    const name = `agent ${background ? "job " : ""}(${confinement})`;
    const task = new vscode.Task(
      { type: "proviso", line: this.#line },
      folder ?? vscode.TaskScope.Workspace,
      name,
      "Proviso",
      new vscode.CustomExecution(async () => this),
    );
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Silent,
      focus: false,
      // a job stays in sight while commands come and go
      panel: background ? vscode.TaskPanelKind.New : vscode.TaskPanelKind.Shared,
      showReuseMessage: false,
      echo: false,
      clear: false,
    };
    task.isBackground = true;
    await vscode.tasks.executeTask(task).then(undefined, () => undefined);
  }

  open(): void {
    this.#write.fire(`\x1b[1m$ ${printable(this.#line)}\x1b[0m\r\n`);
    for (const chunk of this.#held ?? []) this.#write.fire(chunk);
    this.#held = undefined;
    this.#finish();
  }

  close(): void {
    if (!this.#ended) this.#stop();
  }

  handleInput(data: string): void {
    if (data === "\x03") this.#stop();
  }

  write(chunk: string): void {
    const text = chunk.replace(/\r?\n/g, "\r\n");
    if (this.#held) this.#held.push(text);
    else this.#write.fire(text);
  }

  end(ending: Ending | undefined, trouble: string | undefined): void {
    const code = ending?.exit ?? 1;
    const words = ending
      ? ending.killedBy
        ? `stopped: ${ending.killedBy}`
        : `exit ${ending.exit ?? ending.signal}, ${(ending.ms / 1000).toFixed(1)} s`
      : (trouble ?? "stopped");
    this.#ended = { code, words };
    this.#finish();
  }

  #finish(): void {
    if (!this.#ended || this.#held) return;
    this.#write.fire(`\x1b[${this.#ended.code === 0 ? 32 : 31}m[${printable(this.#ended.words)}]\x1b[0m\r\n`);
    this.#close.fire(this.#ended.code);
  }
}

/** Control characters in a line of the model must not drive the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, (char) => (char === "\n" ? "\r\n> " : "\ufffd"));
