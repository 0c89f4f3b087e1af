// Going back in a workspace of 50,000 files: what a command did to a few of them is found and put back, and no other is written.

import { strict as assert } from "node:assert";
import { appendFileSync, chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { restoreTouches, unwind } from "../../src/agent/unwind.ts";
import { createBlobs } from "../../src/node/blobs.ts";
import { sha256 } from "../../src/node/digest.ts";
import { FileLookout } from "../../src/node/lookout.ts";
import { realFiles } from "../support/real-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const never = new AbortController().signal;
const folders = 500;
const inEach = 100;

describe("restoring among 50,000 files", () => {
  const folder = tempFolder();
  const nameOf = (nth: number): string => `d${Math.floor(nth / inEach)}/f${nth % inEach}.js`;

  function workspace(): string {
    const root = folder.in("w");
    for (let nth = 0; nth < folders; nth++) mkdirSync(join(root, `d${nth}`), { recursive: true });
    for (let nth = 0; nth < folders * inEach; nth++) writeFileSync(join(root, nameOf(nth)), `export const n = ${nth};\n`);
    return root;
  }

  /** Each file by what would change if anybody wrote it, be it the same bytes. */
  function seen(root: string): Map<string, string> {
    const found = new Map<string, string>();
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      const stats = lstatSync(join(root, name));
      if (!stats.isDirectory()) found.set(name, `${stats.ino} ${stats.mtimeMs} ${stats.size} ${stats.mode}`);
    }
    return found;
  }

  async function during(root: string, act: () => void) {
    // All the bounds of a real run but that of time, which a busy machine would decide.
    const lookout = new FileLookout({ root, shelf: folder.in("shelf"), blobs: createBlobs(folder.in("blobs")), bounds: { ms: 240_000 } });
    try {
      const watch = await lookout.watch(never);
      act();
      return await watch.ended();
    } finally {
      lookout.close();
    }
  }

  it("puts back what a command changed, deleted, created and gave other permissions, writes no other file, and names what it did not keep", async () => {
    const root = workspace();
    const before = seen(root);
    assert.equal(before.size, folders * inEach);
    const edited = Array.from({ length: 40 }, (_, at) => nameOf(at * 1237));
    const few = await during(root, () => {
      for (const path of edited) appendFileSync(join(root, path), "// by a command\n");
      rmSync(join(root, "d499"), { recursive: true });
      chmodSync(join(root, "d7/f7.js"), 0o755);
      writeFileSync(join(root, "d3/new.js"), "new\n");
    });
    const gone = Array.from({ length: inEach }, (_, at) => `d499/f${at}.js`);
    const touched = new Set([...edited, ...gone, "d7/f7.js", "d3/new.js"]);
    assert.deepEqual(few.unkept, []);
    assert.deepEqual(new Set(few.changed.map(({ shown }) => shown)), touched);

    const world = { files: await realFiles(root), blobs: createBlobs(folder.in("blobs")), digest: sha256 };
    const plan = await unwind(world, few.changed, never);
    const { kept } = await restoreTouches(world, plan.touches);
    assert.deepEqual([...plan.kept, ...kept], []);
    const after = seen(root);
    assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
    for (const [path, was] of before) if (!touched.has(path)) assert.equal(after.get(path), was, `${path} was written`);
    for (let nth = 0; nth < folders * inEach; nth++)
      assert.equal(readFileSync(join(root, nameOf(nth)), "utf8"), `export const n = ${nth};\n`);
    assert.deepEqual(
      [statSync(join(root, "d7/f7.js")).mode, statSync(join(root, "d7/f8.js")).mode].map((mode) => mode & 0o111),
      [0, 0],
    );

    // A command that rewrites more than is kept: so many go back, and the others are counted.
    const many = await during(root, () => {
      for (let nth = 0; nth < 2500; nth++) appendFileSync(join(root, nameOf(nth)), "// formatted\n");
    });
    assert.equal(many.changed.length, 2000);
    assert.equal(many.unkept.filter(({ why }) => why === "The command changed more than 2000 files.").length, 100);
    assert.deepEqual(many.unkept.at(-1), { shown: ".", why: "400 more files changed that are not named here." });
    const back = await unwind(world, many.changed, never);
    await restoreTouches(world, back.touches);
    const formatted = Array.from({ length: 2500 }, (_, nth) => readFileSync(join(root, nameOf(nth)), "utf8")).filter((text) =>
      text.includes("formatted"),
    );
    assert.equal(formatted.length, 500);
  });
});
