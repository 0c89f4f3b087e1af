// Someone who uses the real command line and means it no good: a workspace, a home and a state of their own, and the built program
// started as a process. Knows what a refusal must look like, and what must not be left behind.

import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Event } from "../../src/agent/event.ts";
import { processesNaming } from "./processes.ts";

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
  /** The lines of stdout, each parsed; throws where one is not JSON. */
  readonly events: readonly Event[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the journal on stdout shows such an event; rejects when it ends without. */
  event(wanted: (event: Event) => boolean): Promise<Event>;
}

export interface HowToRun {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

export const program = resolve(process.env["PROVISO_TEST_CLI"] ?? "dist/cli.js");

export class Stranger {
  /** Unique: processes that were started for it can be found by it. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "stranger-")));
  readonly workspace = join(this.folder, "workspace");
  readonly state = join(this.folder, "state");
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #running = new Set<ChildProcess>();

  /** `files` by relative path in the workspace. `url`: the model server; none: the rules engine. */
  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}, url?: string) {
    mkdirSync(this.workspace, { recursive: true });
    for (const [name, content] of Object.entries(files)) this.put(name, content);
    const model = url === undefined ? {} : { OPENAI_BASE_URL: url, OPENAI_API_KEY: "sk-test-key-1234", PROVISO_MODEL: "scripted" };
    this.env = { PATH: process.env["PATH"], HOME: join(this.folder, "home"), PROVISO_HOME: this.state, PROVISO_OFFLINE: "1", ...model };
  }

  at(name: string): string {
    return join(this.workspace, name);
  }

  put(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), content);
  }

  text(name: string): string {
    return readFileSync(this.at(name), "utf8");
  }

  /** The settings of the person who runs it. */
  configure(config: unknown): void {
    const path = join(this.folder, "home", ".config", "proviso", "config.json");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof config === "string" ? config : JSON.stringify(config));
  }

  start(args: readonly string[], { env, cwd }: HowToRun = {}): Running {
    const began = performance.now();
    const child = spawn(process.execPath, [program, ...args], {
      cwd: cwd ?? this.workspace,
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    let out = "";
    let err = "";
    const watchers = new Set<() => void>();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      for (const look of watchers) look();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        this.#running.delete(child);
        resolve({
          code,
          out,
          err,
          ms: performance.now() - began,
          get events() {
            return eventsOf(out);
          },
        });
      });
    });
    const event = (wanted: (event: Event) => boolean): Promise<Event> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = eventsOf(out.slice(0, out.lastIndexOf("\n") + 1)).find(wanted);
          if (!found) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        void ended.then(() => reject(new Error(`it ended without such an event\n${out}\n${err}`)));
        look();
      });
    return { child, ended, event };
  }

  run(args: readonly string[], how: HowToRun = {}): Promise<Ended> {
    return this.start(args, how).ended;
  }

  /** Whole path of the only run's journal. */
  get journal(): string {
    const found = readdirSync(this.state, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("journal.jsonl"));
    assert.equal(found.length, 1, `journals: ${found.join(", ")}`);
    return join(this.state, found[0] ?? "");
  }

  /** What should not be left once nothing runs: claims of locks, half-written files, processes. */
  leftovers(): readonly string[] {
    const files = [this.state, this.workspace]
      .filter(existsSync)
      .flatMap((root) => readdirSync(root, { recursive: true, encoding: "utf8" }).map((path) => join(root, path)));
    const litter = files.filter((path) => /\/lock\.\d+$|\.tmp\b|\.proviso-|~$/.test(path));
    return [...litter, ...processesNaming(this.folder).map((pid) => `process ${pid}`)];
  }

  remove(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const eventsOf = (out: string): Event[] =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Event);

/** It said one sentence, for a person, and ended with that code. */
export function assertRefused(ended: Ended, code: number, says: RegExp): void {
  assert.match(ended.err, says);
  assertPlainWords(ended);
  assert.equal(ended.err.trimEnd().split("\n").length, 1, ended.err);
  assert.match(ended.err, /^proviso: [^]*\.\n$/);
  assert.equal(ended.code, code, ended.err);
}

/** Nowhere a stack trace, a secret, or the inside of an object. */
export function assertPlainWords({ out, err }: Pick<Ended, "out" | "err">): void {
  assert.doesNotMatch(out + err, /\n\s+at |\\n\s+at |fault of Proviso itself|Proviso itself failed|\[object |undefined|sk-test/);
}

/** How the run ended, as its last line says. */
export function ending({ events, err }: Ended): Extract<Event, { readonly type: "run.ended" }> {
  const last = events.at(-1);
  if (last?.type !== "run.ended") throw new Error(`the last line is ${JSON.stringify(last)}\n${err}`);
  return last;
}
