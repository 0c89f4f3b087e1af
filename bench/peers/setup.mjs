// Puts the libraries that `npm run bench -- peers` measures below this folder, from the npm registry, and builds the programs that use
// them. Nothing is installed when the lock file has not changed. No package's install script runs but that of LangGraph's database, which may have to be compiled: without it the bench leaves
// out the columns that need it.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const stamp = join(here, "node_modules", ".ready");

/** Throws one sentence when they cannot be had. */
export function setUp(log) {
  install(log);
  if (spawnSync(process.execPath, [join(root, "esbuild.js"), "peers"], { stdio: "inherit" }).status !== 0) {
    throw new Error("the programs to compare with do not build; the errors above say where.");
  }
  const link = join(root, "dist/bench/peers/node_modules");
  if (!existsSync(link)) symlinkSync(join(here, "node_modules"), link, "junction");
}

function install(log) {
  const wanted = createHash("sha256")
    .update(readFileSync(join(here, "package-lock.json")))
    .update(process.version)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  log("setting up the libraries to compare with (once, some minutes, 180 MB below bench/peers) …");
  if (!npm(here, "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error")) {
    throw new Error(`npm ci failed in ${here}: check the network or the registry npm is set to, then run the same command again.`);
  }
  if (!npm(join(here, "node_modules", "better-sqlite3"), "run", "--silent", "install")) {
    log("better-sqlite3 could not be built, so LangGraph is measured without its saver.");
  }
  writeFileSync(stamp, wanted);
}

function npm(cwd, ...args) {
  const { status, error } = spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", args, {
    cwd,
    stdio: "ignore",
    shell: process.platform === "win32",
  });
  return error === undefined && status === 0;
}
