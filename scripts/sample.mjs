// A fresh copy of the sample workspace, as a repository of its own where there is git, so that `git diff` shows what was done to it.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export function copySample() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "proviso-sample-")));
  cpSync(fileURLToPath(new URL("../test/fixtures/sample-workspace", import.meta.url)), folder, { recursive: true });
  const git = (...args) =>
    spawnSync("git", ["-C", folder, "-c", "user.name=Proviso", "-c", "user.email=sample@localhost", "-c", "commit.gpgsign=false", ...args]);
  if (git("init", "--quiet").status === 0) {
    git("add", "--all");
    git("commit", "--quiet", "--no-verify", "--message", "The sample as it comes");
  }
  return folder;
}

export function isRepository(folder) {
  return spawnSync("git", ["-C", folder, "rev-parse", "--verify", "--quiet", "HEAD"]).status === 0;
}
