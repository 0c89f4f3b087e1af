// Runs the built measuring programs of bench/ one after another, each in a process of its own: `npm run bench [-- NAME ...]`.
// A program prints its own figures; this adds nothing but their order.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../dist/bench", import.meta.url));
const wanted = process.argv.slice(2);
const programs = (existsSync(built) ? readdirSync(built) : []).filter((file) => file.endsWith(".bench.js"));
const chosen = programs.filter((file) => wanted.length === 0 || wanted.includes(file.slice(0, -".bench.js".length)));
if (chosen.length === 0) {
  process.stderr.write(
    `bench: there is none of that name; there are ${programs.map((file) => file.slice(0, -".bench.js".length)).join(", ") || "none yet"}.\n`,
  );
  process.exit(1);
}
let failed = false;
for (const file of chosen) {
  process.stdout.write(`\n── ${file.slice(0, -".bench.js".length)}\n`);
  const { status } = spawnSync(process.execPath, ["--expose-gc", "--enable-source-maps", join(built, file)], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
