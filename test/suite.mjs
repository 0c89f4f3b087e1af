// One suite in its own process, started by run.mjs: runs the files with mocha, sends the result to its parent, and ends by itself.
// A rejection nobody handled fails the suite, whenever it comes; so does anything still running when the tests are over.
// Properties are tried with the same cases on every run, so that a red run is red again; PROPERTY_SEED=random looks for new ones.

import fc from "fast-check";
import Mocha from "mocha";

const { name, files, testMs, grep, graceMs } = JSON.parse(process.argv[2]);
const { PROPERTY_SEED: seed = "20261121" } = process.env;
fc.configureGlobal(seed === "random" ? {} : { seed: Number(seed) });
const stray = [];
const seen = new WeakSet();
// Mocha hands every rejection round once more, hence the set.
process.on("unhandledRejection", (reason, promise) => {
  if (seen.has(promise)) return;
  seen.add(promise);
  console.error(`\nunhandled rejection in ${name}:`, reason);
  stray.push(`unhandled rejection: ${reason instanceof Error ? reason.message : String(reason)}`);
  process.exitCode = 1;
});

const mocha = new Mocha({ ui: "bdd", reporter: "spec", timeout: testMs, slow: 500, forbidOnly: process.env.CI !== undefined });
if (grep !== undefined) mocha.grep(grep);
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();

const failures = [];
const runner = mocha.run(() => {
  const { passes, pending } = runner.stats;
  // Rejections that come with the last test are reported one turn of the event loop later.
  setImmediate(() => {
    const failed = [...failures, ...stray];
    process.exitCode = failed.length > 0 ? 1 : 0;
    process.send({ passed: passes, failed: failed.length, skipped: pending, failures: failed });
    process.disconnect();
    setTimeout(failAsLeftRunning, graceMs).unref();
  });
});
runner.on("fail", (test) => failures.push(test.fullTitle()));

function failAsLeftRunning() {
  console.error(`\n${name} left something running after its last test: ${[...new Set(process.getActiveResourcesInfo())].join(", ")}`);
  process.exit(1);
}
