import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { Files } from "../../../../src/agent/world.ts";
import { openFiles } from "../../../../src/node/files.ts";
import { faultOf, realFiles, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("locating a path", () => {
  const folder = tempFolder();
  let files: Files;

  beforeEach(async () => {
    mkdirSync(folder.in("w", "src"), { recursive: true });
    mkdirSync(folder.in("out"));
    writeFileSync(folder.in("w", "src", "a.ts"), "a");
    writeFileSync(folder.in("out", "secret"), "s");
    files = await realFiles(folder.in("w"));
  });

  const locate = async (path: string) => valueOf(await files.locate(path));

  it("tells what is there and how it is called", async () => {
    const real = folder.in("w", "src", "a.ts");
    for (const path of ["src/a.ts", "./src//a.ts", "src/x/../a.ts", real, "../w/src/a.ts"]) {
      assert.deepEqual(await locate(path), { real, shown: "src/a.ts", inside: true, kind: "file" }, path);
    }
    assert.deepEqual(await locate("src/"), { real: folder.in("w", "src"), shown: "src", inside: true, kind: "folder" });
    assert.deepEqual(await locate("."), { real: folder.in("w"), shown: ".", inside: true, kind: "folder" });
    assert.deepEqual(await locate("src/new/deep.ts"), {
      real: folder.in("w", "src/new/deep.ts"),
      shown: "src/new/deep.ts",
      inside: true,
      kind: "missing",
    });
  });

  it("says so when a path leaves the workspace, also towards a neighbour whose name begins alike", async () => {
    mkdirSync(folder.in("w2"));
    for (const path of ["..", "../out/secret", "/etc/passwd", "../w2", "src/../../w2/new"])
      assert.equal((await locate(path)).inside, false, path);
    assert.equal((await locate("../out/secret")).shown, folder.in("out", "secret"));
    assert.equal((await locate("..a")).inside, true);
  });

  it("follows links to where they lead, also when nothing is there yet", async () => {
    symlinkSync(folder.in("out"), folder.in("w", "door"));
    symlinkSync("src", folder.in("w", "lib"));
    symlinkSync(folder.in("out", "new"), folder.in("w", "dangling"));
    symlinkSync("dangling", folder.in("w", "twice"));
    symlinkSync("../out/none/deep", folder.in("w", "relative"));
    assert.deepEqual(await locate("door/secret"), {
      real: folder.in("out/secret"),
      shown: folder.in("out/secret"),
      inside: false,
      kind: "file",
    });
    assert.equal((await locate("door/new/file")).real, folder.in("out/new/file"));
    assert.equal((await locate("lib/a.ts")).shown, "src/a.ts");
    assert.equal((await locate("lib/b.ts")).shown, "src/b.ts");
    assert.deepEqual(await locate("dangling"), { real: folder.in("out/new"), shown: folder.in("out/new"), inside: false, kind: "missing" });
    assert.equal((await locate("twice")).real, folder.in("out/new"));
    assert.equal((await locate("twice/below")).real, folder.in("out/new/below"));
    assert.equal((await locate("relative")).real, folder.in("out/none/deep"));
  });

  it("refuses links in a circle, paths through a file and names too long", async () => {
    symlinkSync("b", folder.in("w", "a"));
    symlinkSync("a", folder.in("w", "b"));
    assert.match(faultOf(await files.locate("a")), /^invalid: The path a cannot be followed: its symbolic links lead in a circle/);
    symlinkSync("grow/x", folder.in("w", "grow"));
    assert.match(faultOf(await files.locate("grow")), /circle/);
    assert.match(faultOf(await files.locate("src/a.ts/b")), /^invalid: .*a part of the path is a file/);
    assert.match(faultOf(await files.locate("x".repeat(300))), /^invalid: .*the name is too long/);
    assert.match(faultOf(await files.locate("")), /^invalid: The path "" is empty/);
    assert.match(faultOf(await files.locate("a\0")), /NUL/);
  });

  it("tells devices and pipes from files", async () => {
    execFileSync("mkfifo", [folder.in("w", "pipe")]);
    assert.equal((await locate("pipe")).kind, "other");
    assert.equal((await locate("/dev/null")).kind, "other");
  });

  it("works in a workspace that was reached through a link", async () => {
    symlinkSync(folder.in("w"), folder.in("link"));
    const linked = await realFiles(folder.in("link"));
    assert.equal(linked.root, folder.in("w"));
    assert.equal(valueOf(await linked.locate(folder.in("link", "src", "a.ts"))).shown, "src/a.ts");
  });

  it("works in the root of the file system", async () => {
    const all = await realFiles("/");
    assert.deepEqual(valueOf(await all.locate("/dev/null")), { real: "/dev/null", shown: "dev/null", inside: true, kind: "other" });
    assert.equal(valueOf(await all.locate("/")).shown, ".");
  });

  it("says that the workspace is gone rather than that one file is missing", async () => {
    renameSync(folder.in("w"), folder.in("moved"));
    for (const path of ["src/a.ts", "new.ts", "."])
      assert.match(faultOf(await files.locate(path)), /^unavailable: The workspace folder .* is gone/, path);
    assert.match(faultOf(await files.read("src/a.ts", { maxBytes: 9 }, new AbortController().signal)), /gone/);
    assert.match(faultOf(await files.swap("new.ts", null, Buffer.from("x"))), /gone/);
    assert.match(faultOf(await files.list(".", { depth: 1, limit: 9 }, new AbortController().signal)), /gone/);
    rmSync(folder.in("moved"), { recursive: true });
    assert.match(faultOf(await openFiles(folder.in("w"))), /^missing: The workspace folder .* could not be opened/);
  });
});
