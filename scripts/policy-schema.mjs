// Writes media/policy.schema.json, and the setting of rules in package.json, from the zod schema: `node scripts/policy-schema.mjs`.
// A test compares them with the schema, so that neither is changed without the other.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
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
const { policySchema, settingSchema } = await import(pathToFileURL(bundle).href);
rmSync(bundle);
writeFileSync(`${root}media/policy.schema.json`, `${JSON.stringify(policySchema(), null, 2)}\n`);
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
manifest.contributes.configuration.properties["proviso.policy.rules"] = settingSchema();
writeFileSync(`${root}package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
