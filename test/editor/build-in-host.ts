// Bundles what runs inside the extension host, when it is about to run there.

import { join } from "node:path";
import { build } from "esbuild";

/** Absolute path of the bundle, below the extension's own folder, where `vscode` can be imported. */
export async function buildInHost(root: string): Promise<string> {
  const outfile = join(root, "dist/in-host/index.js");
  await build({
    absWorkingDir: root,
    entryPoints: ["test/editor/in-host/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    external: ["vscode"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}
