// What the face costs, in a real VS Code: activation, the way from "send" to the first card, a streamed delta in a long run, memory.
// The long run is drawn in the bare page; the rest is the packaged extension with a scripted server.

import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { patchOf, shownOf } from "../src/protocol/patch.ts";
import { Workbench } from "../test/e2e/workbench.ts";
import { loadHarness } from "../test/support/harness.ts";
import { sampleScript } from "../test/e2e/sample-story.ts";
import { startScriptedServer } from "../test/support/scripted-server.ts";
import { BarePage } from "../test/webview/bare-page.ts";
import { longView } from "../test/webview/views.ts";

function say(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(64)}${value.padStart(14)}\n`);
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
}

await inWorkbench();
await inBarePage();

async function inWorkbench(): Promise<void> {
  const model = await startScriptedServer(sampleScript);
  const bench = await Workbench.start({ settings: { "proviso.baseUrl": model.url, "proviso.model": "scripted" } });
  try {
    const window = await bench.open();
    await window.showChat();
    const started = performance.now();
    await window.send("Lines of ten pieces should get the bulk price");
    await window.card(/^Plan, 3 steps/).waitFor();
    say("send to plan card (a server that answers at once)", ms(performance.now() - started));
    const host = Number(extensionHost(bench.serverPid));
    say("extension host, resident (whole process, with VS Code's own)", `${Math.round(residentKb(host) / 1024)} MB`);
    await window.command("Developer: Show Running Extensions");
    const row = window.page.locator(".monaco-list-row", { hasText: "proviso" }).first();
    const words = await row.innerText();
    say("activation, as VS Code measures it", /(\d+)ms/.exec(words)?.[1] ? `${/(\d+)ms/.exec(words)?.[1]} ms` : words);
  } finally {
    await bench.stop();
    await model.close();
  }
}

async function inBarePage(): Promise<void> {
  const browser = await chromium.launch((await loadHarness()).chromiumOptions);
  try {
    const bare = await BarePage.open(browser);
    const view = longView(5000);
    const folded = performance.now();
    for (let i = 0; i < 20; i++) patchOf(shownOf(view), shownOf({ ...view, items: [...view.items] }));
    say("patch of a view of 5,000 items, in the host", ms((performance.now() - folded) / 20));
    await bare.show(view);
    const session = await bare.context.newCDPSession(bare.page);
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
    say("longest task of the page meanwhile", ms(deltas.longest));
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = (await session.send("Runtime.getHeapUsage")) as { readonly usedSize: number };
    say("heap of the page with that run", `${(usedSize / 1e6).toFixed(1)} MB`);
  } finally {
    await browser.close();
  }
}

function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

function extensionHost(server: number): string | undefined {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ");
  return children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=extensionHost"));
}
