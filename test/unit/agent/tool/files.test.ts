import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listFiles, readFile } from "../../../../src/agent/tool/files.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { observed, toolWorld } from "../../../support/tool-world.ts";

const count = (most: number): string => Array.from({ length: most }, (_, at) => `line ${at + 1}\n`).join("");

describe("read_file", () => {
  const folder = tempFolder();
  const read = async (input: object) => observed(readFile, await toolWorld(folder.path), input);

  it("numbers every line", async () => {
    writeFileSync(folder.in("f"), "a\r\n\r\nb");
    const { text, data, trust } = valueOf(await read({ path: "f" }));
    assert.equal(text, "1\ta\n2\t\n3\tb");
    assert.equal(trust, "workspace");
    assert.deepEqual({ ...(data as object), digest: "" }, { path: "f", digest: "", from: 1, to: 3, total: 3 });
  });

  it("shows a range and says where it lies", async () => {
    writeFileSync(folder.in("f"), count(10));
    assert.equal(valueOf(await read({ path: "f", from: 3, to: 4 })).text, "3\tline 3\n4\tline 4\n[lines 3-4 of 10]");
    assert.equal(valueOf(await read({ path: "f", from: 10 })).text, "10\tline 10\n[lines 10-10 of 10]");
    assert.equal(valueOf(await read({ path: "f", from: 9, to: 99 })).text, "9\tline 9\n10\tline 10\n[lines 9-10 of 10]");
  });

  it("says how to read on in a long file, and reading on ends", async () => {
    writeFileSync(folder.in("f"), count(5000));
    let from = 1;
    let seen = 0;
    for (let pages = 1; ; pages++) {
      const lines = valueOf(await read({ path: "f", from })).text.split("\n");
      const last = lines.at(-1) ?? "";
      seen += lines.length - 1;
      const next = /read on with from: (\d+)\]$/.exec(last)?.[1];
      if (next === undefined) {
        assert.equal(last, `[lines ${from}-5000 of 5000]`);
        assert.equal(pages, 3);
        break;
      }
      from = Number(next);
    }
    assert.equal(seen, 5000);
  });

  it("keeps a page of long lines within its cap", async () => {
    writeFileSync(folder.in("f"), `${"x".repeat(5000)}\n`.repeat(500));
    const { text } = valueOf(await read({ path: "f" }));
    assert.ok(text.length < readFile.outputChars);
    assert.match(text, /x \[3000 more characters\]\n/);
    assert.match(text, /\[lines 1-25 of 500; read on with from: 26\]$/);
  });

  it("knows an empty file, and lines that end in a carriage return only", async () => {
    writeFileSync(folder.in("empty"), "");
    writeFileSync(folder.in("old"), "a\rb\r");
    assert.equal(valueOf(await read({ path: "empty" })).text, "empty is empty.");
    assert.equal(valueOf(await read({ path: "old" })).text, "1\ta\n2\tb");
  });

  it("reads UTF-16 and does not show the byte order mark", async () => {
    writeFileSync(folder.in("f"), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("caf\u00e9\n", "utf16le")]));
    assert.equal(valueOf(await read({ path: "f" })).text, "1\tcaf\u00e9");
  });

  it("refuses with what to do instead", async () => {
    writeFileSync(folder.in("f"), "a\n");
    writeFileSync(folder.in("binary"), Uint8Array.of(0x61, 0));
    writeFileSync(folder.in("huge"), "");
    truncateSync(folder.in("huge"), 100_000_000);
    mkdirSync(folder.in("dir"));
    assert.match(faultOf(await read({ path: "f", from: 2 })), /has 1 lines; there is no line 2/);
    assert.match(faultOf(await read({ path: "binary" })), /^invalid: binary: The file is binary/);
    assert.match(faultOf(await read({ path: "huge" })), /^invalid: huge has 100,000,000 bytes.*search in it/);
    assert.match(faultOf(await read({ path: "dir" })), /^invalid: dir is a folder/);
    assert.match(faultOf(await read({ path: "gone" })), /^missing: gone does not exist/);
  });

  it("refuses a range that runs backwards", async () => {
    writeFileSync(folder.in("f"), count(5));
    assert.match(faultOf(await read({ path: "f", from: 4, to: 2 })), /Line 2 comes before line 4/);
  });

  it("calls what lies outside the workspace foreign, a link's target too", async () => {
    const outside = mkdtempSync(join(tmpdir(), "proviso-outside-"));
    writeFileSync(join(outside, "f"), "a\n");
    symlinkSync(join(outside, "f"), folder.in("link"));
    try {
      assert.equal(valueOf(await read({ path: "link" })).trust, "foreign");
      assert.equal(valueOf(await read({ path: join(outside, "f") })).trust, "foreign");
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it("reads the whole output of an earlier command, page by page, without touching a file", async () => {
    const world = await toolWorld(folder.path, { outputs: new Map([["s1.1.1.0", count(3000)]]) });
    assert.match(
      valueOf(await observed(readFile, world, { path: "output:s1.1.1.0" })).text,
      /^1\tline 1\n[^]*\[lines 1-2000 of 3000; read on with from: 2001\]$/,
    );
    assert.match(valueOf(await observed(readFile, world, { path: "output:s1.1.1.0", from: 3000 })).text, /^3000\tline 3000\n/);
    assert.match(faultOf(await observed(readFile, world, { path: "output:none" })), /no longer output of none/);
    assert.deepEqual(readFile.risk({ path: "output:s1.1.1.0" }), { effects: [], paths: [], reversible: true });
    assert.deepEqual(readFile.risk({ path: "../f" }), { effects: ["read"], paths: ["../f"], reversible: true });
  });
});

describe("list_files", () => {
  const folder = tempFolder();
  const list = async (input: object) => observed(listFiles, await toolWorld(folder.path), input);

  it("lists to a depth, folders marked", async () => {
    mkdirSync(folder.in("src", "deep", "er"), { recursive: true });
    writeFileSync(folder.in("a"), "");
    writeFileSync(folder.in("src", "b"), "");
    assert.equal(valueOf(await list({})).text, "a\nsrc/\nsrc/b\nsrc/deep/");
    assert.equal(valueOf(await list({ path: "src", depth: 1 })).text, "src/b\nsrc/deep/");
  });

  it("says when there is more, and when there is nothing", async () => {
    mkdirSync(folder.in("empty"));
    mkdirSync(folder.in("many"));
    for (let at = 0; at < 501; at++) writeFileSync(folder.in("many", `f${at}`), "");
    assert.match(valueOf(await list({ path: "many" })).text, /\[the first 500; there are more, list a folder below\]$/);
    assert.equal(valueOf(await list({ path: "empty" })).text, "empty is empty.");
    assert.match(faultOf(await list({ path: "gone" })), /^missing/);
  });
});
