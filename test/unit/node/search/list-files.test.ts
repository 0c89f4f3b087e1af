import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { findRipgrep } from "../../../../src/node/search/find-ripgrep.ts";
import { listFiles } from "../../../../src/node/search/list-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const never = new AbortController().signal;

describe("listing files", () => {
  const folder = tempFolder();

  function plant(...paths: readonly string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(folder.in("w", path)), { recursive: true });
      writeFileSync(folder.in("w", path), path === ".gitignore" ? "out/\n*.log\n" : "");
    }
  }

  for (const engine of ["ripgrep", "the walk"] as const)
    it(`by ${engine} names what git does not ignore, hidden files and names with spaces too, up to a limit`, async function () {
      const ripgrep = await findRipgrep(process.env["PATH"], folder.path);
      if (engine === "ripgrep" && ripgrep === undefined) this.skip();
      const list = (most = 100): Promise<readonly string[]> =>
        listFiles(folder.in("w"), engine === "ripgrep" ? ripgrep : undefined, most, never);
      plant(".gitignore", ".github/ci.yml", "a b/ü c.md", "src/x.js", "x.log", "out/x.js", "node_modules/m/i.js", ".git/config");
      assert.deepEqual([...(await list())].sort(), [".github/ci.yml", ".gitignore", "a b/ü c.md", "src/x.js"]);
      assert.equal((await list(2)).length, 2);
    });

  it("is done by walking where ripgrep does not run", async () => {
    plant("src/x.js");
    assert.deepEqual(await listFiles(folder.in("w"), folder.in("w", "src/x.js"), 100, never), ["src/x.js"]);
  });

  it("is left off once it is cancelled", async () => {
    mkdirSync(folder.in("w"));
    await assert.rejects(listFiles(folder.in("w"), undefined, 100, AbortSignal.abort(new Error("overtaken"))), /overtaken/);
  });
});
