// Runs beside Proviso in the extension host while `npm run bench -- face` measures it: answers, on a socket named after the process,
// what VS Code noted of activations, how long the host was blocked, and what memory it holds.

import { createServer } from "node:net";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Marks = readonly { readonly name: string; readonly startTime: number }[];
interface Marking {
  readonly MonacoPerformanceMarks?: { getMarks(): Marks };
}

export function activate(): void {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let cpu = process.cpuUsage();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const answers: Readonly<Record<string, () => unknown>> = {
    marks: () => (globalThis as Marking).MonacoPerformanceMarks?.getMarks() ?? [],
    reset: () => {
      delay.reset();
      cpu = process.cpuUsage();
      return true;
    },
    usage: () => {
      const { user, system } = process.cpuUsage(cpu);
      return { longestMs: delay.max / 1e6, cpuMs: (user + system) / 1000 };
    },
    memory: () => {
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      return { heapMb: heapUsed / 1e6, rssMb: rss / 1e6 };
    },
  };
  createServer((socket) => {
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) => socket.write(`${JSON.stringify(answers[line]?.() ?? null)}\n`));
  }).listen(join(process.env["PROVISO_PROBE"] ?? ".", `${process.pid}.sock`));
}
