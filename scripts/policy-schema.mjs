// Writes media/policy.schema.json from the zod schema of a policy file: `node scripts/policy-schema.mjs`.
// A test compares the file with the schema, so that neither is changed without the other.

import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = `${root}dist/policy-schema.mjs`;
await build({
  absWorkingDir: root,
  entryPoints: ["src/agent/policy/schema.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
const { policySchema } = await import(pathToFileURL(bundle).href);
rmSync(bundle);
writeFileSync(`${root}media/policy.schema.json`, `${JSON.stringify(policySchema(), null, 2)}\n`);
