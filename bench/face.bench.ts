// What the face costs, in a real VS Code: activation, the way from "send" to the first card, a run of more than 1,000 turns and 5,000
// events with a streamed reply at its end, memory, sizes. The drawing of a delta is measured in the bare page. A probe in the extension
// host (host-probe.ts) answers for the host. PROVISO_BENCH_STARTS and PROVISO_BENCH_TURNS make it shorter or longer.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { patchOf, shownOf } from "../src/protocol/patch.ts";
import { packagedExtension } from "../test/e2e/packaged.ts";
import { type Window, Workbench } from "../test/e2e/workbench.ts";
import { loadHarness, projectRoot } from "../test/support/harness.ts";
import type { Cue, Line } from "../test/support/script.ts";
import { startScriptedServer } from "../test/support/scripted-server.ts";
import { BarePage } from "../test/webview/bare-page.ts";
import { longView } from "../test/webview/views.ts";
import { HostProbe, packProbe } from "./host-probe.ts";

const starts = Number(process.env["PROVISO_BENCH_STARTS"] ?? 7);
const turns = Number(process.env["PROVISO_BENCH_TURNS"] ?? 1250);
const steps = 3;
const pieces = 1000;

const say = (what: string, value: string, goal = ""): void =>
  void process.stdout.write(`${what.padEnd(66)}${value.padStart(16)}   ${goal}\n`);
const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
const mb = (value: number): string => `${value.toFixed(1)} MB`;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const times = (values: readonly number[]): string => `${ms(median(values))} (least ${ms(Math.min(...values))})`;

const folder = mkdtempSync(join(tmpdir(), "pv-probe-"));
const known = new Set<string>();
let tellLast: () => void = () => undefined;
const last = new Promise<void>((resolve) => (tellLast = resolve));
try {
  sizes();
  await inWorkbench();
  await inBarePage();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function sizes(): void {
  const dist = join(projectRoot(), "dist");
  const size = (file: string): number => statSync(join(dist, file)).size / 1e3;
  const chunks = readdirSync(dist).filter((file) => /^extension-.*\.js$/.test(file));
  say("package", mb(statSync(packagedExtension()).size / 1e6), "goal 4 MB");
  say("script that every window loads", `${size("extension.cjs").toFixed(1)} kB`);
  say("script of the chat's page", `${size("webview/main.js").toFixed(1)} kB`, "goal 250 kB");
  say("all scripts of the extension, most of them never loaded", `${chunks.reduce((sum, file) => sum + size(file), 0).toFixed(0)} kB`);
}

/** Three reading steps, one after the other, each turn another few lines of a file; the last reply is long and streamed in pieces. */
function script(cue: Cue): Line {
  if (cue.answer === "plan") {
    const ids = Array.from({ length: steps }, (_, i) => `part-${i + 1}`);
    return {
      answer: {
        steps: ids.map((id, i) => ({
          id,
          goal: `Read ${id}`,
          role: "researcher",
          needs: ids.slice(Math.max(0, i - 1), i),
          check: { by: "citation" },
        })),
      },
    };
  }
  const lost = Number(/\[(\d+) earlier turns/.exec(cue.text)?.[1] ?? 0);
  const turn = cue.turn + lost;
  const usage = { input: 10, output: 10 };
  if (turn < turns / steps) return { usage, calls: [{ tool: "read_file", args: { path: "src/invoice.js", from: 1, to: turn + 1 } }] };
  if (!cue.text.includes(`Your step: Read part-${steps}`)) return { usage, text: "It is in src/invoice.js:9." };
  tellLast();
  return { usage, text: [...Array.from({ length: pieces - 1 }, (_, i) => `word ${i} `), "in src/invoice.js:9."] };
}

async function inWorkbench(): Promise<void> {
  const model = await startScriptedServer(script);
  const probePackage = await packProbe(projectRoot(), folder);
  const bench = await Workbench.start({
    settings: {
      "proviso.baseUrl": model.url,
      "proviso.model": "scripted",
      "proviso.limits.turnsPerStep": 500,
      "proviso.limits.idleTurns": 500,
      "proviso.limits.calls": 100_000,
      "proviso.limits.minutes": 600,
    },
    beside: { packages: [probePackage], env: { PROVISO_PROBE: folder } },
  });
  try {
    const loads: number[] = [];
    const activations: number[] = [];
    for (let round = 0; round < starts; round++) {
      await bench.open();
      const probe = await HostProbe.next(folder, known);
      const { loadMs, activateMs } = await probe.activation("proviso.proviso");
      // The first start of a server fills caches that no later one does without.
      if (round > 0) loads.push(loadMs);
      if (round > 0) activations.push(loadMs + activateMs);
      probe.close();
      await bench.closeWindows(undefined);
    }
    say(`activation, median of ${starts - 1} starts, as VS Code notes it`, times(activations), "goal 50 ms");
    say("  of it loading the script", times(loads));
    await longRun(await bench.open(), await HostProbe.next(folder, known));
  } finally {
    await bench.stop();
    await model.close();
  }
}

async function longRun(window: Window, probe: HostProbe): Promise<void> {
  await probe.activation("proviso.proviso");
  const shown = performance.now();
  await window.showChat();
  say("opening the chat for the first time, until it can be typed into", ms(performance.now() - shown));
  const before = await probe.memory();
  const page = await heapOf(window);
  await probe.reset();
  const sent = performance.now();
  await window.send("Read everything and then say where it is");
  await window.chat.locator("ol.steps > li").first().waitFor();
  say("send to first card (a server that answers at once)", ms(performance.now() - sent));
  say("  longest block of the host meanwhile, the engine's loading included", ms((await probe.usage()).longestMs));
  await probe.reset();
  const run = performance.now();
  await Promise.race([last, window.chat.locator(".end").waitFor({ timeout: 1_800_000 })]);
  const turned = await probe.usage();
  await probe.reset();
  const streaming = performance.now();
  await window.chat.locator(".end").waitFor({ timeout: 120_000 });
  const streamed = await probe.usage();
  say(`a turn of the run (${turns} turns), wall`, ms((streaming - run) / turns));
  say("  of it the host's processor time", ms(turned.cpuMs / turns));
  say("longest block of the host in these turns", ms(turned.longestMs));
  say(`a streamed delta at the end of it, host's processor time (${pieces})`, ms(streamed.cpuMs / pieces));
  say("longest block of the host while they stream", ms(streamed.longestMs));
  const after = await probe.memory();
  say("heap of the host: before the run", mb(before.heapMb));
  say(`  after ${turns} turns`, mb(after.heapMb));
  say("whole host process, with VS Code's own", mb(after.rssMb));
  say("heap of workbench and chat page: before the run", mb(page));
  say(`  after ${turns} turns`, mb(await heapOf(window)));
  say("rows in the chat's page", String(await window.chat.locator(".call").count()));
}

/** The page and its frames share one heap. */
async function heapOf({ context, page }: Window): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = (await session.send("Runtime.getHeapUsage")) as { readonly usedSize: number };
  await session.detach();
  return usedSize / 1e6;
}

async function inBarePage(): Promise<void> {
  const browser = await chromium.launch((await loadHarness()).chromiumOptions);
  try {
    const bare = await BarePage.open(browser);
    const view = longView(5000);
    const folded = performance.now();
    for (let i = 0; i < 20; i++) patchOf(shownOf(view), shownOf({ ...view, items: [...view.items] }));
    say("what a view of 5,000 items differs in from the last", ms((performance.now() - folded) / 20));
    await bare.show(view);
    const deltas = (await bare.page.evaluate(`(async () => {
      const longest = [];
      new PerformanceObserver((list) => longest.push(...list.getEntries().map((one) => one.duration))).observe({ entryTypes: ["longtask"] });
      const started = performance.now();
      for (let i = 0; i < 1000; i++) {
        window.dispatchEvent(new MessageEvent("message", { data: { type: "delta", id: "step:a", text: "word " } }));
        if (i % 10 === 9) await new Promise(requestAnimationFrame);
      }
      return { each: (performance.now() - started) / 1000, longest: Math.max(0, ...longest) };
    })()`)) as { readonly each: number; readonly longest: number };
    say("streamed delta in the page, frames included", ms(deltas.each));
    say("longest task of the page meanwhile (tasks below 50 ms do not count)", ms(deltas.longest));
    const session = await bare.context.newCDPSession(bare.page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = (await session.send("Runtime.getHeapUsage")) as { readonly usedSize: number };
    say("heap of the page alone with that run", mb(usedSize / 1e6));
  } finally {
    await browser.close();
  }
}
