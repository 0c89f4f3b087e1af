import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { Capture, HeadTail } from "../../../../src/node/shell/capture.ts";
import { Spill } from "../../../../src/node/shell/spill.ts";
import { Scratch } from "../../../support/scratch.ts";

const KiB = 1024;

describe("what is kept of an output", () => {
  it("is everything up to 64 KiB", () => {
    const kept = new HeadTail();
    const text = "0123456789abcdef\n".repeat(3855);
    for (let at = 0; at < text.length; at += 1000) kept.push(Buffer.from(text.slice(at, at + 1000)));
    assert.equal(kept.truncated, false);
    assert.equal(kept.text(), text);
  });

  it("is the head, the tail and how much lay between", () => {
    const kept = new HeadTail();
    kept.push(Buffer.from(`FIRST\n${"x\n".repeat(50 * KiB)}LAST\n`));
    const text = kept.text();
    assert.match(text, /^FIRST\n/);
    assert.match(text, /LAST\n$/);
    assert.match(text, new RegExp(`\\[\\.\\.\\. ${100 * KiB + 11 - 64 * KiB} bytes omitted \\.\\.\\.\\]`));
    assert.ok(text.length < 65 * KiB);
  });

  it("is the same however the bytes were cut", () => {
    const all = Buffer.from("zeile äöü 🙂\n".repeat(10_000));
    const texts = [7, 4096, 65_536, all.length].map((size) => {
      const kept = new HeadTail();
      for (let at = 0; at < all.length; at += size) kept.push(all.subarray(at, at + size));
      return kept.text();
    });
    assert.doesNotMatch(texts[0] ?? "", /\ufffd/);
    assert.equal(new Set(texts.map((text) => text.slice(-40 * KiB))).size, 1);
  });

  it("cuts very long lines in the middle", () => {
    const kept = new HeadTail();
    kept.push(Buffer.from(`short\n${"x".repeat(10_000)}END\n`));
    assert.match(kept.text(), /^short\nx{1500}\[\.\.\. 8203 characters \.\.\.\]x{297}END\n$/);
  });
});

describe("the capture of a command", () => {
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
  });
  afterEach(() => scratch.remove());

  it("keeps both streams apart and together, in order of arrival", () => {
    const capture = new Capture(undefined, undefined);
    capture.push("stdout", Buffer.from("one\n"));
    capture.push("stderr", Buffer.from("two\n"));
    capture.push("stdout", Buffer.from("three\n"));
    capture.end();
    assert.deepEqual([capture.both.text(), capture.stdout.text(), capture.stderr.text()], ["one\ntwo\nthree\n", "one\nthree\n", "two\n"]);
  });

  it("writes no file while it can keep everything", () => {
    const spill = new Spill(scratch.at("out.txt"), 1e6);
    const capture = new Capture(spill, undefined);
    capture.push("stdout", Buffer.alloc(60 * KiB, "x"));
    capture.end();
    assert.equal(spill.used, false);
    assert.equal(existsSync(scratch.at("out.txt")), false);
  });

  it("has the whole output in a file once it cannot", () => {
    const spill = new Spill(scratch.at("deep", "out.txt"), 1e6);
    const capture = new Capture(spill, undefined);
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) capture.push("stdout", Buffer.from(line));
    capture.end();
    spill.close();
    assert.equal(readFileSync(spill.path, "utf8"), lines.join(""));
  });

  it("stops the file at its bound", () => {
    const spill = new Spill(scratch.at("out.txt"), 100 * KiB);
    const capture = new Capture(spill, undefined);
    capture.push("stdout", Buffer.alloc(300 * KiB, "x"));
    capture.end();
    spill.close();
    assert.equal(readFileSync(spill.path).length, 100 * KiB);
  });

  it("goes on where the file cannot be written", () => {
    const spill = new Spill(scratch.with({ blocked: "a file" }).at("blocked", "out.txt"), 1e6);
    const capture = new Capture(spill, undefined);
    capture.push("stdout", Buffer.alloc(100 * KiB, "x"));
    capture.end();
    assert.equal(spill.used, false);
    assert.equal(capture.both.truncated, true);
  });

  it("hands on clean text as it comes", () => {
    const heard: string[] = [];
    const capture = new Capture(undefined, (text, stream) => heard.push(`${stream}: ${text}`));
    capture.push("stderr", Buffer.from("\x1b[31mred"));
    capture.push("stdout", Buffer.from("\x1b]0;title\x07"));
    assert.deepEqual(heard, ["stderr: red"]);
  });
});
