// Makes the extension's package: `npm run package` builds it and writes dist/proviso.vsix; `--built` packages what is built already.
// The same package serves every platform, because nothing in it is compiled for one.

import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vsix = join(root, "dist", "proviso.vsix");

if (!process.argv.includes("--built")) run("esbuild.js", "extension", "webview");
run(
  "node_modules/@vscode/vsce/vsce",
  "package",
  "--no-dependencies",
  "--allow-missing-repository",
  "--no-rewrite-relative-links",
  "--out",
  vsix,
);
process.stdout.write(`package: ${vsix}, ${(statSync(vsix).size / 1e6).toFixed(2)} MB\n`);

function run(program, ...args) {
  const { status, error } = spawnSync(process.execPath, [join(root, program), ...args], { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
