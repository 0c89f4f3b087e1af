// The built command line as a process of its own, with a workspace and a home of its own, talking to whatever it is told to.

import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Event } from "../../src/agent/event.ts";

/** What `npm test` built; PROVISO_TEST_CLI names another build. */
const program = resolve(process.env["PROVISO_TEST_CLI"] ?? "dist/cli.js");

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

export interface Started {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves once stdout and stderr together match. */
  says(pattern: RegExp): Promise<void>;
}

/** A workspace in a temporary folder, and the command line in it. Remove it when done. */
export class CommandLine {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "proviso-cli-")));
  readonly workspace = join(this.folder, "workspace");
  readonly env: Record<string, string>;

  constructor(files: Iterable<readonly [string, string]>, env: Readonly<Record<string, string>> = {}) {
    if (!existsSync(program)) throw new Error(`${program} is not built; run "npm test", or "node esbuild.js cli" first`);
    mkdirSync(this.workspace);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
      writeFileSync(join(this.workspace, path), text);
    }
    this.env = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.folder,
      PROVISO_HOME: join(this.folder, "state"),
      PROVISO_OFFLINE: "1",
      LANG: "C.UTF-8",
      ...env,
    };
  }

  start(args: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Started {
    const begun = performance.now();
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd ?? this.workspace,
      env: this.env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    let out = "";
    let err = "";
    const heard = new Set<() => void>();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      for (const tell of heard) tell();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      for (const tell of heard) tell();
    });
    const finished = new Promise<Finished>((done, fail) => {
      child.once("error", fail);
      child.once("close", (code) => done({ code, out, err, ms: performance.now() - begun }));
    });
    const says = (pattern: RegExp): Promise<void> =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (pattern.test(out + err)) done();
        };
        heard.add(look);
        look();
        void finished.then(() => fail(new Error(`it ended without saying ${String(pattern)}:\n${out}\n${err}`)));
      });
    return { process: child, finished, says };
  }

  run(...args: readonly string[]): Promise<Finished> {
    return this.start(args).finished;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One sentence of ours on stderr, and nothing of Node's. */
export function says({ err }: Finished, pattern: RegExp): void {
  assert.match(err, pattern);
  assert.match(err, /^proviso: [^\n]+\n$/, err);
}

/** Lines of JSON as values; a line that is none is a failure of the test. */
export const jsonLines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export const eventsOf = (text: string): readonly Event[] => jsonLines(text) as unknown as readonly Event[];
