// What the journal costs: an append, and an append that survives a power cut, against the barest program that could do the same in the
// same run; what the chain through its lines adds; whether that stays flat over ten thousand events; and how long a journal of ten thousand takes to open.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../src/agent/event.ts";
import { chainedLine, lineDigest } from "../src/node/journal/chain.ts";
import { eventFormat } from "../src/node/journal/event-format.ts";
import { type Journal, openJournal, readJournal } from "../src/node/journal.ts";

const folder = mkdtempSync(join(process.env["PROVISO_BENCH_DIR"] ?? tmpdir(), "proviso-bench-"));
const total = 10_000;
const block = 1000;

/** About the size of an ordinary event: a reply of the model that calls a tool. */
const event = (seq: number): Event => ({
  v: 1,
  seq,
  at: 1_795_000_000_000 + seq,
  type: "model.replied",
  step: "s1",
  attempt: 1,
  turn: seq,
  text: "I will read the file first, then change the condition and run the test again to see that it passes.",
  calls: [
    { call: `s1.1.${seq}.0`, ref: `call_${seq}`, tool: "read_file", args: JSON.stringify({ path: "src/invoice.js", from: 1, to: 200 }) },
  ],
  model: "some-model",
  usage: { input: 1234, output: 56, cached: 1000, usd: 0.0012 },
  finish: "tool_calls",
});

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
const ms = (time: number): string => `${time.toFixed(3)} ms`;

async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function openAt(name: string): Promise<Journal<Event>> {
  const opened = await openJournal(join(folder, name), eventFormat);
  if (!opened.ok) throw new Error(opened.fault.message);
  return opened.value.journal;
}

/** Takes turns in small groups, so that what else the machine does falls on all alike. */
async function compare(): Promise<void> {
  const bare = openSync(join(folder, "bare"), "w");
  const promised = await open(join(folder, "promised"), "w");
  const journal = await openAt("journal.jsonl");
  const times = { bare: [] as number[], promised: [] as number[], synced: [] as number[], appended: [] as number[] };
  for (let seq = 1; seq <= 2000; seq++) {
    const line = `${JSON.stringify(event(seq))}\n`;
    times.bare.push(await time(() => (writeSync(bare, line), fdatasyncSync(bare))));
    times.promised.push(await time(async () => (await promised.write(line), await promised.datasync())));
    times.synced.push(await time(async () => (await journal.append(event(seq)), await journal.synced())));
  }
  for (let seq = 2001; seq <= 4000; seq++) {
    times.appended.push(await time(() => journal.append(event(seq))));
    if (seq % 10 === 0) await journal.synced();
  }
  closeSync(bare);
  await promised.close();
  await journal.close();
  console.log(`append, with the system (killing the process loses nothing)   ${ms(median(times.appended))}`);
  console.log(`append and synced (a power cut loses nothing)                 ${ms(median(times.synced))}`);
  console.log(`  bare write and fdatasync, blocking the program              ${ms(median(times.bare))}`);
  console.log(`  bare write and fdatasync, not blocking it                   ${ms(median(times.promised))}`);
}

/** The chain alone, without a disk: its link and digest for each line, against the line without them. */
function chain(): void {
  const rounds = 20_000;
  const times = { plain: [] as number[], chained: [] as number[] };
  let digest = "0".repeat(64);
  for (let from = 0; from < rounds; from += block) {
    let started = performance.now();
    for (let seq = from; seq < from + block; seq++) JSON.stringify(event(seq));
    times.plain.push((performance.now() - started) / block);
    started = performance.now();
    for (let seq = from; seq < from + block; seq++) digest = lineDigest(chainedLine(event(seq), digest));
    times.chained.push((performance.now() - started) / block);
  }
  const [plain, chained] = [median(times.plain) * 1000, median(times.chained) * 1000];
  console.log(`the chain                                                     ${(chained - plain).toFixed(1)} µs of each append`);
}

async function grow(): Promise<void> {
  const journal = await openAt("long.jsonl");
  const blocks: number[] = [];
  for (let seq = 1; seq <= total; ) {
    const times: number[] = [];
    for (let i = 0; i < block; i++, seq++) times.push(await time(async () => (await journal.append(event(seq)), await journal.synced())));
    blocks.push(median(times));
  }
  await journal.close();
  console.log(
    `over ${total.toLocaleString("en")} synced appends, medians by thousand: ${blocks.map((each) => each.toFixed(2)).join(" ")} ms`,
  );
}

async function reopen(): Promise<void> {
  const path = join(folder, "long.jsonl");
  const opening: number[] = [];
  const reading: number[] = [];
  for (let round = 0; round < 7; round++) {
    opening.push(
      await time(async () => {
        await (await openAt("long.jsonl")).close();
      }),
    );
    reading.push(await time(() => readJournal(path, eventFormat)));
  }
  const size = (statSync(path).size / 1e6).toFixed(1);
  console.log(
    `a journal of ${total.toLocaleString("en")} events (${size} MB): opened, checked and closed in ${ms(median(opening))}, read in ${ms(median(reading))}`,
  );
}

try {
  await compare();
  chain();
  await grow();
  await reopen();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
