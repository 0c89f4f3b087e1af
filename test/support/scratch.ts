// A folder of its own for a test that needs real files, with what the test puts in it, gone afterwards.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class Scratch {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), "proviso-test-")));

  /** Writes files by relative path and answers the folder. */
  with(files: Readonly<Record<string, string>>): this {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.at(name)), { recursive: true });
      writeFileSync(this.at(name), text);
    }
    return this;
  }

  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
