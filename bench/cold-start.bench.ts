// From nothing to the first model request, through the real command line: how long, how much memory, how many tokens; and what the
// whole of "read a file, fix it, run its test, answer" takes. The model is a scripted server in this process, on loopback.
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

const files = {
  "package.json": '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n',
  "add.js": "export const add = (a, b) => a - b;\n",
  "test.js": 'import { add } from "./add.js";\nif (add(2, 3) !== 5) throw new Error(`2 + 3 is ${add(2, 3)}`);\n',
};

const call = (tool: string, args: unknown): Line => ({ calls: [{ tool, args }] });
const turns: readonly Line[] = [
  call("read_file", { path: "add.js" }),
  call("edit_file", { path: "add.js", blocks: [{ search: "a - b", replace: "a + b" }] }),
  call("run_command", { line: "npm test" }),
  { text: "add() adds now; its test passes." },
];
const script = ({ turn }: Cue): Line => turns[turn] ?? { text: "Done." };

interface Ran {
  readonly ms: number;
  readonly firstMs: number;
  readonly peakKb: number;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const least = (values: readonly number[]): number => Math.min(...values);

async function start(args: readonly string[], server: ScriptedServer): Promise<Ran> {
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    PROVISO_HOME: join(folder, "state"),
    PROVISO_OFFLINE: "1",
    OPENAI_BASE_URL: server.url,
    PROVISO_MODEL: "scripted",
    NODE_OPTIONS: hook,
  };
  const before = server.requests.length;
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: workspace, env, stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  await new Promise((done) => child.once("close", done));
  const peak = /peak (\d+)/.exec(err)?.[1];
  if (peak === undefined) throw new Error(`it did not end well: ${err}`);
  return { ms: performance.now() - begun, firstMs: (server.requests[before]?.at ?? Number.NaN) - begun, peakKb: Number(peak) };
}

/** Says at the end how much memory the process had at most; costs less than a millisecond at the start. */
const hookFile = join(folder, "peak.cjs");
const hook = `--require ${hookFile}`;
const peakSource = 'process.on("exit", () => require("fs").writeSync(2, `peak ${process.resourceUsage().maxRSS}\\n`));';

function prepare(): void {
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
}

/** What a model is sent: instructions, messages and tools, without the envelope. */
function tokensOf({ body }: ServedRequest): { readonly all: number; readonly tools: number } {
  const tools = encode(JSON.stringify(body["tools"] ?? [])).length;
  const said = encode(JSON.stringify([body["instructions"] ?? "", body["input"] ?? body["messages"]])).length;
  return { all: said + tools, tools };
}

writeFileSync(hookFile, peakSource);
const server = await startScriptedServer(script);
try {
  const runs: Ran[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    prepare();
    const [ran, node] = [
      await start([program, "run", "Fix add in add.js", "--approve", "all", "--json"], server),
      await start(["-e", "0"], server),
    ];
    if (!readFileSync(join(workspace, "add.js"), "utf8").includes("a + b")) throw new Error("the job was not done");
    // The first round fills the caches of the disk and of the sandbox's probe.
    if (round > 0) {
      runs.push(ran);
      bare.push(node.ms);
    }
  }
  const first = runs.map((ran) => ran.firstMs);
  const perRun = turns.length;
  const last = server.requests.slice(-perRun);
  const request = last[0];
  const tokens = request ? tokensOf(request) : { all: Number.NaN, tools: Number.NaN };
  const total = last.reduce((sum, one) => sum + tokensOf(one).all, 0) + encode(JSON.stringify(turns)).length;
  const row = (name: string, figure: string, goal: string): void =>
    void process.stdout.write(`${name.padEnd(44)}${figure.padStart(24)}   ${goal}\n`);
  const times = (values: readonly number[]): string => `${median(values).toFixed(0)} ms (least ${least(values).toFixed(0)})`;
  row(`node -e 0, median of ${rounds}`, times(bare), "");
  row("first model request, from the start", times(first), "goal 120 ms");
  row("  of that, our own", times(first.map((one, i) => one - (bare[i] ?? 0))), "");
  row("read, fix, test, answer: the whole process", times(runs.map((ran) => ran.ms)), "goal 250 ms");
  row("  tokens of all its requests and replies", String(total), "goal 6,000");
  row("tokens of the first request", `${tokens.all} (tools ${tokens.tools})`, "goal 1,200");
  row("peak memory", `${(median(runs.map((ran) => ran.peakKb)) / 1024).toFixed(0)} MB`, "goal 110 MB");
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
