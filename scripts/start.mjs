// The editor with the extension, on a fresh copy of the sample workspace: in the desktop's VS Code where its `code` command is, otherwise
// as a server on this machine whose address any browser opens. Nothing is installed into a VS Code of the user's, nothing has to be
// configured, and no network is needed once the packages are there.

import { spawn, spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { copySample } from "./sample.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { port: { type: "string", default: "0" }, server: { type: "boolean", default: false } } });
const workspace = copySample();
say(`a fresh copy of the sample is in ${workspace}`);
const code = values.server ? undefined : desktopCode();
if (code === undefined) await serve();
else openDesktop(code);

function openDesktop(program) {
  const child = spawn(program, ["--new-window", `--extensionDevelopmentPath=${root}`, workspace], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  child.on("exit", (status) => {
    if (status === 0) say("VS Code is opening; the scales at its left are Proviso.");
    process.exitCode = status ?? 1;
  });
}

async function serve() {
  run("scripts/setup.mjs", "server");
  run("scripts/package.mjs", "--built");
  const { installVsix, makeHome, startServer } = await import("../tools/vscode/harness.mjs");
  const home = makeHome({ "workbench.reduceMotion": "auto" });
  installVsix(home.path, join(root, "dist", "proviso.vsix"));
  const server = await startServer({ home: home.path, port: Number(values.port), env: { PROVISO_HOME: join(home.path, "proviso") } });
  say("open this address in a browser; the scales at the left are Proviso. Ctrl+C ends it.");
  process.stdout.write(`${server.address(workspace)}\n`);
  const end = async () => {
    await server.stop();
    home.remove();
    say(`the copy is kept in ${workspace}`);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
}

function run(program, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, program), ...args], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(status ?? 1);
}

/** The desktop's `code`, where it can open a window. */
function desktopCode() {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const names = process.platform === "win32" ? ["code.cmd"] : ["code", "code-insiders", "codium"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function say(words) {
  process.stderr.write(`start: ${words}\n`);
}
