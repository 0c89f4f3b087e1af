import { strict as assert } from "node:assert";
import { mkdtemp, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { edit } from "../../../src/cli/edit.ts";
import { tempFolder } from "../../support/temp-folder.ts";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class Collect extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function runIn(cwd: string, args: readonly string[], stdin: readonly (string | Buffer)[]): Promise<Run> {
  const out = new Collect();
  const err = new Collect();
  const io = {
    stdin: Readable.from(
      stdin.map((part) => Buffer.from(part)),
      { objectMode: false },
    ),
    stdout: out,
    stderr: err,
    cwd,
    env: {},
  };
  const code = await edit(args, io, new AbortController().signal);
  return { code, out: out.text, err: err.text };
}

const json = ({ out }: Run): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
/** A folder of its own for each test, and the command run in it. */
function scene() {
  const folder = tempFolder();
  return {
    folder,
    run: (args: readonly string[], stdin: readonly (string | Buffer)[] = []) => runIn(folder.path, args, stdin),
    write: (name: string, text: string | Uint8Array) => writeFile(folder.in(name), text),
    read: (name: string) => readFile(folder.in(name), "utf8"),
  };
}

const blocks = (...all: readonly object[]): string => JSON.stringify(all);

describe("proviso edit FILE --blocks", () => {
  const { folder, run, write, read } = scene();

  it("writes the file and answers its text", async () => {
    await write("f", "a\nb\n");
    const result = await run(["f", "--blocks", blocks({ search: "b", replace: "c" })]);
    assert.equal(result.code, 0);
    const { matched, ...answer } = json(result);
    assert.deepEqual(answer, { ok: true, text: "a\nc\n", applied: 1, failed: [], written: true });
    assert.deepEqual(matched, [{ index: 0, tier: "exact", confidence: 1, places: [{ from: 2, to: 2 }] }]);
    assert.equal(await read("f"), "a\nc\n");
  });

  it("writes nothing when one block fails, and shows what the others would do", async () => {
    await write("f", "alpha();\nbeta();\n");
    const result = await run(["f", "--blocks", blocks({ search: "alpha", replace: "first" }, { search: "beta(1);", replace: "x" })]);
    assert.equal(result.code, 1);
    const { ok, text, applied, failed } = json(result);
    assert.deepEqual({ ok, text, applied }, { ok: false, text: "first();\nbeta();\n", applied: 1 });
    assert.match(JSON.stringify(failed), /"index":1,"reason":"The search text is not in the file.*"nearest":"beta\(\);","lines":\[2,2\]/);
    assert.equal(await read("f"), "alpha();\nbeta();\n");
  });

  it("writes nothing on a dry run", async () => {
    await write("f", "a\n");
    const result = await run(["f", "--blocks", blocks({ search: "a", replace: "b" }), "--dry-run"]);
    assert.equal(result.code, 0);
    assert.equal(json(result)["text"], "b\n");
    assert.equal(json(result)["written"], false);
    assert.equal(await read("f"), "a\n");
  });

  it("keeps encoding, byte order mark, line ends and permission bits", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("a\r\n\u00e9\r\n", "utf16le")]);
    await writeFile(folder.in("f"), utf16, { mode: 0o755 });
    assert.equal((await run(["f", "--blocks", blocks({ search: "a\n", replace: "b\nc\n" })])).code, 0);
    assert.deepEqual(
      await readFile(folder.in("f")),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("b\r\nc\r\n\u00e9\r\n", "utf16le")]),
    );
    assert.equal((await stat(folder.in("f"))).mode & 0o777, 0o755);
  });

  it("reads blocks from a file or from stdin", async () => {
    await write("f", "a\nb\n");
    await write("blocks.json", blocks({ search: "a", replace: "A" }));
    assert.equal((await run(["f", "--blocks", "@blocks.json"])).code, 0);
    assert.equal((await run(["f", "--blocks", "@-"], [blocks({ search: "b", replace: "B" })])).code, 0);
    assert.equal(await read("f"), "A\nB\n");
  });

  it("creates a file from an empty search, in a folder that is not there yet", async () => {
    const result = await run(["new/deep/f", "--blocks", blocks({ search: "", replace: "a\n" })]);
    assert.equal(result.code, 0);
    assert.equal(await read("new/deep/f"), "a\n");
  });

  const refused: readonly (readonly [name: string, file: string, reason: RegExp])[] = [
    ["a file that does not exist", "gone", /does not exist/],
    ["a folder", "dir", /is a folder/],
    ["a binary file", "binary", /binary/],
    ["a link that leads out of the workspace", "link", /leads out of the workspace/],
  ];
  for (const [name, file, reason] of refused) {
    it(`refuses ${name}`, async () => {
      await mkdir(folder.in("dir"));
      await write("binary", Uint8Array.of(0x61, 0, 0x62));
      const outside = await mkdtemp(join(tmpdir(), "proviso-outside-"));
      await writeFile(join(outside, "target"), "a\n");
      await symlink(join(outside, "target"), folder.in("link"));
      try {
        const result = await run([file, "--blocks", blocks({ search: "a", replace: "b" })]);
        assert.equal(result.code, 1);
        assert.equal(json(result)["ok"], false);
        assert.match(String(json(result)["reason"]), reason);
        assert.equal(await readFile(join(outside, "target"), "utf8"), "a\n");
      } finally {
        await rm(outside, { recursive: true });
      }
    });
  }

  const wrong: readonly (readonly [name: string, args: readonly string[], reason: RegExp])[] = [
    ["no way of editing", [], /Say either/],
    ["two ways of editing", ["f", "--blocks", "[]", "--stdin"], /Say either/],
    ["blocks without a file", ["--blocks", "[]"], /Say either/],
    ["a patch with a file", ["f", "--patch", "p"], /Say either/],
    ["blocks that are not JSON", ["f", "--blocks", "nonsense"], /--blocks is not JSON/],
    ["blocks that do not fit", ["f", "--blocks", '[{"search":1}]'], /--blocks does not fit/],
    ["an option that does not exist", ["f", "--force"], /no option --force/],
    ["a patch that cannot be read", ["--patch", "gone"], /could not be read/],
  ];
  for (const [name, args, reason] of wrong) {
    it(`refuses ${name} as wrong usage`, async () => {
      const result = await run(args);
      assert.equal(result.code, 2);
      assert.match(result.err, reason);
      assert.equal(result.out, "");
    });
  }
});

describe("proviso edit --patch", () => {
  const { folder, run, write, read } = scene();

  const patch = [
    "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n",
    "diff --git a/old b/dir/new\nrename from old\nrename to dir/new\n",
    "--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+x\n",
    "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n",
  ].join("");

  it("changes, moves, creates and deletes files", async () => {
    await write("f", "a\n");
    await writeFile(folder.in("old"), "o\n", { mode: 0o755 });
    await write("gone", "z\n");
    await write("p.diff", patch);
    const result = await run(["--patch", "p.diff"]);
    assert.equal(result.code, 0, result.out);
    assert.deepEqual(json(result), {
      ok: true,
      files: { f: "b\n", "dir/new": "o\n", made: "x\n" },
      deleted: ["old", "gone"],
      applied: 3,
      failed: [],
      written: true,
    });
    assert.deepEqual((await readdir(folder.path)).sort(), ["dir", "f", "made", "p.diff"]);
    assert.equal(await read("dir/new"), "o\n");
    assert.equal((await stat(folder.in("dir/new"))).mode & 0o777, 0o755);
  });

  it("writes nothing when one file fails", async () => {
    await write("f", "a\n");
    await write("old", "o\n");
    await write("gone", "mine\n");
    const result = await run(["--patch", "-"], [patch]);
    assert.equal(result.code, 1);
    assert.match(JSON.stringify(json(result)["failed"]), /"index":2,.*"path":"gone"/);
    assert.deepEqual(await Promise.all(["f", "old", "gone"].map(read)), ["a\n", "o\n", "mine\n"]);
  });

  it("never leaves the workspace", async () => {
    for (const path of ["../proviso-escape", join(tmpdir(), "proviso-escape")]) {
      const result = await run(["--patch", "-"], [`--- /dev/null\n+++ ${path}\n@@ -0,0 +1 @@\n+x\n`]);
      assert.equal(result.code, 1);
      assert.match(String(json(result)["reason"]), /lies outside the workspace/);
    }
    await assert.rejects(stat(join(tmpdir(), "proviso-escape")));
  });

  it("says what is wrong with a patch that cannot be read", async () => {
    const result = await run(["--patch", "-"], ["no patch\n"]);
    assert.equal(result.code, 1);
    assert.match(String(json(result)["reason"]), /holds no patch/);
  });
});

describe("proviso edit --stdin", () => {
  const { run, write, read } = scene();

  const ask = async (...lines: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
    const { code, out } = await run(["--stdin"], [lines.join("\n")]);
    assert.equal(code, 0);
    return out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it("answers blocks and patches in order and touches no file", async () => {
    await write("f", "untouched\n");
    const answers = await ask(
      JSON.stringify({ id: 1, text: "a\nb\n", blocks: [{ search: "b", replace: "c" }] }),
      JSON.stringify({
        id: "two",
        files: { f: "a\n", g: "z\n" },
        patch: "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n--- a/g\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n",
      }),
    );
    assert.deepEqual(answers, [
      { id: 1, ok: true, text: "a\nc\n", applied: 1, failed: [] },
      { id: "two", ok: true, files: { f: "b\n" }, applied: 2, failed: [] },
    ]);
    assert.equal(await read("f"), "untouched\n");
  });

  it("answers a line that cannot be used, and goes on", async () => {
    const answers = await ask(
      "{nonsense",
      "",
      JSON.stringify({ id: 7, text: "a" }),
      JSON.stringify({ id: 8, files: { f: 1 }, patch: "" }),
      "null",
      "[]",
      JSON.stringify({ id: 9, files: {}, patch: "prose" }),
      JSON.stringify({ id: 10, text: "a", blocks: [{ search: "a", replace: "b" }] }),
    );
    assert.deepEqual(
      answers.map(({ id, ok }) => [id, ok]),
      [
        [null, false],
        [7, false],
        [8, false],
        [null, false],
        [null, false],
        [9, false],
        [10, true],
      ],
    );
    assert.match(String(answers[0]?.["reason"]), /Line 1 is not JSON/);
    assert.match(String(answers[1]?.["reason"]), /Line 3 does not fit \{id, text, blocks\}/);
    assert.match(String(answers[5]?.["reason"]), /holds no patch/);
  });

  it("names the failed block with the nearest text, and applies the others", async () => {
    const [answer] = await ask(
      JSON.stringify({
        id: 1,
        text: "one();\ntwo();\n",
        blocks: [
          { search: "one(1)", replace: "x" },
          { search: "two", replace: "2" },
        ],
      }),
    );
    assert.equal(answer?.["text"], "one();\n2();\n");
    assert.match(JSON.stringify(answer?.["failed"]), /"index":0,"reason":".*","nearest":"one\(\);"/);
  });

  it("does not mind how the input is cut into chunks", async () => {
    const line = JSON.stringify({ id: 1, text: "caf\u00e9 \u{1F600}\n", blocks: [{ search: "\u{1F600}", replace: "\u00e9" }] });
    const bytes = Buffer.from(`${line}\r\n${line}`);
    const { out } = await run(
      ["--stdin"],
      [...bytes].map((byte) => Buffer.from([byte])),
    );
    assert.equal(out, `${JSON.stringify({ id: 1, ok: true, text: "caf\u00e9 \u00e9\n", applied: 1, failed: [] })}\n`.repeat(2));
  });

  it("an answer without an id has none to repeat", async () => {
    assert.deepEqual(await ask(JSON.stringify({ text: "a", blocks: [] })), [{ id: null, ok: true, text: "a", applied: 0, failed: [] }]);
  });
});
