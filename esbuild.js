// Builds what the project ships and what its tests run: `node esbuild.js [target…]`, all targets by default but those that one bench alone needs.
// Types are not its business (`tsc --noEmit`), nor is anything outside dist/. A target whose entry has not been written yet is
// named and skipped; naming it on the command line makes that an error.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));

// Bundled CommonJS packages call require for Node's own modules, which an ES module does not have.
const requireBanner = `import { createRequire as proviso_createRequire } from "node:module"; const require = proviso_createRequire(import.meta.url);`;

/** @type {import("esbuild").BuildOptions} */
const common = { absWorkingDir: root, bundle: true, sourcemap: true, legalComments: "none", logLevel: "warning" };

/**
 * The secret detector looks into certificate stores with a library of 900 kB that is never reached: it is given text only.
 * @type {import("esbuild").Plugin}
 */
const withoutCertificateStores = {
  name: "without-certificate-stores",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/index-/ }, ({ importer, kind }) =>
      kind === "dynamic-import" && importer.includes("secretlint-rule-preset-recommend") ? { path: "none", namespace: "none" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "export {}" }));
  },
};

/** @type {import("esbuild").BuildOptions} */
const node = {
  ...common,
  plugins: [withoutCertificateStores],
  platform: "node",
  target: "node20",
  format: "esm",
  mainFields: ["module", "main"],
  splitting: true,
  outdir: "dist",
};

/**
 * A host is an ES module with its heavy libraries (whatever the source imports dynamically) in chunks beside it, flat, so that
 * `import.meta.url` means dist/ wherever a line ends up. Minified because parsing is part of the start.
 * @param {string} name
 * @param {string} entry
 * @param {import("esbuild").BuildOptions} options
 */
function host(name, entry, options) {
  return {
    entries: () => (existsSync(join(root, entry)) ? [entry] : []),
    missing: entry,
    clean: () => removeFromDist((file) => new RegExp(`^${name}(-[A-Z0-9]{8})?\\.js(\\.map)?$`).test(file)),
    options: () => ({ ...node, entryPoints: { [name]: entry }, chunkNames: `${name}-[hash]`, minify: true, ...options }),
    after: copyGrammars,
  };
}

/**
 * One file for each TypeScript file, at the same place under dist/, sharing chunks; packages stay in node_modules.
 * @param {string} folder
 * @param {string} ending
 */
function mirrored(folder, ending) {
  const entries = () => filesBelow(folder).filter((file) => file.endsWith(ending) && !file.includes(`${sep}fixtures${sep}`));
  return {
    entries,
    missing: `${folder}/**/*${ending}`,
    clean: () => rmSync(join(root, "dist", folder), { recursive: true, force: true }),
    options: () => ({ ...node, entryPoints: entries(), outbase: root, chunkNames: `${folder}/chunk-[hash]`, packages: "external" }),
    after: () => {},
  };
}

// The openai package asks for fetch and Headers at import; the light ones cost 20 ms less of every start.
const lightWeb = "src/node/openai/light-web.ts";

const targets = {
  cli: {
    ...host("cli", "src/cli/launch.ts", {
      banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
      inject: [lightWeb],
    }),
    clean: () => removeFromDist((file) => /^cli(-[A-Z0-9]{8}|-main.*)?\.(js|cjs|bin)(\.map)?$/.test(file)),
    after: compileCli,
  },
  extension: {
    ...host("extension", "src/vscode/extension.ts", { banner: { js: requireBanner }, external: ["vscode"] }),
    clean: () => removeFromDist((file) => /^extension(-[\w-]+)?\.c?js(\.map)?$/.test(file)),
    options: async () => ({
      ...node,
      entryPoints: await startOfExtension(),
      chunkNames: "extension-[hash]",
      minify: true,
      banner: { js: requireBanner },
      external: ["vscode"],
    }),
  },
  webview: {
    entries: () => ["src/webview/main.tsx"].filter((entry) => existsSync(join(root, entry))),
    missing: "src/webview/main.tsx",
    clean: () => rmSync(join(root, "dist/webview"), { recursive: true, force: true }),
    options: () => ({
      ...common,
      entryPoints: { main: "src/webview/main.tsx" },
      outdir: "dist/webview",
      platform: "browser",
      target: "es2022",
      format: "iife",
      minify: true,
      jsx: "automatic",
      jsxImportSource: "preact",
      loader: { ".ttf": "file" },
      assetNames: "[name]",
    }),
    after: () => {},
  },
  tests: mirrored("test", ".test.ts"),
  bench: mirrored("bench", ".bench.ts"),
  peers: {
    ...host("peers", "bench/peers/proviso.ts", { banner: { js: requireBanner } }),
    onDemand: true,
    after: () =>
      build({
        ...node,
        entryPoints: ["langgraph", "ai-sdk", "openai-agents"].map((name) => `bench/peers/${name}.mjs`),
        outdir: "dist/bench/peers",
        outExtension: { ".js": ".mjs" },
        splitting: false,
        packages: "external",
      }),
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in targets));
if (unknown.length > 0) stop(`there is no target ${unknown.join(" or ")}; there are ${Object.keys(targets).join(", ")}.`);
for (const [name, target] of Object.entries(targets)) {
  if (asked.length === 0 ? !("onDemand" in target) : asked.includes(name)) await make(name, target);
}

/**
 * @param {string} name
 * @param {typeof targets[keyof typeof targets]} target
 */
async function make(name, target) {
  const entries = target.entries();
  if (entries.length === 0) {
    if (asked.includes(name)) stop(`${name} cannot be built: ${target.missing} does not exist.`);
    say(`${name} skipped, ${target.missing} does not exist yet`);
    return;
  }
  const started = performance.now();
  target.clean();
  await Promise.resolve(target.options())
    .then(build)
    .catch(() => stop(`${name} does not build; the errors above say where.`));
  await target.after();
  say(`${name} (${entries.length === 1 ? entries[0] : `${entries.length} files`}) in ${Math.round(performance.now() - started)} ms`);
}

/**
 * What VS Code loads when a window opens: one small script. What it imports dynamically are ES modules beside it, named by the answer: the
 * entries of the other build. A script, because it is loaded in one go; a module waits at each of its imports for whatever else the
 * starting window is doing (decision 51).
 */
async function startOfExtension() {
  /** @type {Record<string, string>} */
  const doors = {};
  await build({
    ...common,
    platform: "node",
    target: "node20",
    entryPoints: { extension: "src/vscode/extension.ts" },
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    minify: true,
    external: ["vscode"],
    plugins: [
      {
        name: "doors",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
            if (kind !== "dynamic-import") return undefined;
            const name = `extension-${basename(path, ".ts")}`;
            doors[name] = join(resolveDir, path);
            return { path: `./${name}.js`, external: true };
          }),
      },
    ],
  });
  return doors;
}

/** The command line a second time, as the one script that scripts/compile-cli.mjs can compile beforehand: launch.ts says why. */
async function compileCli() {
  copyGrammars();
  await build({
    ...node,
    entryPoints: { "cli-main": "src/cli/main.ts" },
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    splitting: false,
    minify: true,
    inject: [lightWeb],
    banner: { js: 'const proviso_url = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "proviso_url" },
    supported: { "dynamic-import": false },
  });
  const { status } = spawnSync(process.execPath, [join(root, "scripts/compile-cli.mjs")], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) say("cli could not be compiled beforehand, so it starts a little slower");
}

/** Tree-sitter's runtime finds its wasm beside itself and so is an asset too; .cjs because dist/ is a folder of ES modules. */
function copyGrammars() {
  const from = join(root, "node_modules/@vscode/tree-sitter-wasm/wasm");
  const to = join(root, "dist/grammar");
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, "tree-sitter.js"), join(to, "tree-sitter.cjs"));
  for (const part of ["", "-javascript", "-typescript", "-tsx", "-python"]) {
    copyFileSync(join(from, `tree-sitter${part}.wasm`), join(to, `tree-sitter${part}.wasm`));
  }
}

/** @param {string} folder */
function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

/** @param {(file: string) => boolean} chosen */
function removeFromDist(chosen) {
  if (!existsSync(join(root, "dist"))) return;
  for (const file of readdirSync(join(root, "dist")).filter(chosen)) rmSync(join(root, "dist", file));
}

/** @param {string} words */
function say(words) {
  process.stderr.write(`build: ${words}\n`);
}

/** @param {string} sentence */
function stop(sentence) {
  say(sentence);
  process.exit(1);
}
