// A real folder for each test of a suite, gone after it.

import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempFolder {
  /** Absolute real path of this test's folder. */
  readonly path: string;
  /** A path in it. */
  in(...names: readonly string[]): string;
}

/** To be called in a `describe`: makes a folder before each of its tests and removes it afterwards. */
export function tempFolder(): TempFolder {
  let path = "";
  beforeEach(() => {
    path = realpathSync(mkdtempSync(join(tmpdir(), "proviso-test-")));
  });
  afterEach(() => {
    unlock(path);
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    in: (...names) => join(path, ...names),
  };
}

/** Folders that a test made unreadable could not be removed otherwise. */
function unlock(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    chmodSync(join(path, entry.name), 0o700);
    unlock(join(path, entry.name));
  }
}
