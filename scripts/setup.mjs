// Sets up whatever is missing before the project can build, run or be tested; does nothing, quickly, when nothing is.
// Plain Node without a single package, because it runs before there are any. What must be had and cannot be ends the
// process with one sentence; what is merely better to have is named, with what happens without it.
// `setup.mjs browser` installs Chromium besides, `setup.mjs server` VS Code's server, `setup.mjs editor` both; exit 69 says that this
// kind of system cannot have them.

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Programs that make the product better, where they come from on Debian, and what their absence means. */
const programs = [
  { name: "rg", package: "ripgrep", without: "text search falls back to walking the files, which is slower" },
  { name: "bwrap", package: "bubblewrap", without: "there is no sandbox, so every command asks first" },
  { name: "prlimit", package: "util-linux", without: "sandboxed commands run without limits on memory and processes" },
  { name: "setpriv", package: "util-linux", without: "a sandbox may outlive a killed host" },
];

requireNode(20, 19);
installPackages();
installPrograms();
const [suite] = process.argv.slice(2);
if (suite === "browser" || suite === "editor") installBrowser();
if (suite === "server" || suite === "editor") await installEditor();

/** The built command line runs on Node 20.0; what builds and tests it asks for a little more. */
function requireNode(major, minor) {
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
    stop(
      `Proviso is built with Node ${major}.${minor} or later and this is ${process.version}: install a newer Node and run the same command again.`,
    );
  }
}

function installPackages() {
  const reason = whatIsStale();
  if (reason === undefined) return;
  say(`installing npm packages (${reason})`);
  const [command, first] = npm();
  const args = [...first, "ci", "--include=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: command === "npm.cmd" });
  if (error || status !== 0) {
    stop(
      `npm ci failed (${error?.message ?? `exit ${status}`}): check the network or the registry npm is set to, then run the same command again.`,
    );
  }
  say(`npm packages are installed (${seconds(started)})`);
}

/**
 * Why node_modules does not hold what the lock file says, or undefined when it does. Compares the lock with the record npm
 * keeps of its last install, so that a changed lock, an interrupted install and a deleted folder are all noticed.
 */
function whatIsStale() {
  const installed = readJson("node_modules/.package-lock.json")?.packages;
  if (installed === undefined) return "there are none yet";
  for (const [path, wanted] of Object.entries(readJson("package-lock.json").packages)) {
    if (path === "" || mayBeAbsent(wanted)) continue;
    if (installed[path]?.version !== wanted.version || !existsSync(join(root, path)))
      return `${path.replace(/^.*node_modules\//, "")} is missing or old`;
  }
  return undefined;
}

/** npm leaves out optional packages of other systems, and what only those need; it is certain of those that name this very system. */
function mayBeAbsent({ optional, os, cpu, libc }) {
  if (!optional) return false;
  return libc !== undefined || !os?.includes(process.platform) || !cpu?.includes(process.arch);
}

function installPrograms() {
  const missing = process.platform === "linux" ? programs.filter(({ name }) => !isOnPath(name)) : [];
  if (missing.length === 0) return;
  if (process.env.PROVISO_SETUP !== "npm") aptInstall([...new Set(missing.map((program) => program.package))]);
  for (const { name, package: from, without } of missing) {
    if (!isOnPath(name)) say(`${name} is missing (Debian package ${from}): ${without}.`);
  }
}

function aptInstall(packages) {
  const prefix = !isOnPath("apt-get") ? undefined : process.getuid() === 0 ? [] : hasFreeSudo() ? ["sudo", "-n"] : undefined;
  if (prefix === undefined) return;
  say(`installing ${packages.join(" and ")} with apt-get (PROVISO_SETUP=npm leaves the system alone)`);
  const started = Date.now();
  const apt = [
    ...prefix,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-q",
    "-o",
    "DPkg::Lock::Timeout=120",
    "-o",
    "Acquire::Retries=1",
  ];
  for (const step of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const [command, ...args] = [...apt, ...step];
    const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    if (error || status !== 0) {
      const why = error?.message ?? stderr.trim().split("\n").at(-1);
      return say(`apt-get ${step[0]} failed: ${why}`);
    }
  }
  say(`${packages.join(" and ")} installed (${seconds(started)})`);
}

function hasFreeSudo() {
  return isOnPath("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
}

/** The tests find it where CHROMIUM says, or at Debian's place. */
function installBrowser() {
  const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (existsSync(chromium)) return;
  if (process.platform === "linux" && process.env.CHROMIUM === undefined && process.env.PROVISO_SETUP !== "npm") {
    aptInstall(["chromium", "fonts-dejavu-core"]);
  }
  if (existsSync(chromium)) return;
  const how = process.platform === "linux" ? "install the package chromium as root, or set CHROMIUM" : "set CHROMIUM";
  cannot(`there is no Chromium at ${chromium}, which these tests drive: ${how} to the program of a Chromium or Chrome.`);
}

async function installEditor() {
  const { setUpVsCode } = await import("../tools/vscode/setup.mjs");
  if (process.platform !== "linux" || process.arch !== "x64") {
    cannot(
      "the VS Code that can be installed here is for Linux on x64; elsewhere install VS Code and its `code` command, and run the tests with `npm run test:electron`.",
    );
  }
  try {
    setUpVsCode(say);
  } catch (error) {
    stop(error.message);
  }
}

function isOnPath(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}

/** The npm that started this script where there is one, so that both are of one version. */
function npm() {
  const started = process.env.npm_execpath;
  if (started !== undefined && basename(started) === "npm-cli.js") return [process.execPath, [started]];
  return [process.platform === "win32" ? "npm.cmd" : "npm", []];
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch {
    return undefined;
  }
}

function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function say(words) {
  process.stderr.write(`setup: ${words}\n`);
}

/** EX_UNAVAILABLE: nothing is wrong, but this system cannot have it. On Debian's family as root that would be a fault, not a lack. */
function cannot(sentence) {
  say(sentence);
  process.exit(process.platform === "linux" && process.getuid() === 0 ? 1 : 69);
}

function stop(sentence) {
  say(sentence);
  process.exit(1);
}
