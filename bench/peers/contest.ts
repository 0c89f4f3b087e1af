// Runs contestants, each in a fresh process, and takes their reports. Rounds go A B C D, A B C D, so that whatever else the machine does falls
// on all alike.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import type { Job, Report } from "./job.ts";

export const contestants = ["Proviso", "LangGraph.js", "AI SDK", "OpenAI Agents"] as const;
export type Contestant = (typeof contestants)[number];
/** One value for each round; none where it cannot be measured. */
export type Rounds = Record<Contestant, number[]>;

/** Built by esbuild.js: ours as the command line is, in chunks; theirs with their packages as they are installed. */
export const programs: Readonly<Record<Contestant, string>> = {
  Proviso: resolve("dist/peers.js"),
  "LangGraph.js": resolve("dist/bench/peers/langgraph.mjs"),
  "AI SDK": resolve("dist/bench/peers/ai-sdk.mjs"),
  "OpenAI Agents": resolve("dist/bench/peers/openai-agents.mjs"),
};

export const noRounds = (): Rounds => ({ Proviso: [], "LangGraph.js": [], "AI SDK": [], "OpenAI Agents": [] });

export interface Ran extends Report {
  /** Bytes in the files of its checkpoints, at the end. */
  readonly kept: number;
}

/** Does a job from nothing, in a folder of its own. Throws what the contestant said when it fails. */
export function run(contestant: Contestant, job: Omit<Job, "folder">, files: readonly string[]): Ran {
  const folder = mkdtempSync(join(tmpdir(), "proviso-peers-"));
  try {
    for (const part of ["workspace", "kept"]) mkdirSync(join(folder, part));
    for (const file of files) copyFileSync(file, join(folder, "workspace", basename(file)));
    const path = join(folder, "job.json");
    writeFileSync(path, JSON.stringify({ ...job, folder }));
    const { status, stdout, stderr } = start([programs[contestant], path]);
    if (status !== 0) throw new Error(`${contestant} failed: ${stderr}`);
    return { ...(JSON.parse(stdout) as Report), kept: bytesBelow(join(folder, "kept")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from starting a process to its end. */
export function timeOf(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = start(args);
  if (status !== 0) throw new Error(stderr);
  return performance.now() - started;
}

function start(args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, ["--expose-gc", ...args], { encoding: "utf8", maxBuffer: 1e9 });
}

/** The program in one file with all it needs, minified; LangGraph's saver, which is loaded only where it is used, and is native, stays out. */
export async function bundle(program: Exclude<Contestant, "Proviso">, folder: string): Promise<string> {
  const outfile = join(folder, basename(programs[program]));
  await build({
    entryPoints: [join("bench/peers", basename(programs[program]))],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "error",
    external: ["@langchain/langgraph-checkpoint-sqlite"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return outfile;
}

/** Bytes of our own chunks: all, and those that the first one imports without being asked to. */
export function ownChunks(): { readonly all: number; readonly atStart: number } {
  const dist = resolve("dist");
  const size = (file: string): number => statSync(join(dist, file)).size;
  const all = readdirSync(dist).filter((file) => /^peers(?:-[A-Z0-9]{8})?\.js$/.test(file));
  const loaded = new Set(["peers.js"]);
  for (const file of loaded) {
    const text = readFileSync(join(dist, file), "utf8");
    for (const [, next] of text.matchAll(/(?:from|import)\s*"\.\/(peers-[A-Z0-9]{8}\.js)"/g)) if (next !== undefined) loaded.add(next);
  }
  const sum = (files: readonly string[]): number => files.reduce((total, file) => total + size(file), 0);
  return { all: sum(all), atStart: sum([...loaded]) };
}

function bytesBelow(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => statSync(join(folder, file)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}
