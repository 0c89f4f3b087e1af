import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Files, Listing } from "../../../../src/agent/world.ts";
import { faultOf, realFiles, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("listing a folder", () => {
  const folder = tempFolder();
  const never = new AbortController().signal;
  let files: Files;

  function plant(tree: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(folder.in("w", path)), { recursive: true });
      writeFileSync(folder.in("w", path), text);
    }
  }

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    files = await realFiles(folder.in("w"));
  });

  const list = async (path = ".", depth = 9, limit = 100): Promise<Listing> => valueOf(await files.list(path, { depth, limit }, never));

  it("gives what is below, in order, so deep and so many as asked", async () => {
    plant({ "b.ts": "", "a/x.ts": "", "a/sub/y.ts": "", ".hidden": "" });
    assert.deepEqual((await list()).entries, [".hidden", "a/", "a/sub/", "a/sub/y.ts", "a/x.ts", "b.ts"]);
    assert.deepEqual((await list(".", 1)).entries, [".hidden", "a/", "b.ts"]);
    assert.deepEqual((await list("a", 1)).entries, ["a/sub/", "a/x.ts"]);
    assert.deepEqual(await list(".", 9, 6), { entries: [".hidden", "a/", "a/sub/", "a/sub/y.ts", "a/x.ts", "b.ts"], truncated: false });
  });

  it("shows the upper levels first when there is too much", async () => {
    plant({ "a/1": "", "a/2": "", "z.ts": "" });
    assert.deepEqual(await list(".", 9, 2), { entries: ["a/", "z.ts"], truncated: true });
  });

  it("passes over what is ignored at any level, and .git and node_modules always", async () => {
    plant({
      ".gitignore": "*.log\n/build/\n!keep.log\n# comment\n",
      ".git/config": "",
      ".git/info/exclude": "private\n",
      "node_modules/x/index.js": "",
      "packages/p/node_modules/y.js": "",
      "packages/p/.gitignore": "local\n!special.log\n",
      "packages/p/local": "",
      "packages/p/special.log": "",
      "packages/p/other.log": "",
      "build/out.js": "",
      "src/build/kept.js": "",
      "keep.log": "",
      "a.log": "",
      private: "",
      ".ignore": "!a.log\n",
    });
    assert.deepEqual((await list()).entries, [
      ".gitignore",
      ".ignore",
      "a.log",
      "keep.log",
      "packages/",
      "packages/p/",
      "packages/p/.gitignore",
      "packages/p/special.log",
      "src/",
      "src/build/",
      "src/build/kept.js",
    ]);
    assert.deepEqual((await list("packages/p")).entries, ["packages/p/.gitignore", "packages/p/special.log"]);
  });

  it("shows what is in an ignored folder that is named outright", async () => {
    plant({ ".gitignore": "dist/\n", "dist/a.js": "", "node_modules/x/a.js": "", "node_modules/x/node_modules/y/b.js": "" });
    assert.deepEqual((await list("dist")).entries, ["dist/a.js"]);
    assert.deepEqual((await list("node_modules/x")).entries, ["node_modules/x/a.js"]);
  });

  it("does not follow links, so it ends and stays inside", async () => {
    plant({ "a/x": "" });
    symlinkSync("..", folder.in("w", "a", "up"));
    symlinkSync("/etc", folder.in("w", "etc"));
    assert.deepEqual((await list()).entries, ["a/", "a/up", "a/x", "etc"]);
  });

  it("lists a folder outside by absolute paths", async () => {
    mkdirSync(folder.in("out"));
    writeFileSync(folder.in("out", "f"), "");
    assert.deepEqual((await list("../out")).entries, [folder.in("out", "f")]);
  });

  it("tells of a folder that may not be read and goes on", async function () {
    if (process.geteuid?.() !== 0) return this.skip();
    plant({ "closed/x": "", "open/y": "" });
    chmodSync(folder.path, 0o755);
    chmodSync(folder.in("w", "closed"), 0o700);
    process.seteuid?.(65534);
    try {
      assert.deepEqual((await list()).entries, ["closed/", "open/", "open/y"]);
    } finally {
      process.seteuid?.(0);
    }
  });

  it("is a fault for a file, for nothing, and rejects when cancelled", async () => {
    plant({ f: "" });
    assert.match(faultOf(await files.list("f", { depth: 1, limit: 1 }, never)), /^invalid: f is not a folder; read it instead/);
    assert.match(faultOf(await files.list("g", { depth: 1, limit: 1 }, never)), /^missing: g does not exist/);
    const reason = new Error("enough");
    await assert.rejects(files.list(".", { depth: 1, limit: 1 }, AbortSignal.abort(reason)), reason);
  });
});
