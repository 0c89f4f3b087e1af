// Runs the built tests, suite by suite: `npm test [-- SUITE or SUITE/PATH ...] [--grep TEXT]`.
// Each suite is a process group of its own with a deadline, so that one that hangs, dies or leaves something running fails alone and
// by name. A suite counts only if it says its own result and then ends; the last line printed is the sum.
// Suites that drive a browser mostly wait, so they run beside the others, and what they print is kept until they end.

import { fork, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** In the order they run, quickest answer first: milliseconds for one test, and for all of them. `needs` names what
 * scripts/setup.mjs has to install first; suites with such needs are the ones that run beside the others. A folder not named here runs last. */
const suites = {
  architecture: { testMs: 30_000, wholeMs: 60_000 },
  runner: { testMs: 30_000, wholeMs: 60_000 },
  unit: { testMs: 30_000, wholeMs: 600_000 },
  sandbox: { testMs: 60_000, wholeMs: 900_000 },
  golden: { testMs: 30_000, wholeMs: 120_000 },
  cli: { testMs: 120_000, wholeMs: 900_000 },
  webview: { testMs: 120_000, wholeMs: 600_000, needs: "browser" },
  editor: { testMs: 300_000, wholeMs: 600_000, needs: "editor" },
  e2e: { testMs: 300_000, wholeMs: 1_500_000, needs: "editor" },
  crash: { testMs: 900_000, wholeMs: 900_000 },
  scale: { testMs: 300_000, wholeMs: 300_000 },
};
const otherwise = { testMs: 30_000, wholeMs: 120_000 };
/** However the suites share it, nobody waits longer than this. */
const runMs = 40 * 60_000;

const { values, positionals } = parseArgs({
  options: {
    grep: { type: "string" },
    // For the runner's own test: where the built tests are, and how long is too long.
    built: { type: "string", default: fileURLToPath(new URL("../dist/test", import.meta.url)) },
    deadline: { type: "string" },
    grace: { type: "string", default: "5000" },
  },
  allowPositionals: true,
});
const found = findSuites(positionals);
/** Process groups under way. */
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => {
    for (const pid of running) killGroup(pid);
    process.exit(130);
  });
const isWaiting = ([name]) => suites[name]?.needs !== undefined;
const lanes = [found.filter((suite) => !isWaiting(suite)), found.filter(isWaiting)].filter((lane) => lane.length > 0);
const results = (await Promise.all(lanes.map(runLane))).flat();
conclude();

/** One suite after the other. All lanes but the first print each suite when it has ended. */
async function runLane(lane, index) {
  const ended = [];
  for (const [name, files] of lane) {
    const printed = [];
    ended.push(await run(name, files, index === 0 ? undefined : (text) => printed.push(text)));
    process.stdout.write(printed.join(""));
  }
  return ended;
}

/** Test files by suite: the first part of their path. `wanted` narrows to suites, folders or files. */
function findSuites(wanted) {
  const files = existsSync(values.built)
    ? readdirSync(values.built, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"))
    : [];
  const bySuite = new Map(Object.keys(suites).map((name) => [name, []]));
  for (const file of files.filter((each) => each.endsWith(".test.js")).sort()) {
    const path = file.slice(0, -".test.js".length);
    if (wanted.length > 0 && !wanted.some((part) => path === part || path.startsWith(part.endsWith("/") ? part : `${part}/`))) continue;
    const [suite] = path.split("/");
    bySuite.set(suite, [...(bySuite.get(suite) ?? []), resolve(values.built, file)]);
  }
  return [...bySuite].filter(([, paths]) => paths.length > 0);
}

/** `keep` takes what the suite prints; without it that is printed at once. */
async function run(name, files, keep) {
  const { testMs, wholeMs: ownMs, needs } = suites[name] ?? otherwise;
  const wholeMs = Number(values.deadline ?? Math.min(ownMs, Math.max(0, runMs - performance.now())));
  const started = performance.now();
  const heading = `\n── ${name} ${"─".repeat(Math.max(0, 70 - name.length))}\n`;
  if (keep) keep(heading);
  else process.stdout.write(heading);
  const lacking = needs === undefined ? undefined : await prepare(name, needs, keep);
  if (lacking) return { ...lacking, seconds: (performance.now() - started) / 1000 };
  const task = JSON.stringify({ name, files, testMs, grep: values.grep, graceMs: Number(values.grace) });
  const child = fork(fileURLToPath(new URL("suite.mjs", import.meta.url)), [task], {
    detached: true,
    execArgv: ["--enable-source-maps"],
    stdio: [...outputTo(keep), "ipc"],
  });
  running.add(child.pid);
  keepOutput(child, keep);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, wholeMs);
  let report;
  child.on("message", (message) => {
    report = message;
  });
  return new Promise((settle) => {
    child.on("exit", () => {
      clearTimeout(deadline);
      killGroup(child.pid);
      running.delete(child.pid);
      // Its last words may come after its end, but what holds on to its output and is not of its group must not hold us.
      setTimeout(() => child.stdout?.destroy() && child.stderr?.destroy(), 2000).unref();
    });
    child.on("close", (code, signal) => {
      const problem = late
        ? `was stopped after ${Math.round(wholeMs / 1000)} s`
        : report === undefined
          ? `ended before it could say its result (${signal ?? `exit ${code}`}); see above`
          : code !== 0 && report.failed === 0
            ? `went wrong after its last test (${signal ?? `exit ${code}`}); see above`
            : undefined;
      const { passed, failed, skipped, failures } = report ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
      settle({
        name,
        passed,
        skipped,
        failed: problem === undefined ? failed : failed + 1,
        failures: problem === undefined ? failures : [...failures, `the suite ${problem}`],
        seconds: (performance.now() - started) / 1000,
      });
    });
  });
}

/** Undefined when all is there. A system that cannot have it skips the suite as one test; where it should be there, that is a failure. */
async function prepare(name, needs, keep) {
  const setup = fileURLToPath(new URL("../scripts/setup.mjs", import.meta.url));
  const child = spawn(process.execPath, [setup, needs], { stdio: outputTo(keep) });
  keepOutput(child, keep);
  const status = await new Promise((ended) => child.on("close", ended));
  if (status === 0) return undefined;
  const cannot = status === 69;
  return {
    name,
    passed: 0,
    failed: cannot ? 0 : 1,
    skipped: cannot ? 1 : 0,
    failures: cannot ? [] : [`the suite lacks what it needs (${needs}); see above`],
  };
}

function outputTo(keep) {
  return keep ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"];
}

function keepOutput(child, keep) {
  if (keep) for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", keep);
}

/** Whatever a suite started and did not end itself dies with it. */
function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function conclude() {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const passed = sum("passed");
  const skipped = sum("skipped");
  let failed = sum("failed");
  process.stdout.write(`\n── result ${"─".repeat(64)}\n`);
  for (const result of results) {
    const counts = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
    process.stdout.write(`  ${result.name.padEnd(14)}${counts.padEnd(40)}${result.seconds.toFixed(1).padStart(6)} s\n`);
    for (const failure of result.failures) process.stdout.write(`    ✗ ${failure}\n`);
  }
  if (passed + failed === 0) {
    process.stdout.write(`  no test ran: build them with \`npm run build\`, and check the suite's name and --grep.\n`);
    failed = 1;
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
