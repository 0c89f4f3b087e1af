import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import fc from "fast-check";
import type { Files } from "../../../../src/agent/world.ts";
import { sha256 } from "../../../../src/node/digest.ts";
import { startChild } from "../../../support/child.ts";
import { faultOf, realFiles, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("swapping a file", () => {
  const folder = tempFolder();
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const at = (path: string): string => folder.in("w", path);
  const content = (path: string): string => readFileSync(at(path), "utf8");
  let files: Files;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    files = await realFiles(folder.in("w"));
  });

  const swap = (path: string, before: string | null, after: string | null, mode?: number) =>
    files.swap(path, before === null ? null : sha256(before), after === null ? null : bytes(after), mode);

  it("creates, replaces and deletes, and leaves nothing else in the folder", async () => {
    valueOf(await swap("a", null, "one"));
    assert.equal(content("a"), "one");
    valueOf(await swap("a", "one", "two"));
    assert.equal(content("a"), "two");
    valueOf(await swap("a", "two", ""));
    assert.equal(content("a"), "");
    valueOf(await swap("a", "", null));
    assert.deepEqual(readdirSync(at("")), []);
    valueOf(await swap("a", null, null));
  });

  it("touches nothing when the file does not hold what it should", async () => {
    writeFileSync(at("a"), "mine");
    const seen = statSync(at("a"), { bigint: true });
    assert.match(
      faultOf(await swap("a", "other", "x")),
      /^stale: a holds something else than what this change was made for; read it again/,
    );
    assert.match(faultOf(await swap("a", null, "x")), /^stale: a holds something else/);
    assert.match(faultOf(await swap("a", "other", null)), /^stale: /);
    assert.match(faultOf(await swap("b", "gone", "x")), /^stale: b does not exist any more/);
    assert.match(faultOf(await swap("none/b", "gone", null)), /^stale: none\/b does not exist any more/);
    assert.deepEqual(statSync(at("a"), { bigint: true }).ctimeNs, seen.ctimeNs);
    assert.deepEqual(readdirSync(at("")), ["a"]);
  });

  it("does not rewrite a file that already holds the new content", async () => {
    writeFileSync(at("a"), "same");
    const { ino } = statSync(at("a"));
    valueOf(await swap("a", "same", "same"));
    assert.equal(statSync(at("a")).ino, ino);
  });

  it("makes the folders of a new file, and never removes them again", async () => {
    valueOf(await swap("x/y/z", null, "deep"));
    valueOf(await swap("x/y/z", "deep", null));
    assert.ok(existsSync(at("x/y")));
  });

  it("keeps the permission bits of a file, and gives a new one those asked for or the usual ones", async () => {
    const umask = process.umask(0o027);
    try {
      writeFileSync(at("tool"), "#!/bin/sh");
      chmodSync(at("tool"), 0o4711);
      valueOf(await swap("tool", "#!/bin/sh", "#!/bin/bash", 0o600));
      assert.equal(statSync(at("tool")).mode & 0o7777, 0o4711);
      valueOf(await swap("new", null, "x"));
      assert.equal(statSync(at("new")).mode & 0o7777, 0o640);
      valueOf(await swap("exact", null, "x", 0o777));
      assert.equal(statSync(at("exact")).mode & 0o7777, 0o777);
    } finally {
      process.umask(umask);
    }
  });

  it("keeps the owner of a file where it may", async function () {
    if (process.geteuid?.() !== 0) return this.skip();
    writeFileSync(at("a"), "theirs");
    chownSync(at("a"), 1234, 4321);
    valueOf(await swap("a", "theirs", "changed"));
    const { uid, gid } = statSync(at("a"));
    assert.deepEqual([uid, gid], [1234, 4321]);
  });

  it("writes through a link that was named to its real target, and keeps the link", async () => {
    writeFileSync(at("target"), "one");
    symlinkSync("target", at("link"));
    valueOf(await swap("link", "one", "two"));
    assert.ok(lstatSync(at("link")).isSymbolicLink());
    assert.equal(content("target"), "two");
    symlinkSync("fresh", at("dangling"));
    valueOf(await swap("dangling", null, "made"));
    assert.ok(lstatSync(at("dangling")).isSymbolicLink());
    assert.equal(content("fresh"), "made");
  });

  it("leaves the other names of a hard-linked file as they were, for they may be another project's", async () => {
    writeFileSync(at("a"), "shared");
    linkSync(at("a"), folder.in("store"));
    valueOf(await swap("a", "shared", "mine"));
    assert.equal(readFileSync(folder.in("store"), "utf8"), "shared");
  });

  it("refuses what is read-only, a folder, a pipe and the workspace itself", async () => {
    writeFileSync(at("locked"), "x", { mode: 0o444 });
    mkdirSync(at("d"));
    execFileSync("mkfifo", [at("pipe")]);
    assert.match(faultOf(await swap("locked", "x", "y")), /^denied: locked is read-only; make it writable first/);
    assert.match(faultOf(await swap("locked", "x", null)), /^denied: locked is read-only/);
    assert.match(faultOf(await swap("d", null, "y")), /^invalid: d is a folder/);
    assert.match(faultOf(await swap("pipe", null, "y")), /^invalid: pipe is a pipe/);
    assert.match(faultOf(await swap(".", null, null)), /^invalid: \. is a folder/);
    assert.equal(content("locked"), "x");
  });

  it("says when the folder may not be written, and leaves nothing in it", async function () {
    if (process.geteuid?.() !== 0) return this.skip();
    writeFileSync(at("a"), "x", { mode: 0o666 });
    for (const path of [folder.path, at("")]) chmodSync(path, 0o755);
    chmodSync(at("a"), 0o666);
    process.seteuid?.(65534);
    try {
      assert.match(faultOf(await swap("a", "x", "y")), /^denied: a could not be written: permission denied/);
      assert.match(faultOf(await swap("b/c", null, "y")), /^denied: b\/c could not be written/);
      assert.match(faultOf(await swap("a", "x", null)), /^denied: a could not be deleted/);
    } finally {
      process.seteuid?.(0);
    }
    assert.deepEqual(readdirSync(at("")), ["a"]);
  });

  it("leaves the old content and no other file on a full disk", async function () {
    const tiny = at("tiny");
    mkdirSync(tiny);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "proviso-test", tiny], { stdio: "ignore" });
    } catch {
      console.warn("      no tmpfs can be mounted here, so a full disk is not tested");
      return this.skip();
    }
    try {
      writeFileSync(at("tiny/a"), "old");
      assert.match(
        faultOf(await swap("tiny/a", "old", "x".repeat(200_000))),
        /^unavailable: tiny\/a could not be written: no space left on device; free some/,
      );
      assert.match(faultOf(await swap("tiny/b", null, "x".repeat(200_000))), /^unavailable: /);
      assert.equal(content("tiny/a"), "old");
      assert.deepEqual(readdirSync(tiny), ["a"]);
    } finally {
      execFileSync("umount", [tiny]);
    }
  });

  it("does not write where a link now leads that took the place of a folder after it was judged", async () => {
    mkdirSync(at("src"));
    mkdirSync(folder.in("out"));
    const { real } = valueOf(await files.locate("src/a"));
    renameSync(at("src"), at("old"));
    symlinkSync(folder.in("out"), at("src"));
    assert.match(faultOf(await swap(real, null, "x")), /^stale: .*src\/a is really .*out\/a/);
    assert.deepEqual(readdirSync(folder.in("out")), []);
  });

  it("never writes outside while links and folders are exchanged under it", async function () {
    if (process.platform !== "linux") return this.skip();
    this.timeout(20_000);
    mkdirSync(at("src"));
    mkdirSync(folder.in("out"));
    symlinkSync(folder.in("out"), at("door"));
    writeFileSync(at("src/a"), "0");
    const child = await startChild("exchange-main", [at("src"), at("door"), at("spare")]);
    let done = 0;
    try {
      assert.equal(await child.line(), "exchanging");
      for (let round = 0; round < 300; round++) {
        // What lies outside holds just what the swap hopes to find inside.
        const believed = String(done);
        writeFileSync(folder.in("out", "a"), believed);
        if ((await swap(at("src/a"), believed, String(done + 1))).ok) done++;
        assert.equal(readFileSync(folder.in("out", "a"), "utf8"), believed);
        assert.deepEqual(readdirSync(folder.in("out")), ["a"]);
      }
    } finally {
      await child.kill();
    }
    assert.ok(done > 0, "not one swap was done");
  });

  it("lets one of many racing swaps win, whatever they do", async () => {
    for (let round = 0; round < 20; round++) {
      writeFileSync(at("a"), "start");
      const results = await Promise.all([
        swap("a", "start", "one"),
        swap("a", "start", "two"),
        swap(at("a"), "start", "three"),
        swap("a", "start", null),
      ]);
      assert.equal(results.filter((result) => result.ok).length, 1);
      const created = await Promise.all([swap(`new${round}`, null, "one"), swap(`new${round}`, null, "two")]);
      assert.equal(created.filter((result) => result.ok).length, 1);
    }
  });

  it("sweeps up what a killed process left in the folder, and nothing of a living one", async () => {
    writeFileSync(at(".proviso-4194303-1.tmp"), "left");
    writeFileSync(at(`.proviso-${process.pid}-999.tmp`), "in use");
    writeFileSync(at(".proviso.tmp"), "someone else's");
    valueOf(await swap("a", null, "x"));
    assert.deepEqual(readdirSync(at("")).sort(), [".proviso.tmp", `.proviso-${process.pid}-999.tmp`, "a"].sort());
  });

  it("does the same to the disk as to a map, whatever the order of swaps", async function () {
    this.timeout(20_000);
    const path = fc.constantFrom("a", "b", "d/a", "d/e/f");
    const state = fc.constantFrom(null, "", "one", "two\n");
    const operation = fc.record({ path, before: state, after: state, stale: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        rmSync(at(""), { recursive: true });
        mkdirSync(at(""));
        const model = new Map<string, string>();
        for (const { path: name, before, after, stale } of operations) {
          const now = model.get(name) ?? null;
          const believed = stale ? before : now;
          const result = await swap(name, believed, after);
          assert.equal(result.ok, believed === now, `${name}: ${believed} to ${after}`);
          if (!result.ok) continue;
          if (after === null) model.delete(name);
          else model.set(name, after);
        }
        const listing = valueOf(await files.list(".", { depth: 9, limit: 99 }, new AbortController().signal));
        const found = listing.entries.filter((entry) => !entry.endsWith("/"));
        assert.deepEqual(new Map(found.map((name) => [name, content(name)])), model);
      }),
      { numRuns: 40 },
    );
  });
});
