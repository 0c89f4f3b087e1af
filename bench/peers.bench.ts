// Proviso beside LangGraph.js, Vercel AI SDK and OpenAI Agents JS, in one run, with one model that answers at once in the same process and
// one job: what a turn costs over 200 and over 2,000 turns, what it leaves in memory, what a checkpoint costs as the history grows, what
// importing costs, how large a program becomes, and the tokens of a job of ten requests. `--json` tells each figure as a line.
// PROVISO_BENCH_ROUNDS (3) is how often each is done.

import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import {
  bundle,
  type Contestant,
  contestants,
  noRounds,
  ownChunks,
  programs,
  type Ran,
  type Rounds,
  run,
  timeOf,
} from "./peers/contest.ts";
import type { Job, Sent } from "./peers/job.ts";

const rounds = Number(process.env["PROVISO_BENCH_ROUNDS"] ?? 3);
const json = process.argv.includes("--json");
const short = 200;
const long = 2000;
/** LangGraph's saver writes about a gigabyte over these, and four times as much over twice as many. */
const kept = 1000;
const goal = "What is in these files?";
/** Real code of a few kB each; two of the nine reads are of a file that was read before and is unchanged. */
const read = ["engine", "limit", "plan", "engine", "cleanse", "jobs", "limit", "approval", "world"].map((name) => `src/agent/${name}.ts`);
const cites = "engine.ts";
const hasSaver = existsSync("bench/peers/node_modules/better-sqlite3/build/Release/better_sqlite3.node");

type Given = Pick<Job, "goal" | "instructions" | "tools">;
type Asked = Pick<Job, "measure" | "turns"> & { readonly keep: readonly Job["keep"][] };

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The median of the turns in each tenth of a run. */
const tenths = (times: readonly number[]): readonly number[] =>
  Array.from({ length: 10 }, (_, i) => median(times.slice((times.length * i) / 10, (times.length * (i + 1)) / 10)));

let table = "";

function heading(text: string): void {
  table = text;
  if (!json) process.stdout.write(`\n${text.padEnd(46)}${contestants.map((each) => each.padStart(26)).join("")}\n`);
}

function row(metric: string, unit: string, values: Rounds): void {
  const figures = contestants.map((contestant) => {
    const own = values[contestant];
    return own.length === 0
      ? undefined
      : { contestant, median: median(own), min: Math.min(...own), max: Math.max(...own), rounds: own.length };
  });
  if (json) {
    for (const figure of figures)
      if (figure) process.stdout.write(`${JSON.stringify({ table, metric: metric.trim(), unit, ...figure })}\n`);
    return;
  }
  const cells = figures.map((figure) => {
    if (!figure) return "–";
    return figure.rounds === 1 ? digits(figure.median) : `${digits(figure.median)} (${digits(figure.min)}–${digits(figure.max)})`;
  });
  process.stdout.write(`${`${metric}, ${unit}`.padEnd(46)}${cells.map((cell) => cell.padStart(26)).join("")}\n`);
}

const digits = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(2) : Math.round(value).toLocaleString("en"));

/** Each contestant once a round, in each way of keeping that it can; the visitor is given the runs in this order. */
function contest(
  { measure, keep, turns }: Asked,
  given: Given,
  times: number,
  visit: (contestant: Contestant, ran: readonly [Ran, ...Ran[]]) => unknown,
): void {
  for (let round = 0; round < times; round++) {
    for (const contestant of contestants) {
      const [first, ...others] = keep
        .filter((way) => way === "memory" || contestant !== "LangGraph.js" || hasSaver)
        .map((way) => run(contestant, { measure, keep: way, turns, ...briefed(contestant, given), reads: [], cites }, read));
      if (first) visit(contestant, [first, ...others]);
    }
  }
}

/** Proviso writes its own request from the goal; the others are given what it wrote, so that all say the same to the model. */
const briefed = (contestant: Contestant, given: Given): Given => (contestant === "Proviso" ? { ...given, goal } : given);

function tokens(): Given {
  const asked: Omit<Job, "folder"> = {
    measure: "tokens",
    keep: "memory",
    turns: read.length,
    goal,
    instructions: "",
    tools: [],
    reads: read.map((file) => basename(file)),
    cites,
  };
  const own = run("Proviso", asked, read).sent;
  const first = own[0];
  const given = { goal: first?.messages[1]?.text ?? "", instructions: first?.messages[0]?.text ?? "", tools: first?.tools ?? [] };
  const said = noRounds();
  const tools = noRounds();
  const last = noRounds();
  const count = (value: unknown): number => encode(JSON.stringify(value)).length;
  for (const contestant of contestants) {
    const sent: readonly Sent[] = contestant === "Proviso" ? own : run(contestant, { ...asked, ...given }, read).sent;
    said[contestant].push(sent.reduce((sum, request) => sum + count(request.messages), 0));
    tools[contestant].push(sent.reduce((sum, request) => sum + count(request.tools), 0));
    last[contestant].push(count(sent.at(-1)?.messages));
  }
  heading("A job of ten requests, nine reads of 3 to 12 kB");
  row("messages of all requests", "tokens", said);
  row("  of the last request", "tokens", last);
  row("tools of all requests", "tokens", tools);
  return given;
}

async function loading(): Promise<void> {
  const folder = mkdtempSync(join(process.cwd(), "dist/bench/peers/bundled-"));
  try {
    const whole = noRounds();
    const atStart = noRounds();
    const bundled = new Map<Contestant, string>([["Proviso", programs.Proviso]]);
    for (const contestant of contestants) {
      if (contestant === "Proviso") continue;
      const file = await bundle(contestant, folder);
      bundled.set(contestant, file);
      whole[contestant].push(statSync(file).size / 1e3);
      atStart[contestant].push(statSync(file).size / 1e3);
    }
    const own = ownChunks();
    whole.Proviso.push(own.all / 1e3);
    atStart.Proviso.push(own.atStart / 1e3);
    const installed = noRounds();
    const minified = noRounds();
    // The first round fills the caches of the disk.
    for (let round = 0; round < 2 * rounds + 2; round++) {
      const bare = timeOf(["-e", "0"]);
      for (const contestant of contestants) {
        const one = timeOf([bundled.get(contestant) ?? ""]) - bare;
        const other = contestant === "Proviso" ? undefined : timeOf([programs[contestant]]) - bare;
        if (round === 0) continue;
        minified[contestant].push(one);
        if (other !== undefined) installed[contestant].push(other);
      }
    }
    heading("Importing, beyond a bare Node");
    row("packages as installed", "ms", installed);
    row("bundled and minified", "ms", minified);
    row("bundle", "kB", whole);
    row("  of it loaded at the start", "kB", atStart);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function turns(given: Given): void {
  const [few, many, end, memory] = [noRounds(), noRounds(), noRounds(), noRounds()];
  contest({ measure: "time", keep: ["memory"], turns: short }, given, 2 * rounds + 1, (one, [ran]) => few[one].push(mean(ran.times)));
  contest({ measure: "time", keep: ["memory"], turns: long }, given, rounds, (one, [{ times }]) => {
    many[one].push(mean(times));
    end[one].push(median(times.slice(-100)));
  });
  contest({ measure: "memory", keep: ["memory"], turns: short * 2 }, given, rounds, (one, [ran]) =>
    memory[one].push((ran.bytes ?? Number.NaN) / 1e3),
  );
  heading("A turn, nothing kept");
  row(`mean over ${short} turns`, "ms", few);
  row(`mean over ${long.toLocaleString("en")} turns`, "ms", many);
  row("  median of the last 100 of these", "ms", end);
  row("heap it leaves behind", "kB", memory);
}

/** The same turns with nothing kept, its own checkpoints, and synced ones, one right after the other; the cost is the difference. */
function checkpoints(given: Given): void {
  const costs = { kept: Array.from({ length: 10 }, noRounds), synced: Array.from({ length: 10 }, noRounds) };
  const whole = { memory: noRounds(), kept: noRounds(), synced: noRounds() };
  const disk = { kept: noRounds(), synced: noRounds() };
  contest({ measure: "time", keep: ["memory", "kept", "synced"], turns: kept }, given, rounds, (one, [without, ...others]) => {
    whole.memory[one].push(mean(without.times));
    const base = tenths(without.times);
    for (const [at, ran] of others.entries()) {
      const keep = at === 0 ? "kept" : "synced";
      whole[keep][one].push(mean(ran.times));
      disk[keep][one].push(ran.kept / 1e6);
      for (const [i, value] of tenths(ran.times).entries()) costs[keep][i]?.[one].push(value - (base[i] ?? Number.NaN));
    }
  });
  for (const keep of ["kept", "synced"] as const) {
    heading(keep === "kept" ? "A checkpoint of its own kind (a kill loses nothing)" : "A checkpoint, synced (a power cut loses nothing)");
    for (const [i, cost] of costs[keep].entries()) row(`more in turns ${(kept * i) / 10 + 1} to ${(kept * (i + 1)) / 10}`, "ms", cost);
    row("mean of a whole turn", "ms", whole[keep]);
    row("  without", "ms", whole.memory);
    row(`on disk after ${kept.toLocaleString("en")} turns`, "MB", disk[keep]);
  }
}

const given = tokens();
await loading();
turns(given);
checkpoints(given);
const notes = [
  "",
  "Medians (least–most) of rounds that take turns, each run in a fresh process. A turn is one answer of the model that calls one tool.",
  "Proviso judges every call by its policy, takes out secrets, watches its fuses, proves the step, and holds its prompt to 100,000 tokens;",
  "the others do none of these and send the whole history. None has its retries, budgets or caches around the model.",
  "Kept: Proviso's journal; LangGraph's SqliteSaver, a checkpoint each graph step; of OpenAI Agents its RunState, written as a whole each",
  "turn; the AI SDK has nothing of its own, so its messages are appended by hand, which resumes nothing by itself. Differences below zero",
  "are noise. The command line compiles its own code beforehand, for the Node that built it; importing is measured without that.",
  ...(hasSaver ? [] : ["LangGraph's saver needs better-sqlite3, which could not be built here: its checkpoints are left out."]),
];
if (!json) process.stdout.write(`${notes.join("\n")}\n`);
