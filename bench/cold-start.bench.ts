// From nothing to the first model request, through the real command line: how long, how much memory, how many tokens; and what the
// whole of "read a file, fix it, run its test, answer" takes, with plan and proof. The model is a scripted server in this process.
// A bare `node -e 0` is measured in turn with it, because on a loaded machine that alone says what the figures are worth.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { Cue, Line } from "../test/support/script.ts";
import { type ScriptedServer, type ServedRequest, startScriptedServer } from "../test/support/scripted-server.ts";

const rounds = Number(process.env["PROVISO_BENCH_ROUNDS"] ?? 15);
const program = resolve(process.env["PROVISO_BENCH_CLI"] ?? "dist/cli.js");
const folder = mkdtempSync(join(tmpdir(), "proviso-bench-"));
const workspace = join(folder, "workspace");

const code = {
  "add.js": "export const add = (a, b) => a - b;\n",
  "test.js": 'import { add } from "./add.js";\nif (add(2, 3) !== 5) throw new Error(`2 + 3 is ${add(2, 3)}`);\n',
};
/** A small job in a project that says how it is tested: planned by rule, so that the first request is the first turn. */
const small = { goal: "Fix add in add.js", files: { ...code, "package.json": '{"type":"module","scripts":{"test":"node test.js"}}\n' } };
/** The whole job, planned by the model, with a check that is a program of its own: npm alone would take longer than all the rest. */
const whole = { goal: "Fix add in add.js and then say what was wrong", files: { ...code, "package.json": '{"type":"module"}\n' } };
type Job = typeof whole | typeof small;

const call = (tool: string, args: unknown): Line => ({ calls: [{ tool, args }] });
const turns: readonly Line[] = [
  call("read_file", { path: "add.js" }),
  call("edit_file", { path: "add.js", blocks: [{ search: "a - b", replace: "a + b" }] }),
  call("run_command", { line: "node test.js" }),
  { text: "add() subtracted; it adds now and its test passes." },
];
const plan: Line = {
  answer: { steps: [{ id: "fix", goal: "Fix add", role: "coder", needs: [], check: { by: "command", line: "node test.js" } }] },
};
const script = ({ answer, turn }: Cue): Line => (answer === "plan" ? plan : (turns[turn] ?? { text: "Done." }));

interface Ran {
  readonly ms: number;
  readonly firstMs: number;
  readonly peakMb: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Says at the end how much memory the process had at most; costs less than a millisecond at the start. */
const hook = join(folder, "peak.cjs");
writeFileSync(hook, 'process.on("exit", () => require("fs").writeSync(2, `peak ${process.resourceUsage().maxRSS}\\n`));');

async function start(args: readonly string[], server: ScriptedServer): Promise<Ran> {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    PROVISO_HOME: join(folder, "state"),
    PROVISO_OFFLINE: "1",
    OPENAI_BASE_URL: server.url,
    PROVISO_MODEL: "scripted",
    NODE_OPTIONS: `--require ${hook}`,
  };
  const before = server.requests.length;
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: workspace, env, stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  await new Promise((done) => child.once("close", done));
  const peak = /peak (\d+)/.exec(err)?.[1];
  if (peak === undefined) throw new Error(`it did not end well: ${err}`);
  return { ms: performance.now() - begun, firstMs: (server.requests[before]?.at ?? Number.NaN) - begun, peakMb: Number(peak) / 1024 };
}

async function perform({ goal, files }: Job, server: ScriptedServer): Promise<Ran> {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
  const ran = await start([program, "run", goal, "--approve", "all", "--json"], server);
  if (!readFileSync(join(workspace, "add.js"), "utf8").includes("a + b")) throw new Error(`"${goal}" was not done`);
  return ran;
}

/** What a model is sent: instructions, messages and tools, without the envelope. */
function tokensOf({ body }: ServedRequest): { readonly all: number; readonly tools: number } {
  const tools = encode(JSON.stringify(body["tools"] ?? [])).length;
  const said = encode(JSON.stringify([body["instructions"] ?? "", body["input"] ?? body["messages"]])).length;
  return { all: said + tools, tools };
}

const server = await startScriptedServer(script);
try {
  const ran: Record<"bare" | "small" | "whole", Ran[]> = { bare: [], small: [], whole: [] };
  for (let round = 0; round < rounds + 1; round++) {
    const one = { small: await perform(small, server), whole: await perform(whole, server), bare: await start(["-e", "0"], server) };
    // The first round fills the caches of the disk and of the sandbox's probe.
    if (round === 0) continue;
    ran.small.push(one.small);
    ran.whole.push(one.whole);
    ran.bare.push(one.bare);
  }
  const all = server.requests.slice(-(turns.length + 1));
  const first = server.requests[0];
  const tokens = first ? tokensOf(first) : { all: Number.NaN, tools: Number.NaN };
  const replies = encode(JSON.stringify([plan, ...turns])).length;
  const total = all.reduce((sum, one) => sum + tokensOf(one).all, replies);
  const row = (name: string, figure: string, goal = ""): void =>
    void process.stdout.write(`${name.padEnd(52)}${figure.padStart(22)}   ${goal}\n`);
  const times = (values: readonly number[]): string => `${median(values).toFixed(0)} ms (least ${Math.min(...values).toFixed(0)})`;
  const own = (runs: readonly Ran[], pick: (run: Ran) => number): number[] => runs.map((run, i) => pick(run) - (ran.bare[i]?.ms ?? 0));
  row(`node -e 0, median of ${rounds}`, times(ran.bare.map(({ ms }) => ms)));
  row("start to first request, small job", times(ran.small.map(({ firstMs }) => firstMs)), "goal 120 ms");
  row("start to first request, job that is planned", times(ran.whole.map(({ firstMs }) => firstMs)), "goal 120 ms");
  row("  beyond a bare Node", times(own(ran.whole, ({ firstMs }) => firstMs)));
  row("plan, read, fix, test, answer, prove: whole process", times(ran.whole.map(({ ms }) => ms)), "goal 250 ms");
  row("  tokens of its requests and replies", String(total), "goal 6,000");
  row("tokens of the first request, small job", `${tokens.all} (tools ${tokens.tools})`, "goal 1,200");
  row("tokens of the request for a plan", all[0] ? String(tokensOf(all[0]).all) : "");
  row("peak memory", `${median(ran.whole.map(({ peakMb }) => peakMb)).toFixed(0)} MB`, "goal 110 MB");
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
