// The command line in a real pseudo-terminal: `script` (util-linux) gives it one, a small emulator shows what a person would see.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import type { CommandLine } from "./command-line.ts";
import { TinyTerminal } from "./tiny-terminal.ts";

const program = resolve(process.env["PROVISO_TEST_CLI"] ?? "dist/cli.js");
/** There is something to give it a terminal. */
export const hasScript = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** The command line at a terminal of that size. */
export class Sitting {
  readonly screen: TinyTerminal;
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  /** `around` puts the command line into another one. */
  constructor(
    cli: CommandLine,
    args: readonly string[],
    size: { readonly columns: number; readonly rows: number },
    around: (line: string) => string = (line) => `exec ${line}`,
  ) {
    this.screen = new TinyTerminal(size.columns, size.rows);
    const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(" ");
    const line = `stty cols ${size.columns} rows ${size.rows}; ${around(words)}`;
    this.#child = spawn("script", ["-qefc", line, "/dev/null"], {
      cwd: cli.workspace,
      env: { ...cli.env, TERM: "xterm-256color", SHELL: "/bin/sh" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.screen.write(text));
    this.ended = new Promise((done) => this.#child.once("close", (code) => done(code)));
  }

  press(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits for a question, lets it arm, and answers. */
  async answer(question: RegExp, keys: string): Promise<void> {
    await this.screen.shows(question);
    await new Promise((done) => setTimeout(done, 450));
    this.press(keys);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
