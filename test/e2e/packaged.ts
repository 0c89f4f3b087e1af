// The extension as it is published, packaged from what is built; made again only when a bundle is newer.

import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/harness.ts";

export function packagedExtension(): string {
  const root = projectRoot();
  const vsix = process.env["PROVISO_VSIX"] ?? join(root, "dist", "proviso.vsix");
  const sources = ["dist/extension.cjs", "dist/webview/main.js", "dist/webview/main.css", "package.json"].map((file) => join(root, file));
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(vsix) && statSync(vsix).mtimeMs > newest) return vsix;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/package.mjs"), "--built"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The extension could not be packaged:\n${stdout}${stderr}`);
  return vsix;
}
