import { strict as assert } from "node:assert";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import type { Search } from "../../../../src/agent/world.ts";
import { findRipgrep } from "../../../../src/node/search/find-ripgrep.ts";
import { createSearch } from "../../../../src/node/search.ts";
import { realFiles } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("the two search engines", () => {
  const folder = tempFolder();
  const never = new AbortController().signal;

  it("answer the same, whatever the tree and its ignore files", async function () {
    mkdirSync(folder.in("w"));
    const files = await realFiles(folder.in("w"));
    const ripgrep = await findRipgrep(process.env["PATH"], files.root);
    if (ripgrep === undefined) return this.skip();
    const searchWith = (program: string | undefined): Search => createSearch({ root: files.root, locate: files.locate, ripgrep: program });
    const plant = (planted: Readonly<Record<string, string>>): void => {
      for (const [path, content] of Object.entries(planted)) {
        mkdirSync(dirname(folder.in("w", path)), { recursive: true });
        writeFileSync(folder.in("w", path), content);
      }
    };
    this.timeout(60_000);
    const name = fc.constantFrom("a.ts", "b.js", ".hidden", "dist", "x.log", "README.md");
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join(".d/"));
    const line = fc.constantFrom("alpha", "Alpha beta", "  indented", "", "beta_alpha", "x.log", "ünï\r");
    const content = fc.array(line, { maxLength: 4 }).map((lines) => lines.join("\n"));
    const rule = fc.constantFrom("*.log", "dist", "/a.ts", "!x.log", "b.js.d/", "# no", "**/README.md", "*.d", "!*.d/a.ts", "\\!x");
    const tree = fc.dictionary(path, content, { maxKeys: 8, noNullPrototype: true });
    const rules = fc.array(rule, { maxLength: 3 }).map((all) => `${all.join("\n")}\n`);
    const query = fc.record({
      pattern: fc.constantFrom("alpha", "a", "^\\s+", "beta$", "x.log", "ï"),
      regex: fc.boolean(),
      caseSensitive: fc.boolean(),
      wholeWord: fc.boolean(),
      include: fc.constantFrom([], ["*.ts"], ["*.d/**"], ["!*.js"]),
      path: fc.constantFrom(".", "a.ts.d", "dist.d"),
    });
    await fc.assert(
      fc.asyncProperty(tree, rules, rules, query, async (planted, top, nested, asked) => {
        rmSync(folder.in("w"), { recursive: true });
        mkdirSync(folder.in("w"));
        plant({ "a.ts.d/keep": "alpha", "dist.d/keep": "alpha", ...planted, ".gitignore": top, "a.ts.d/.gitignore": nested });
        const plain = await searchWith(undefined).text({ ...asked, limit: 100 }, never);
        assert.ok(plain.ok);
        assert.deepEqual(await searchWith(ripgrep).text({ ...asked, limit: 100 }, never), plain);
      }),
      { numRuns: 40 },
    );
  });
});
