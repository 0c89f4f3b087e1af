// How long it takes to judge: microseconds per shell line (read, made real on a real disk, judged), for ordinary lines and for every line
// of the tables, the share of harmless lines allowed, and lines per second of the batch mode of `proviso policy check --stdin`, start of the process included.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLine } from "../src/agent/policy/command.ts";
import { shippedPolicy } from "../src/agent/policy/defaults.ts";
import { judge } from "../src/agent/policy/judge.ts";
import type { Verdict } from "../src/agent/policy/rules.ts";
import { prepare } from "../src/agent/policy/prepare.ts";
import { openFiles } from "../src/node/files.ts";

const workspace = join(mkdtempSync(join(tmpdir(), "proviso-policy-")), "work");
mkdirSync(join(workspace, "src"), { recursive: true });
for (const name of ["package.json", "README.md", "src/index.ts", "src/a.ts"]) writeFileSync(join(workspace, name), "x\n");

const ordinary = [
  "ls -la src",
  "cat src/index.ts | head -50",
  "rg -n 'export function' src",
  "git status --short && git diff --stat",
  "git log --oneline -10 -- src/a.ts",
  "find . -name '*.ts' -not -path './node_modules/*' | xargs wc -l",
  "sed -n '1,120p' src/index.ts",
  "npm test -- --grep 'edge case' 2>&1 | tail -40",
  'cd src && for f in *.ts; do wc -l "$f"; done',
  "rm -rf dist && npm run build > build.log",
];
const table = (name: string) =>
  readFileSync(join("test/fixtures/policy", name), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !/^##? /.test(line))
    .map((line) => line.replaceAll("␤", "\n"));
const all = [...table("harmless.txt"), ...table("dangerous.txt").map((entry) => entry.slice(entry.indexOf(" ") + 1))];

const files = await openFiles(workspace);
if (!files.ok) throw new Error(files.fault.message);
const ground = { root: files.value.root, home: "/home/you", locate: (path: string) => files.value.locate(path) };
const policy = shippedPolicy(files.value.root);

async function verdictOf(line: string): Promise<Verdict> {
  const risk = { effects: ["execute" as const], paths: [], line, reversible: false };
  const { subject } = await prepare({ tool: "run_command", risk, mode: "supervised", tainted: false, sandboxed: true }, ground);
  return judge(policy, subject).verdict;
}
const judged = async (line: string): Promise<void> => void (await verdictOf(line));

await report("an ordinary line, from text to decision, paths followed on disk", ordinary, 300, judged);
await report("a line of the tables, the same", all, 4, judged);
await report("a line of the tables, only read", all, 10, async (line) => void readLine(line, { folder: workspace }));

const harmless = table("harmless.txt");
const verdicts = await Promise.all(harmless.map(verdictOf));
const allowed = verdicts.filter((verdict) => verdict === "allow").length;
console.log(`harmless lines allowed without asking: ${((100 * allowed) / harmless.length).toFixed(1)} % of ${harmless.length}`);
const risky = await Promise.all(table("dangerous.txt").map((entry) => verdictOf(entry.slice(entry.indexOf(" ") + 1))));
console.log(`dangerous lines allowed: ${risky.filter((verdict) => verdict === "allow").length} of ${risky.length}`);

const program = "dist/cli.js";
if (existsSync(program)) {
  const count = 20_000;
  const input = Array.from({ length: count }, (_, id) => JSON.stringify({ id, line: all[id % all.length] })).join("\n");
  const started = performance.now();
  const { stdout } = spawnSync(process.execPath, [program, "policy", "check", "--stdin", "--workspace", workspace], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const seconds = (performance.now() - started) / 1000;
  if (stdout.trim().split("\n").length !== count) throw new Error("answers are missing");
  console.log(`batch mode: ${count} lines in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} lines/s`);
}
rmSync(join(workspace, ".."), { recursive: true, force: true });

async function report(what: string, lines: readonly string[], rounds: number, run: (line: string) => Promise<void>): Promise<void> {
  for (const line of lines) await run(line);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const line of lines) {
      const started = performance.now();
      await run(line);
      times.push((performance.now() - started) * 1000);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0);
  console.log(`${what}: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs (${times.length} judged)`);
}
