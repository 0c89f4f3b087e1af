import { strict as assert } from "node:assert";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { changeFiles } from "../../../../src/agent/tool/change-files.ts";
import type { Change } from "../../../../src/agent/tool/tool.ts";
import { play } from "../../../support/play.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { changes, toolWorld } from "../../../support/tool-world.ts";

const told = (all: readonly Change[]): readonly unknown[] =>
  all.map(({ shown, before, after, mode }) => [
    before === null ? "create" : after === null ? "delete" : "change",
    shown,
    after && new TextDecoder("utf-8", { ignoreBOM: true }).decode(after),
    ...(mode === undefined ? [] : [mode.toString(8)]),
  ]);

describe("change_files", () => {
  const folder = tempFolder();
  const change = async (input: object) => changes(changeFiles, await toolWorld(folder.path), input);

  beforeEach(() => {
    writeFileSync(folder.in("a.ts"), "one\r\ntwo\r\n");
    writeFileSync(folder.in("b.ts"), "\ufeffb\n");
    writeFileSync(folder.in("run.sh"), "echo\n");
    chmodSync(folder.in("run.sh"), 0o755);
  });

  it("computes blocks, whole texts, creates, deletes and renames as one proposal, and touches nothing", async () => {
    const files = [
      { path: "a.ts", blocks: [{ search: "two\n", replace: "TWO\n" }] },
      { path: "b.ts", delete: true },
      { path: "new/c.ts", text: "c\n" },
      { path: "run.sh", to: "bin/run.sh", blocks: [{ search: "echo", replace: "echo hi" }] },
    ];
    assert.deepEqual(told(valueOf(await change({ files }))), [
      ["change", "a.ts", "one\r\nTWO\r\n"],
      ["delete", "b.ts", null],
      ["create", "new/c.ts", "c\n"],
      ["create", "bin/run.sh", "echo hi\n", "755"],
      ["delete", "run.sh", null],
    ]);
    assert.deepEqual(readdirSync(folder.path).sort(), ["a.ts", "b.ts", "run.sh"]);
    assert.equal(readFileSync(folder.in("a.ts"), "utf8"), "one\r\ntwo\r\n");
  });

  it("reads a unified diff with new, deleted and renamed files", async () => {
    const patch = [
      "diff --git a/a.ts b/a.ts",
      "--- a/a.ts",
      "+++ b/a.ts",
      "@@ -1,2 +1,2 @@",
      " one",
      "-two",
      "+TWO",
      "diff --git a/run.sh b/bin/run.sh",
      "rename from run.sh",
      "rename to bin/run.sh",
      "diff --git a/b.ts b/b.ts",
      "deleted file mode 100644",
      "--- a/b.ts",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-b",
      "diff --git a/n.ts b/n.ts",
      "new file mode 100755",
      "--- /dev/null",
      "+++ b/n.ts",
      "@@ -0,0 +1 @@",
      "+n",
      "",
    ].join("\n");
    assert.deepEqual(told(valueOf(await change({ patch }))), [
      ["change", "a.ts", "one\r\nTWO\r\n"],
      ["create", "bin/run.sh", "echo\n", "755"],
      ["delete", "run.sh", null],
      ["delete", "b.ts", null],
      ["create", "n.ts", "n\n", "755"],
    ]);
    assert.deepEqual(changeFiles.risk({ patch }).effects, ["write", "delete"]);
    assert.deepEqual(
      changeFiles.risk({ patch }).paths,
      ["a.ts", "run.sh", "bin/run.sh", "b.ts", "n.ts"].filter((path) => patch.includes(`/${path}`) || path === "run.sh"),
    );
  });

  it("knows what a patch of the other form touches and takes away before it is computed", () => {
    const patch = "*** Begin Patch\n*** Update File: a.ts\n*** Move to: c.ts\n@@\n-one\n+two\n*** Delete File: b.ts\n*** End Patch\n";
    const { paths, effects } = changeFiles.risk({ patch });
    assert.deepEqual(
      [paths, effects],
      [
        ["a.ts", "c.ts", "b.ts"],
        ["write", "delete"],
      ],
    );
    assert.deepEqual(changeFiles.risk({ patch: "*** Begin Patch\n*** Add File: n.ts\n+n\n*** End Patch\n" }).effects, ["write"]);
  });

  it("says of every file what does not fit, with the real text, and that the others do", async () => {
    const files = [
      { path: "a.ts", blocks: [{ search: "three", replace: "x" }] },
      { path: "missing.ts", blocks: [{ search: "x", replace: "y" }] },
      { path: "b.ts", text: "B\n" },
    ];
    const fault = faultOf(await change({ files }));
    assert.match(fault, /^invalid: Nothing was changed in any file\. The other files fit; send all of them again\.\n/);
    assert.match(fault, /Nothing was changed in a\.ts\./);
    assert.match(fault, /missing\.ts does not exist; give its text to create it\./);
    assert.match(faultOf(await change({ files: [{ path: "a.ts" }] })), /a\.ts: give one of blocks, text, delete and to/);
    assert.match(faultOf(await change({ files: [{ path: "a.ts", to: "b.ts" }] })), /b\.ts exists; a\.ts cannot be renamed to it\./);
    assert.match(
      faultOf(
        await change({
          files: [
            { path: "a.ts", text: "1" },
            { path: "./a.ts", delete: true },
          ],
        }),
      ),
      /a\.ts is changed twice; make one of the two\./,
    );
    assert.match(faultOf(await change({ patch: "--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-nine\n+ten\n" })), /Hunk 0 \(a\.ts\): /);
  });

  it("writes no label that stands for a secret", async () => {
    assert.match(
      faultOf(await change({ files: [{ path: "x", text: "[secret: password]\n" }] })),
      /stands for text that is not shown to you/,
    );
  });

  it("is judged with every file it touches, shown as one, and written as one", async () => {
    const { files, world, text } = await play({
      goal: "Rename a.txt to b.txt and mention it",
      test: "check",
      command: () => ({ exit: 0, output: "" }),
      files: { "a.txt": "a\n", "list.txt": "a.txt\n" },
      say: (_request, turn) =>
        turn === 0
          ? [
              [
                "change_files",
                {
                  files: [
                    { path: "a.txt", to: "b.txt" },
                    { path: "list.txt", text: "b.txt\n" },
                  ],
                },
              ],
            ]
          : "Done.",
    });
    const asked = world.asked.find(({ tool }) => tool === "change_files");
    assert.deepEqual([asked?.title, asked?.risk?.paths], ["Change, rename or delete 3 files?", ["a.txt", "b.txt", "list.txt"]], text);
    assert.deepEqual(
      Object.entries(Object.fromEntries(files)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      [
        ["b.txt", "a\n"],
        ["list.txt", "b.txt\n"],
      ],
    );
  });

  it("is denied whole where one of its files is guarded", async () => {
    const { files } = await play({
      goal: "Change two files",
      test: "check",
      command: () => ({ exit: 0, output: "" }),
      files: { "a.txt": "a\n" },
      say: (_request, turn) =>
        turn === 0
          ? [
              [
                "change_files",
                { patch: "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ b/.git/hooks/x\n@@ -0,0 +1 @@\n+x\n" },
              ],
            ]
          : "Done.",
    });
    assert.deepEqual([...files], [["a.txt", "a\n"]]);
  });
});
