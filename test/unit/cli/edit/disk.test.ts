import { strict as assert } from "node:assert";
import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { editFiles } from "../../../../src/cli/edit/disk.ts";
import { openFiles } from "../../../../src/node/files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("a patch on disk", () => {
  const folder = tempFolder();
  const signal = new AbortController().signal;
  const patched = async (...lines: readonly string[]) => {
    const files = await openFiles(folder.path);
    assert.ok(files.ok);
    return await editFiles({ files: files.value, write: true }, lines.map((line) => `${line}\n`).join(""), signal);
  };
  const modeOf = async (name: string) => (await stat(folder.in(name))).mode & 0o777;
  const moves = (old: string, fresh: string): readonly string[] => [
    `diff --git a/${old} b/${fresh}`,
    "similarity index 100%",
    `rename from ${old}`,
    `rename to ${fresh}`,
  ];

  it("changes permission bits, and the text keeps its bytes", async () => {
    await writeFile(folder.in("run"), "\uFEFFx\r\n");
    await chmod(folder.in("run"), 0o644);
    const answer = await patched("diff --git a/run b/run", "old mode 100644", "new mode 100755");
    assert.deepEqual([answer.ok, answer.written, answer.reason], [true, true, undefined]);
    assert.equal(await modeOf("run"), 0o755);
    assert.equal(await readFile(folder.in("run"), "utf8"), "\uFEFFx\r\n");
  });

  it("lets two files change names, each with its permission bits", async () => {
    await writeFile(folder.in("x"), "x\n");
    await writeFile(folder.in("y"), "y\n");
    await chmod(folder.in("x"), 0o755);
    await chmod(folder.in("y"), 0o600);
    const answer = await patched(...moves("x", "y"), ...moves("y", "x"));
    assert.deepEqual([answer.ok, answer.written, answer.reason], [true, true, undefined]);
    assert.deepEqual([await readFile(folder.in("x"), "utf8"), await readFile(folder.in("y"), "utf8")], ["y\n", "x\n"]);
    assert.deepEqual([await modeOf("x"), await modeOf("y")], [0o600, 0o755]);
  });

  it("writes nothing where one of its files may not be named", async () => {
    await writeFile(folder.in("f"), "a\n");
    await symlink("/etc", folder.in("away"));
    for (const path of ["../x", "/tmp/x", ".git/hooks/x", "away/x"]) {
      const answer = await patched("--- a/f", "+++ b/f", "@@ -1 +1 @@", "-a", "+b", "--- /dev/null", `+++ ${path}`, "@@ -0,0 +1 @@", "+x");
      assert.deepEqual([path, answer.ok, answer.written], [path, false, false]);
      assert.match(answer.reason ?? answer.failed[0]?.reason ?? "", /workspace|repository's own/);
    }
    assert.equal(await readFile(folder.in("f"), "utf8"), "a\n");
  });
});
