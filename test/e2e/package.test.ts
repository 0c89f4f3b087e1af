// What is published: exactly these files, none of them larger than it may be.

import { strict as assert } from "node:assert";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/harness.ts";
import { packagedExtension } from "./packaged.ts";

const expected = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/changelog.md",
  "extension/dist/extension-*.js",
  "extension/dist/extension.cjs",
  "extension/dist/grammar/tree-sitter-javascript.wasm",
  "extension/dist/grammar/tree-sitter-python.wasm",
  "extension/dist/grammar/tree-sitter-tsx.wasm",
  "extension/dist/grammar/tree-sitter-typescript.wasm",
  "extension/dist/grammar/tree-sitter.cjs",
  "extension/dist/grammar/tree-sitter.wasm",
  "extension/dist/webview/codicon.ttf",
  "extension/dist/webview/main.css",
  "extension/dist/webview/main.js",
  "extension/media/grammar/*.json",
  "extension/media/icon.png",
  "extension/media/icon.svg",
  "extension/media/policy.schema.json",
  "extension/media/walkthrough/approve.md",
  "extension/media/walkthrough/ask.md",
  "extension/media/walkthrough/model.md",
  "extension/media/walkthrough/plan.md",
  "extension/package.json",
  "extension/readme.md",
];

describe("the package", () => {
  const dist = (...names: readonly string[]): string => join(projectRoot(), "dist", ...names);

  it("holds what it must and nothing else", () => {
    const names = zipNames(readFileSync(packagedExtension())).map((name) =>
      name.replace(/extension-[\w-]+\.js$/, "extension-*.js").replace(/media\/grammar\/\w+\.json$/, "media/grammar/*.json"),
    );
    assert.deepEqual([...new Set(names)].sort(), expected);
  });

  it("is below four megabytes", () => {
    assert.ok(statSync(packagedExtension()).size < 4_000_000);
  });

  it("loads one script of less than 20 kB when a window opens", () => {
    const { size } = statSync(dist("extension.cjs"));
    assert.ok(size < 20_000, `${size} bytes`);
    const required = [...readFileSync(dist("extension.cjs"), "utf8").matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    assert.deepEqual([...new Set(required)].sort(), ["node:crypto", "vscode"]);
  });

  it("loads less than 250 kB more when the chat is shown", () => {
    const bytes = [...staticallyLoaded(dist("extension-desk.js"))].reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(bytes < 250_000, `${bytes} bytes`);
  });

  it("shows the chat with less than 250 kB of script", () => {
    const { size } = statSync(dist("webview", "main.js"));
    assert.ok(size < 250_000, `${size} bytes`);
  });
});

/** The file and every chunk it imports before it runs. */
function staticallyLoaded(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file) || !existsSync(file)) return known;
  known.add(file);
  for (const [, chunk = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import)"\.\/(extension-[A-Z0-9]{8}\.js)"/g))
    staticallyLoaded(join(file, "..", chunk), known);
  return known;
}

/** The names in a zip file's central directory. */
function zipNames(zip: Buffer): readonly string[] {
  const end = zip.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  const count = zip.readUInt16LE(end + 10);
  const names: string[] = [];
  for (let i = 0, at = zip.readUInt32LE(end + 16); i < count; i++) {
    const [name, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    names.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
