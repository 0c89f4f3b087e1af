// What confinement costs: a command that does nothing, confined and not, against a bare child process, in a small and a large
// workspace; how long a cancelled command takes to be gone; and how many trials a minute there are.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Shell } from "../src/agent/world.ts";
import { openShell } from "../src/node/shell.ts";

const folder = realpathSync(mkdtempSync(join(process.env["PROVISO_BENCH_DIR"] ?? tmpdir(), "proviso-bench-")));
const never = new AbortController().signal;
const rounds = 40;

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const p95 = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;
const both = (times: readonly number[]): string => `${ms(median(times))}, p95 ${ms(p95(times)).trim()}`;
const ms = (time: number): string => `${time.toFixed(1).padStart(7)} ms`;

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function open(workspace: string, confine: "where possible" | "never"): Promise<Shell> {
  const own = (name: string): string => join(folder, "own", name);
  return openShell({ workspace, spill: own("spill"), pids: own("pids"), cache: own("cache"), env: process.env, confine });
}

function workspaceWith(name: string, files: number): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (let index = 0; index < files; index++) {
    const place = join(path, `d${index % 200}`);
    if (index < 200) mkdirSync(place);
    writeFileSync(join(place, `${index}.txt`), "x");
  }
  return path;
}

/** In turns, so that what else the machine does falls on all alike. */
async function starts(name: string, workspace: string): Promise<void> {
  const [plain, confined] = [await open(workspace, "never"), await open(workspace, "where possible")];
  const task = { call: "bench", line: "true", cwd: workspace, timeoutMs: 60_000 };
  const bare = (): Promise<unknown> =>
    new Promise((resolve) =>
      spawn("/bin/bash", ["-c", "true"], { cwd: workspace, stdio: ["ignore", "pipe", "pipe"] }).once("close", resolve),
    );
  const times = { bare: [] as number[], plain: [] as number[], confined: [] as number[], inside: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await time(bare));
    times.plain.push(await time(() => plain.run(task, never)));
    times.confined.push(
      await time(async () => {
        const ending = await confined.run(task, never);
        if (ending.ok) times.inside.push(ending.value.ms);
      }),
    );
  }
  console.log(`${name}: bare bash -c true ${both(times.bare)}`);
  console.log(`  our runner, not confined  ${both(times.plain)}`);
  console.log(
    `  confined                  ${both(times.confined)}  (of it the two looks over the workspace ${ms(median(times.confined) - median(times.inside)).trim()})`,
  );
}

async function opening(workspace: string): Promise<void> {
  rmSync(join(folder, "own", "cache"), { recursive: true, force: true });
  const first = await time(() => open(workspace, "where possible"));
  const later: number[] = [];
  for (let round = 0; round < rounds; round++) later.push(await time(() => open(workspace, "where possible")));
  console.log(`opening the shell: first time, with the probe ${ms(first).trim()}; later ${ms(median(later)).trim()}`);
}

async function cancelling(workspace: string): Promise<void> {
  const shell = await open(workspace, "where possible");
  const forms = [
    ["willing to end", "sleep 300"],
    [
      "ignoring TERM, children in sessions of their own",
      "trap '' TERM; setsid -f bash -c \"trap '' TERM; sleep 300\"; sleep 300 & sleep 300",
    ],
  ] as const;
  for (const [name, line] of forms) {
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
      const stop = new AbortController();
      let ready: () => void = () => undefined;
      const started = new Promise<void>((resolve) => (ready = resolve));
      const task = { call: "bench", line: `echo ready; ${line}`, cwd: workspace, timeoutMs: 60_000, onOutput: () => ready() };
      const running = shell.run(task, stop.signal).catch(() => undefined);
      await started;
      times.push(
        await time(async () => {
          stop.abort(new Error("stop"));
          await running;
        }),
      );
    }
    console.log(`cancelled, ${name}: nothing left after ${ms(median(times)).trim()} (longest ${ms(Math.max(...times)).trim()})`);
  }
}

async function trials(name: string, line: string, files: Readonly<Record<string, string>>, changed: string, count: number): Promise<void> {
  const workspace = join(folder, name);
  mkdirSync(workspace, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(workspace, path), text);
  const candidates = Array.from({ length: count }, (_, index) => ({
    files: { [changed]: `${files[changed]}// ${index}\n`.replace("//", name === "python" ? "#" : "//") },
  }));
  for (const confine of ["where possible", "never"] as const) {
    const shell = await open(workspace, confine);
    const request = { line, cwd: workspace, timeoutMs: 60_000, budgetMs: 300_000, enough: count + 1, candidates };
    const whole = await time(() => shell.trial(request, never));
    console.log(
      `trials of ${line}, ${confine === "never" ? "not confined" : "confined"}: ${ms(whole / count).trim()} each, ${Math.round((60_000 * count) / whole)} a minute`,
    );
  }
}

const small = workspaceWith("small", 3);
await opening(small);
await starts("small workspace (3 files)", small);
await starts("large workspace (20,000 files)", workspaceWith("large", 20_000));
await cancelling(small);
await trials(
  "node",
  "node --test",
  {
    "package.json": '{"type":"module"}',
    "a.js": "export const add = (a, b) => a - b;\n",
    "a.test.js":
      "import { test } from 'node:test'; import assert from 'node:assert'; import { add } from './a.js'; test('adds', () => assert.equal(add(1, 2), 3));\n",
  },
  "a.js",
  60,
);
await trials(
  "python",
  "python3 -m pytest -q",
  { "a.py": "def add(a, b):\n    return a - b\n", "test_a.py": "from a import add\ndef test_add():\n    assert add(1, 2) == 3\n" },
  "a.py",
  20,
);
rmSync(folder, { recursive: true, force: true });
