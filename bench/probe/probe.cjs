// Runs beside Proviso in the extension host while `npm run bench -- face` measures it: answers, on a socket named after the process,
// what VS Code noted of activations, how long the host was blocked, and what memory it holds.

const { createServer } = require("node:net");
const { join } = require("node:path");
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { createInterface } = require("node:readline");
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

exports.activate = () => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  let cpu = process.cpuUsage();
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const answers = {
    marks: () => globalThis.MonacoPerformanceMarks?.getMarks() ?? [],
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
      gc();
      gc();
      const { heapUsed, rss } = process.memoryUsage();
      return { heapMb: heapUsed / 1e6, rssMb: rss / 1e6 };
    },
  };
  createServer((socket) => {
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) => socket.write(`${JSON.stringify(answers[line]())}\n`));
  }).listen(join(process.env.PROVISO_PROBE, `${process.pid}.sock`));
};
