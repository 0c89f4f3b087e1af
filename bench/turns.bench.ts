// What the engine adds to a model: milliseconds per turn over 200 and 2,000 turns with a model that answers at once, on the real
// journal (every event written, synced in the background and before effects), policy, catalog and working memory included. Beside it,
// in the same run, the barest loop that could do the same: append a line, sync it, call the model. And the tokens of a first request.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { drive } from "../src/agent/engine.ts";
import { defaultLimits } from "../src/agent/event.ts";
import type { Ask, AskRequest } from "../src/agent/model/ask.ts";
import { performers } from "../src/agent/performers.ts";
import { shippedPolicy } from "../src/agent/policy/defaults.ts";
import { ok } from "../src/agent/result.ts";
import { openRun } from "../src/node/open-run.ts";
import { createRun } from "../src/node/runs.ts";
import { openWorkspaceHome } from "../src/node/state-home.ts";

const folder = mkdtempSync(join(tmpdir(), "proviso-turns-"));
const workspace = join(folder, "workspace");
mkdirSync(workspace);
for (let i = 0; i < 10; i++) writeFileSync(join(workspace, `f${i}.txt`), `line one of ${i}\n`);
const block = 100;

let first: AskRequest | undefined;
const times: number[] = [];

/** What a turn does: asks a question that is answered at once, which touches nothing; or reads a small file, as most turns do. */
type Act = (turn: number) => { readonly tool: string; readonly input: unknown };
const nothing: Act = (turn) => ({ tool: "ask_user", input: { question: `question ${turn}` } });
const reading: Act = (turn) => ({ tool: "read_file", input: { path: `f${turn % 10}.txt`, from: 1, to: turn + 1 } });

const instant =
  (turns: number, act: Act): Ask =>
  async (request) => {
    first ??= request;
    const turn = request.messages.filter((message) => message.role === "assistant").length + lost(request);
    times.push(performance.now());
    const usage = { input: 1000, output: 20, usd: 0 };
    if (turn >= turns) return ok({ text: "Done: f0.txt:1", calls: [], usage, model: "instant", finish: "stop" });
    const { tool, input } = act(turn);
    return ok({ text: "", calls: [{ id: `c${turn}`, tool, args: JSON.stringify(input) }], usage, model: "instant", finish: "calls" });
  };

/** Turns that working memory has left out of the prompt. */
const lost = (request: AskRequest): number =>
  Number(/\[(\d+) earlier turns/.exec(request.messages[2]?.role === "user" ? request.messages[2].text : "")?.[1] ?? 0);

async function engine(turns: number, act: Act): Promise<readonly number[]> {
  times.length = 0;
  const home = await openWorkspaceHome(join(folder, "state"), workspace);
  const run = home.ok ? await createRun(home.value, Date.now()) : home;
  if (!home.ok || !run.ok) throw new Error("no run");
  const opened = await openRun({
    env: process.env,
    cache: join(folder, "cache"),
    home: home.value,
    folder: run.value,
    person: { attended: false, decide: async () => ({ answer: "reject", why: "", unattended: true }), answer: async () => ok("yes") },
    rules: { policy: shippedPolicy, remember: async () => ok(undefined) },
    models: () => ({ ask: instant(turns, act) }),
    watch: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  const limits = { ...defaultLimits, turnsPerStep: turns + 5, calls: turns + 5, tokens: 1e9 };
  await opened.value.run.append({
    type: "run.started",
    run: run.value.id,
    goal: "What is in these files?",
    criteria: [],
    workspace,
    model: "instant",
    mode: "supervised",
    limits,
    briefing: { entries: ["f0.txt"] },
  });
  const state = await drive(opened.value.run, performers, new AbortController().signal);
  await opened.value.close();
  if (state.ended?.outcome !== "done") throw new Error(`the run ended ${state.ended?.outcome}: ${state.ended?.answer}`);
  return times.slice(1).map((time, i) => time - (times[i] ?? time));
}

async function bare(turns: number): Promise<readonly number[]> {
  const file = await open(join(folder, "bare.jsonl"), "a");
  const spent: number[] = [];
  for (let i = 0; i < turns; i++) {
    const started = performance.now();
    await file.appendFile(`${JSON.stringify({ i, text: "x".repeat(300) })}\n`);
    await file.datasync();
    spent.push(performance.now() - started);
  }
  await file.close();
  return spent;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const show = (name: string, values: readonly number[]): void =>
  console.log(`${name.padEnd(34)} mean ${mean(values).toFixed(3)} ms  median ${median(values).toFixed(3)} ms`);

await engine(50, reading);
show("bare: append + sync, 200 times", await bare(200));
for (const [name, act] of [
  ["a tool that does nothing", nothing],
  ["reading a file each turn", reading],
] as const) {
  const short = await engine(200, act);
  const long = await engine(2000, act);
  console.log(`${name}:`);
  show("  200 turns", short);
  show("  of these, 1 to 100", short.slice(0, block));
  show("  of these, 101 to 200", short.slice(block));
  show("  2,000 turns", long);
  show("  of these, the last 100", long.slice(-block));
}
if (first) {
  const system = first.messages.map((message) => message.text).join("\n");
  const tools = JSON.stringify(first.tools);
  console.log(`first request: ${encode(system).length} tokens of messages + ${encode(tools).length} of ${first.tools.length} tools`);
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
rmSync(folder, { recursive: true, force: true });
