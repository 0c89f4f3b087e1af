import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { Ending, Shell, Task } from "../../../src/agent/world.ts";
import { inTerminals } from "../../../src/vscode/terminal.ts";
import { until, workspaceFolder } from "./workspace.ts";

const ending: Ending = {
  exit: 0,
  signal: null,
  killedBy: null,
  output: "out\n",
  stdout: "out\n",
  stderr: "",
  truncated: false,
  spill: null,
  ms: 3,
  sandboxed: true,
};
const task = (line: string): Task => ({ call: "c", line, cwd: workspaceFolder(), timeoutMs: 1000 });

/** A shell whose command goes on until it is let go or stopped. */
function shell(): { readonly shell: Shell; end(): void; readonly heard: string[] } {
  let end = (): void => undefined;
  const heard: string[] = [];
  const gate = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run: Shell["run"] = async ({ onOutput }, signal) => {
    onOutput?.("out\n", "stdout");
    await Promise.race([
      gate,
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true })),
    ]);
    return { ok: true, value: ending };
  };
  const refuse = (): never => {
    throw new Error("not of this test");
  };
  return {
    shell: { sandbox: { active: true, reason: "" }, run, reap: refuse, listens: refuse, output: refuse, trial: refuse },
    end: () => end(),
    heard,
  };
}

const terminal = (): vscode.Terminal | undefined => vscode.window.terminals.find(({ name }) => name.includes("agent (sandboxed)"));

describe("a command's terminal", () => {
  it("mirrors the command without taking the focus, and hands on its ending", async () => {
    const document = await vscode.workspace.openTextDocument({ content: "in front" });
    const editor = await vscode.window.showTextDocument(document);
    const { shell: inner, end } = shell();
    const heard: string[] = [];
    const running = inTerminals(inner, workspaceFolder()).run(
      { ...task("echo out"), onOutput: (chunk) => heard.push(chunk) },
      new AbortController().signal,
    );
    await until(() => terminal() !== undefined);
    assert.equal(vscode.window.activeTextEditor, editor);
    end();
    assert.deepEqual(await running, { ok: true, value: ending });
    assert.deepEqual(heard, ["out\n"]);
  });

  it("stops the command when it is closed, and says so", async () => {
    terminal()?.dispose();
    await until(() => terminal() === undefined);
    const { shell: inner } = shell();
    const running = inTerminals(inner, workspaceFolder()).run(task("sleep 100"), new AbortController().signal);
    await until(() => terminal() !== undefined);
    // Known once the terminal has been opened; one closed before that has nothing to stop.
    await terminal()?.processId;
    terminal()?.dispose();
    const result = await running;
    assert.match(result.ok ? "" : result.fault.message, /closed the command's terminal/);
  });
});
