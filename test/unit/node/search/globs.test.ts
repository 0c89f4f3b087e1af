import { strict as assert } from "node:assert";
import { globMatcher } from "../../../../src/node/search/globs.ts";

describe("globs", () => {
  const chosen = async (globs: readonly string[], paths: readonly string[]): Promise<string[]> => paths.filter(await globMatcher(globs));
  const tree = ["a.ts", "a.tsx", ".env", "src/a.ts", "src/.hidden/b.ts", "src/test/c.js", "docs/src/d.md"];

  it("mean everything when there are none", async () => {
    assert.deepEqual(await chosen([], tree), tree);
  });

  it("without a slash mean a name at any level, of a file or a folder", async () => {
    assert.deepEqual(await chosen(["*.ts"], tree), ["a.ts", "src/a.ts", "src/.hidden/b.ts"]);
    assert.deepEqual(await chosen(["test"], tree), ["src/test/c.js"]);
    assert.deepEqual(await chosen(["src"], tree), ["src/a.ts", "src/.hidden/b.ts", "src/test/c.js", "docs/src/d.md"]);
    assert.deepEqual(await chosen([".env"], tree), [".env"]);
  });

  it("with a slash begin at the workspace", async () => {
    assert.deepEqual(await chosen(["src/*.ts"], tree), ["src/a.ts"]);
    assert.deepEqual(await chosen(["./src/**/*.ts"], tree), ["src/a.ts", "src/.hidden/b.ts"]);
    assert.deepEqual(await chosen(["/src"], tree), ["src/a.ts", "src/.hidden/b.ts", "src/test/c.js"]);
    assert.deepEqual(await chosen(["app/(group)/*.tsx"], ["app/(group)/page.tsx", "app/group/page.tsx"]), ["app/(group)/page.tsx"]);
    assert.deepEqual(await chosen(["src/"], tree), ["src/a.ts", "src/.hidden/b.ts", "src/test/c.js", "docs/src/d.md"]);
  });

  it("are added up, braces included, and taken away by an exclamation mark", async () => {
    assert.deepEqual(await chosen(["*.{tsx,md}", "*.js"], tree), ["a.tsx", "src/test/c.js", "docs/src/d.md"]);
    assert.deepEqual(await chosen(["*.ts", "!src/.hidden"], tree), ["a.ts", "src/a.ts"]);
    assert.deepEqual(await chosen(["!src"], tree), ["a.ts", "a.tsx", ".env"]);
  });
});
