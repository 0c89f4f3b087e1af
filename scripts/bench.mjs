// Runs the built measuring programs of bench/ one after another, each in a process of its own: `npm run bench [-- NAME ...]`.
// A program prints its own figures; this adds nothing but their order. Options are the programs' own. One that has a set-up at
// bench/NAME/setup.mjs, which takes minutes the first time, runs only when it is named.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = fileURLToPath(new URL("../dist/bench", import.meta.url));
const wanted = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const options = process.argv.slice(2).filter((word) => word.startsWith("-"));
const setupOf = (name) => join(root, "bench", name, "setup.mjs");
const programs = (existsSync(built) ? readdirSync(built) : []).filter((file) => file.endsWith(".bench.js"));
const names = programs.map((file) => file.slice(0, -".bench.js".length));
const chosen = names.filter((name) => (wanted.length === 0 ? !existsSync(setupOf(name)) : wanted.includes(name)));
if (chosen.length === 0) {
  process.stderr.write(`bench: there is none of that name; there are ${names.join(", ") || "none yet"}.\n`);
  process.exit(1);
}
let failed = false;
for (const name of chosen) {
  (options.includes("--json") ? process.stderr : process.stdout).write(`\n── ${name}\n`);
  try {
    if (existsSync(setupOf(name)))
      (await import(pathToFileURL(setupOf(name)).href)).setUp((words) => process.stderr.write(`bench: ${words}\n`));
  } catch (error) {
    process.stderr.write(`bench: ${error.message}\n`);
    failed = true;
    continue;
  }
  const program = join(built, `${name}.bench.js`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", "--enable-source-maps", program, ...options], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
