// The tests of test/editor inside a desktop VS Code that is downloaded for them: `npm run test:electron`, for systems the harness does not
// serve. VSCODE_VERSION names another version than the newest.

import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { copySample } from "./sample.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = fileURLToPath(new URL("../dist/in-host/index.js", import.meta.url));
await build({
  absWorkingDir: root,
  entryPoints: ["test/editor/in-host/index.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  external: ["vscode"],
});
const workspace = copySample();
try {
  await runTests({
    version: process.env.VSCODE_VERSION ?? "stable",
    extensionDevelopmentPath: root,
    extensionTestsPath: bundle,
    launchArgs: [workspace, "--disable-extensions", "--disable-workspace-trust"],
  });
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
