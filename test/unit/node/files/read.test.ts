import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, ftruncateSync, mkdirSync, openSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import type { Files } from "../../../../src/agent/world.ts";
import { sha256 } from "../../../../src/node/digest.ts";
import { faultOf, realFiles, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("reading a file", () => {
  const folder = tempFolder();
  const never = new AbortController().signal;
  let files: Files;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    files = await realFiles(folder.in("w"));
  });

  const read = (path: string, maxBytes = 1_000_000) => files.read(path, { maxBytes }, never);

  it("gives its bytes as they are, their digest and its permission bits", async () => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a, 0x00, 0xff]);
    writeFileSync(folder.in("w", "a"), bytes);
    chmodSync(folder.in("w", "a"), 0o751);
    const image = valueOf(await read("a"));
    assert.deepEqual(Buffer.from(image.bytes), bytes);
    assert.equal(image.digest, sha256(bytes));
    assert.equal(image.mode, 0o751);
    assert.equal(valueOf(await read(folder.in("w", "a"))).digest, image.digest);
  });

  it("reads an empty file, one that says it is empty, and one of just the limit", async () => {
    writeFileSync(folder.in("w", "empty"), "");
    writeFileSync(folder.in("w", "full"), "x".repeat(100));
    assert.equal(valueOf(await read("empty")).bytes.length, 0);
    assert.equal(valueOf(await read("full", 100)).bytes.length, 100);
    assert.match(faultOf(await read("full", 99)), /^invalid: full has 100 bytes or more, over the limit of 99; search in it/);
    assert.equal(valueOf(await read("full", Number.POSITIVE_INFINITY)).bytes.length, 100);
    if (process.platform === "linux") {
      const status = `/proc/${process.pid}/status`;
      assert.ok(valueOf(await read(status)).bytes.length > 100);
      assert.match(faultOf(await read(status, 50)), /^invalid: /);
    }
  });

  it("refuses 100 MB without reading them", async () => {
    const file = openSync(folder.in("w", "big"), "w");
    ftruncateSync(file, 100 << 20);
    closeSync(file);
    assert.match(faultOf(await read("big")), /big has 104,857,600 bytes or more/);
  });

  it("refuses folders, pipes and devices at once, without waiting on them", async () => {
    mkdirSync(folder.in("w", "d"));
    execFileSync("mkfifo", [folder.in("w", "pipe")]);
    assert.match(faultOf(await read("d")), /^invalid: d is a folder/);
    assert.match(faultOf(await read("pipe")), /^invalid: pipe is a pipe, socket or device/);
    assert.match(faultOf(await read("/dev/zero")), /^invalid: \/dev\/zero is a pipe, socket or device/);
    assert.match(faultOf(await read("none")), /^missing: none does not exist/);
  });

  it("follows a link that was named, but not one that took the place of what was judged", async () => {
    mkdirSync(folder.in("w", "src"));
    mkdirSync(folder.in("out"));
    writeFileSync(folder.in("w", "src", "a"), "inside");
    writeFileSync(folder.in("out", "a"), "outside");
    symlinkSync("src", folder.in("w", "lib"));
    assert.equal(Buffer.from(valueOf(await read("lib/a")).bytes).toString(), "inside");
    const { real } = valueOf(await files.locate("src/a"));
    renameSync(folder.in("w", "src"), folder.in("w", "old"));
    symlinkSync(folder.in("out"), folder.in("w", "src"));
    assert.match(faultOf(await read(real)), /^stale: .*src\/a is really .*out\/a; use that path, and have it judged anew/);
  });

  it("says when permission is missing", async function () {
    if (process.geteuid?.() !== 0) return this.skip();
    writeFileSync(folder.in("w", "a"), "a", { mode: 0o600 });
    chmodSync(folder.path, 0o755);
    process.seteuid?.(65534);
    try {
      assert.match(faultOf(await read("a")), /^denied: a could not be read: permission denied/);
    } finally {
      process.seteuid?.(0);
    }
  });

  it("rejects with the reason when cancelled", async () => {
    const reason = new Error("enough");
    await assert.rejects(files.read("a", { maxBytes: 1 }, AbortSignal.abort(reason)), reason);
  });
});
