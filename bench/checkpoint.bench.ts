// What a checkpoint costs per call in workspaces of two sizes, beside what a shadow repository of git costs in the same run, and how
// long going back takes. A checkpoint is the images of the touched files; the size of the workspace must not matter.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyTouches, keepImages, measureChanges } from "../src/agent/gate.ts";
import { shippedPolicy } from "../src/agent/policy/defaults.ts";
import { fail, type Result } from "../src/agent/result.ts";
import type { Change } from "../src/agent/tool/tool.ts";
import type { Touch } from "../src/agent/touch.ts";
import { restoreTouches, unwind } from "../src/agent/unwind.ts";
import type { World } from "../src/agent/world.ts";
import { createBlobs } from "../src/node/blobs.ts";
import { openFiles } from "../src/node/files.ts";
import { FileLookout } from "../src/node/lookout.ts";
import { memoryWorld } from "../test/support/memory-world.ts";

const sizes = (process.env["BENCH_FILES"] ?? "10000,100000").split(",").map(Number);
const rounds = 15;
const never = new AbortController().signal;
const source = (nth: number): string => `// file ${nth}\n${"export const value = 1;\n".repeat(60)}`;

for (const size of sizes) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "proviso-bench-")));
  try {
    await compare(folder, size);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string, size: number): Promise<void> {
  const workspace = join(folder, "w");
  makeFiles(workspace, size);
  console.log(`\n${size.toLocaleString("en")} files`);
  const shadow = shadowRepository(join(folder, "shadow"), workspace);
  const base = memoryWorld({ files: new Map(), ask: async () => fail("unavailable", "No model."), policy: shippedPolicy() });
  const blobs = createBlobs(join(folder, "run", "blobs"));
  const world: World = { ...base, files: valueOf(await openFiles(workspace)), blobs };

  const ours: number[] = [];
  const theirs: number[] = [];
  const made: Touch[] = [];
  for (let round = 0; round < rounds; round++) {
    const changes = await edit(world, `d1/f${round}.ts`, `// edited ${round}\n`);
    ours.push(await time(async () => valueOf(await keepImages(world, changes))));
    const { touches } = measureChanges(world, { tool: "bench", input: round }, changes);
    const applied = await applyTouches(world, touches, never);
    valueOf(applied.result);
    made.push(...applied.changed);
    theirs.push(await time(() => shadow.commit(`round ${round}`)));
  }
  tell("checkpoint of one edited file, ours", ours);
  tell("git add -A && git commit in a shadow repository", theirs);

  tell("restore of one file, ours", [await time(() => goBack(world, made.splice(-1)))]);
  tell(`restore of ${made.length} files, ours`, [await time(() => goBack(world, made))]);
  tell("restore of them by the shadow repository", [await time(() => shadow.restore())]);

  const lookout = new FileLookout({ root: workspace, shelf: join(folder, "run", "shelf"), blobs, bounds: { files: 200_000, ms: 60_000 } });
  const watched = async (): Promise<void> => {
    const watch = await lookout.watch(never);
    appendFileSync(join(workspace, "d1/f3.ts"), "x\n");
    const { changed } = await watch.ended();
    if (!changed.some(({ shown }) => shown === "d1/f3.ts")) throw new Error("a change by a command was not found");
  };
  tell("finding what a command changed, the first", [await time(watched)]);
  tell("finding what a command changed, every later one", [await time(watched), await time(watched), await time(watched)]);
  lookout.close();
}

function makeFiles(workspace: string, size: number): void {
  for (let folder = 0; folder * 100 < size; folder++) {
    mkdirSync(join(workspace, `d${folder}`), { recursive: true });
    for (let file = 0; file < Math.min(100, size - folder * 100); file++)
      writeFileSync(join(workspace, `d${folder}/f${file}.ts`), source(file));
  }
}

async function edit(world: World, path: string, text: string): Promise<readonly Change[]> {
  const place = valueOf(await world.files.locate(path));
  const before = valueOf(await world.files.read(place.real, { maxBytes: 1e9 }, never));
  const after = new TextEncoder().encode(text + new TextDecoder().decode(before.bytes));
  return [{ path: place.real, shown: path, before, after }];
}

async function goBack(world: World, touches: readonly Touch[]): Promise<void> {
  const plan = await unwind(world, touches, never);
  const { changed } = await restoreTouches(world, plan.touches);
  if (changed.length !== new Set(touches.map(({ path }) => path)).size) throw new Error("not everything went back");
}

/** A repository of its own beside the workspace, as other agents keep one. */
function shadowRepository(gitDir: string, workspace: string): { commit(message: string): void; restore(): void } {
  const git = (...args: readonly string[]): void => {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    const { status, stderr } = spawnSync("git", [`--git-dir=${gitDir}`, `--work-tree=${workspace}`, ...args], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  };
  const commit = (message: string): void => {
    git("add", "-A");
    git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "--no-gpg-sign", "--allow-empty", "-m", message);
  };
  spawnSync("git", ["init", "-q", "--bare", gitDir]);
  git("config", "core.bare", "false");
  commit("all of it");
  return { commit, restore: () => git("checkout", "HEAD~14", "--", ".") };
}

async function time(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

function tell(name: string, took: readonly number[]): void {
  const sorted = took.toSorted((a, b) => a - b);
  console.log(`${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1).padStart(9)} ms  ${name}`);
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}
