// Going back in workspaces that are not one plain folder: repositories in repositories, a submodule, links, several roots.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { restoreTouches, unwind } from "../../../src/agent/unwind.ts";
import type { Sighting } from "../../../src/agent/world.ts";
import { createBlobs } from "../../../src/node/blobs.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { FileLookout } from "../../../src/node/lookout.ts";
import { realFiles } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;

describe("restoring in workspaces of every shape", () => {
  const folder = tempFolder();
  const blobs = () => createBlobs(folder.in("blobs"));

  function git(root: string, ...args: readonly string[]): string {
    const own = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "protocol.file.allow=always", "-c", "commit.gpgsign=false"];
    const env = { PATH: process.env["PATH"], HOME: folder.in("."), GIT_CONFIG_NOSYSTEM: "1", GIT_OPTIONAL_LOCKS: "0" };
    return execFileSync("git", ["-C", root, ...own, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env });
  }

  function repository(root: string, files: Readonly<Record<string, string>>): void {
    mkdirSync(root, { recursive: true });
    git(root, "init", "-q");
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "first");
  }

  /** All that a tree holds, git's own folders and files included: content, links, permission bits. */
  function seen(root: string, only: (path: string) => boolean = () => true): Record<string, string> {
    const found: Record<string, string> = {};
    for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
      const stats = lstatSync(join(root, name));
      if (stats.isDirectory() || !only(name)) continue;
      const held = stats.isSymbolicLink() ? readlinkSync(join(root, name)) : sha256(readFileSync(join(root, name)));
      found[name] = `${(stats.mode & 0o7777).toString(8)} ${held}`;
    }
    return found;
  }
  const gits = (path: string): boolean => path.split("/").includes(".git");

  async function during(root: string, act: () => void): Promise<Sighting> {
    const lookout = new FileLookout({ root, shelf: folder.in("state", "shelf"), blobs: blobs(), bounds: { ms: 60_000 } });
    try {
      const watch = await lookout.watch(never);
      act();
      return await watch.ended();
    } finally {
      lookout.close();
    }
  }

  async function restore(root: string, { changed }: Sighting): Promise<readonly string[]> {
    const world = { files: await realFiles(root), blobs: blobs(), digest: sha256 };
    const plan = await unwind(world, changed, never);
    const { kept } = await restoreTouches(world, plan.touches);
    return [...plan.kept, ...kept].map(({ shown, why }) => `${shown}: ${why}`);
  }

  it("puts back the files of nested repositories and of a submodule, and touches nothing of git's own in any of them", async () => {
    repository(folder.in("library"), { "lib.js": "library\n" });
    const root = folder.in("w");
    repository(root, { "a.js": "a\n" });
    repository(join(root, "inner"), { "b.js": "b\n" });
    repository(join(root, "inner/deep"), { "c.js": "c\n" });
    git(root, "submodule", "add", "-q", folder.in("library"), "sub");
    git(root, "commit", "-q", "-m", "submodule");
    writeFileSync(join(root, "a.js"), "a staged\n");
    git(root, "add", "a.js");
    writeFileSync(join(root, "a.js"), "a staged\nand not\n");
    const before = seen(root);
    assert.equal(readFileSync(join(root, "sub/.git"), "utf8").startsWith("gitdir:"), true);

    const sighting = await during(root, () => {
      for (const path of ["a.js", "inner/b.js", "inner/deep/c.js", "sub/lib.js"]) appendFileSync(join(root, path), "agent\n");
      writeFileSync(join(root, "sub/new.js"), "new\n");
      rmSync(join(root, "inner/b.js"));
    });
    assert.deepEqual(sighting.unkept, []);
    assert.deepEqual(sighting.changed.map(({ shown }) => shown).sort(), [
      "a.js",
      "inner/b.js",
      "inner/deep/c.js",
      "sub/lib.js",
      "sub/new.js",
    ]);
    assert.deepEqual(await restore(root, sighting), []);
    assert.deepEqual(seen(root), before);
    assert.equal(git(root, "status", "--porcelain", "a.js"), "MM a.js\n");
    assert.equal(git(join(root, "sub"), "status", "--porcelain"), "");
  });

  it("leaves a commit that the command made: its files go back, git's own stay as the command left them", async () => {
    const root = folder.in("w");
    repository(root, { "a.js": "a\n" });
    const sighting = await during(root, () => {
      writeFileSync(join(root, "a.js"), "b\n");
      git(root, "commit", "-q", "-a", "-m", "by the command");
    });
    const before = seen(root, gits);
    assert.deepEqual(await restore(root, sighting), []);
    assert.deepEqual(seen(root, gits), before);
    assert.equal(readFileSync(join(root, "a.js"), "utf8"), "a\n");
    assert.match(git(root, "log", "--oneline"), /by the command/);
  });

  it("puts permission bits back, names links that were changed, and never writes through one", async () => {
    const root = folder.in("w");
    mkdirSync(root);
    mkdirSync(folder.in("outside"));
    writeFileSync(folder.in("outside", "theirs"), "theirs\n");
    writeFileSync(join(root, "run.sh"), "#!/bin/sh\n", { mode: 0o750 });
    writeFileSync(join(root, "plain"), "plain\n");
    chmodSync(join(root, "run.sh"), 0o750);
    symlinkSync("plain", join(root, "link"));
    symlinkSync(folder.in("outside"), join(root, "away"));
    const sighting = await during(root, () => {
      chmodSync(join(root, "run.sh"), 0o600);
      rmSync(join(root, "link"));
      symlinkSync("run.sh", join(root, "link"));
      appendFileSync(join(root, "away/theirs"), "through the link\n");
      rmSync(join(root, "plain"));
      symlinkSync(folder.in("outside", "theirs"), join(root, "plain"));
    });
    assert.deepEqual(sighting.unkept.map(({ shown, why }) => `${shown}: ${why}`).sort(), [
      "link: It is a symbolic link.",
      "plain: It is a symbolic link.",
    ]);
    assert.deepEqual(await restore(root, sighting), []);
    assert.equal(statSync(join(root, "run.sh")).mode & 0o777, 0o750);
    assert.equal(readlinkSync(join(root, "link")), "run.sh");
    assert.equal(readFileSync(folder.in("outside", "theirs"), "utf8"), "theirs\nthrough the link\n");
  });

  it("leaves a file alone that became a link out of the workspace since", async () => {
    const root = folder.in("w");
    mkdirSync(root);
    writeFileSync(join(root, "a"), "one\n");
    writeFileSync(folder.in("theirs"), "two\n");
    const sighting = await during(root, () => writeFileSync(join(root, "a"), "two\n"));
    rmSync(join(root, "a"));
    symlinkSync(folder.in("theirs"), join(root, "a"));
    const kept = await restore(root, sighting);
    assert.equal(kept.length, 1, kept.join("\n"));
    assert.equal(readFileSync(folder.in("theirs"), "utf8"), "two\n");
    assert.equal(readlinkSync(join(root, "a")), folder.in("theirs"));
  });

  it("goes back in one of several roots and leaves the others as they are", async () => {
    const roots = ["one", "two"].map((name) => folder.in(name));
    for (const root of roots) repository(root, { "same.js": "same\n" });
    const [one = "", two = ""] = roots;
    const sightings = [];
    for (const root of roots) sightings.push(await during(root, () => appendFileSync(join(root, "same.js"), "agent\n")));
    const before = seen(two);
    const [first] = sightings;
    assert.ok(first);
    assert.deepEqual(await restore(one, first), []);
    assert.equal(readFileSync(join(one, "same.js"), "utf8"), "same\n");
    assert.deepEqual(seen(two), before);
  });
});
