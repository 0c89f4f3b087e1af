// Makes one attempt of the corpus: sets the scene, runs the line confined or not, and looks from outside at what came of it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ending } from "../../src/agent/world.ts";
import { ProcessTree } from "../../src/node/shell/process-tree.ts";
import { openShell } from "../../src/node/shell.ts";
import type { Escape } from "../fixtures/sandbox/escape.ts";
import { type Arena, closeArena, fill, gitEnvironment, openArena, startVictim } from "./arena.ts";

export interface Outcome {
  readonly held: boolean;
  /** What went on, for whoever has to find out why. */
  readonly told: string;
}

export interface Stage {
  readonly template: string;
  readonly canary: string;
  readonly cache: string;
  port: number;
}

export type Way = "confined" | "plain" | "as nobody else" | "in a terminal" | { readonly careless: readonly string[] };

/** A user number that nobody has, so that all its processes are ours. */
const nobodyElse = 65_531;
const defaultMs = 15_000;
/** More than any check of the corpus accepts, and little enough for us to hold. */
const mostHeard = 4 * 1024 * 1024;

export async function attempt(stage: Stage, escape: Escape, way: Way): Promise<Outcome> {
  stage.port += 1;
  const name = `${escape.id}-${way === "confined" ? "c" : "p"}`;
  const arena = openArena(stage.template, name, stage.canary, stage.port);
  const mark = `${stage.canary}-${name}`;
  const close: (() => void)[] = [];
  try {
    if (escape.setup !== undefined) await host(arena, escape.setup);
    if (escape.victim) startVictim(arena, way === "as nobody else" ? nobodyElse : undefined);
    if (escape.listen !== undefined) close.push(await listen(arena, escape.listen));
    if (escape.knock) close.push(knock(arena));
    await sleep(escape.victim ? 30 : 0);
    const refused = way === "confined" ? await confined(arena, escape, stage) : await unconfined(arena, escape, way, mark);
    const held = await host(arena, escape.held);
    const unexpected = refused === undefined ? escape.refused === "must" : escape.refused === undefined;
    const told = `${refused ?? ""} exit of the check ${held.code} ${held.output} said: ${read(arena, "said").slice(0, 400)} result: ${read(arena, "result").slice(0, 300)} audit: ${read(arena, "audit").slice(0, 200)}`;
    return { held: held.code === 0 && !(way === "confined" && unexpected), told };
  } finally {
    for (const each of close) each();
    new ProcessTree(undefined, mark).signal("SIGKILL");
    closeArena(arena);
  }
}

/** Answers why it was refused, where it was. */
async function confined(arena: Arena, escape: Escape, stage: Stage): Promise<string | undefined> {
  const { memoryMiB, processes } = escape;
  const memory = memoryMiB === undefined ? {} : { memoryBytes: memoryMiB * 1024 * 1024 };
  const shell = await openShell({
    workspace: arena.workspace,
    spill: join(arena.path, "spill"),
    pids: join(arena.path, "pids"),
    cache: stage.cache,
    env: { ...process.env, HOME: arena.home, API_TOKEN: `SECRET-${arena.canary}` },
    confine: "where possible",
    limits: { ...memory, ...(processes === undefined ? {} : { processes }), graceMs: 500 },
  });
  if (!shell.sandbox.active) throw new Error(`no sandbox: ${shell.sandbox.reason}`);
  const shown = join(arena.state, "shown");
  writeFileSync(shown, "");
  const task = { call: "attempt", line: fill(arena, escape.line), cwd: arena.workspace, timeoutMs: escape.timeoutMs ?? defaultMs };
  const begun = performance.now();
  const result = await shell.run({ ...task, onOutput: (text) => appendFileSync(shown, text) }, new AbortController().signal);
  noteTime(arena, begun);
  if (!result.ok) {
    record(arena, "", JSON.stringify({ fault: result.fault.message }), []);
    return result.fault.message;
  }
  const { output, stdout, stderr, ...rest } = result.value;
  record(arena, [output, stdout, stderr].join("\n"), JSON.stringify(rest), result.value.audit ?? []);
  return undefined;
}

/** As naive as a child process gets: everything inherited, waits for the end of the output. */
async function unconfined(arena: Arena, escape: Escape, way: Exclude<Way, "confined">, mark: string): Promise<undefined> {
  const script = '/bin/bash -c "$0"; printf \'{"exit":%d}\' $? > "$1"';
  const words = ["-c", script, fill(arena, escape.line), join(arena.state, "result")];
  const env = { ...process.env, HOME: arena.home, API_TOKEN: `SECRET-${arena.canary}`, PROVISO_TASK: mark, LANG: "C.UTF-8" };
  const quoted = ["/bin/bash", ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const [file, args] =
    way === "in a terminal"
      ? ["script", ["-qfec", quoted, "/dev/null"]]
      : way === "plain" || way === "as nobody else"
        ? ["/bin/bash", words]
        : ["bwrap", [...way.careless.map((word) => fill(arena, word)), "--", "/bin/bash", "-c", fill(arena, escape.line)]];
  // descriptor 30 is handed on as our own starter handed it to us
  const child = spawn(file, args, {
    cwd: way === "as nobody else" ? "/" : arena.workspace,
    env,
    ...(way === "as nobody else" ? { uid: nobodyElse, gid: nobodyElse } : {}),
    stdio: ["pipe", "pipe", "pipe", ...Array<"ignore">(27).fill("ignore"), 30],
  });
  const begun = performance.now();
  const heard: Buffer[] = [];
  let size = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size < mostHeard) heard.push(chunk);
    });
  }
  await Promise.race([
    new Promise((resolve) => child.once("close", resolve)),
    sleep(escape.timeoutMs ?? defaultMs).then(() => linger(child)),
  ]);
  noteTime(arena, begun);
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.destroy();
  const said = Buffer.concat(heard.splice(0));
  writeFileSync(join(arena.state, "shown"), said);
  record(arena, said, existsSync(join(arena.state, "result")) ? read(arena, "result") : "{}", []);
  return undefined;
}

/** Time is up for a child that nobody watches: what it looks like a while later is what its user sees. */
async function linger(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await sleep(7000);
}

function noteTime(arena: Arena, begun: number): void {
  writeFileSync(join(arena.state, "ms"), String(Math.round(performance.now() - begun)));
}

function record(arena: Arena, said: string | Uint8Array, result: string, audit: NonNullable<Ending["audit"]>): void {
  mkdirSync(arena.state, { recursive: true });
  writeFileSync(join(arena.state, "said"), said);
  writeFileSync(join(arena.state, "result"), result);
  writeFileSync(join(arena.state, "audit"), audit.map(({ path }) => `${path}\n`).join(""));
}

function host(arena: Arena, script: string): Promise<{ readonly code: number; readonly output: string }> {
  const env = { ...gitEnvironment(arena.path), PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  return new Promise((resolve) => {
    execFile("/bin/bash", ["-c", fill(arena, script)], { cwd: arena.path, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: (stdout + stderr).slice(0, 300) });
    });
  });
}

async function listen(arena: Arena, what: NonNullable<Escape["listen"]>): Promise<() => void> {
  // What comes once the attempt is over has no arena to be noted in.
  let over = false;
  const hit = (data: Buffer): void => {
    if (!over) appendFileSync(join(arena.state, "hits"), data);
  };
  if (what === "udp4") {
    const socket = createSocket("udp4").on("message", hit);
    await new Promise<void>((resolve) => socket.bind(arena.udp, "127.0.0.1", resolve));
    return () => {
      over = true;
      socket.close();
    };
  }
  const server = createServer((socket) => socket.on("data", hit).on("error", () => undefined));
  const at =
    what === "tcp4"
      ? { port: arena.tcp, host: "0.0.0.0" }
      : what === "tcp6"
        ? { port: arena.tcp, host: "::1" }
        : { path: what === "abstract" ? `\0canary-${arena.canary}` : fill(arena, what.unix) };
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(at, resolve));
  return () => {
    over = true;
    server.close();
  };
}

function knock(arena: Arena): () => void {
  let over = false;
  const timer = setInterval(() => {
    const socket = connect(arena.tcp, "127.0.0.1", () => {
      if (!over) appendFileSync(join(arena.state, "hits"), "KNOCKED");
      socket.destroy();
    });
    socket.on("error", () => undefined);
  }, 50);
  return () => {
    over = true;
    clearInterval(timer);
  };
}

function read(arena: Arena, name: string): string {
  const path = join(arena.state, name);
  return existsSync(path) ? readFileSync(path, "latin1").replaceAll("\n", "\\n") : "";
}
