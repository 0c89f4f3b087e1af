import { strict as assert } from "node:assert";
import { type SpellingDisk, spell } from "../../../../src/node/files/spelling.ts";

/** A folder tree that does not tell case (or composed from decomposed letters) apart, as on macOS, Windows or a folded ext4 folder. */
function folded(tree: Readonly<Record<string, readonly string[]>>): SpellingDisk {
  const fold = (path: string): string => path.normalize("NFC").toLowerCase();
  const known = new Set(Object.entries(tree).flatMap(([folder, names]) => names.map((name) => fold(`${folder}/${name}`))));
  return {
    same: async (a, b) => fold(a) === fold(b) && known.has(fold(a)),
    list: async (folder) => Object.entries(tree).find(([name]) => fold(name) === fold(folder))?.[1] ?? [],
  };
}

describe("the true spelling", () => {
  it("is what the folders say, part by part", async () => {
    const disk = folded({ "/w": [".git", "Src"], "/w/.git": ["config"], "/w/Src": ["É.ts"] });
    assert.equal(await spell("/w/.GIT/Config", "/w", disk), "/w/.git/config");
    assert.equal(await spell("/w/src/e\u0301.TS", "/w", disk), "/w/Src/É.ts");
    assert.equal(await spell("/w/Src/É.ts", "/w", disk), "/w/Src/É.ts");
  });

  it("leaves the root and everything outside it as they are", async () => {
    const disk = folded({ "/w": ["a"], "/": ["W", "other"] });
    assert.equal(await spell("/w", "/w", disk), "/w");
    assert.equal(await spell("/OTHER", "/w", disk), "/OTHER");
  });

  it("keeps names apart that are two links to one file", async () => {
    const disk: SpellingDisk = { same: async () => true, list: async () => ["README", "readme"] };
    assert.equal(await spell("/w/readme", "/w", disk), "/w/readme");
    assert.equal(await spell("/w/README", "/w", disk), "/w/README");
  });

  it("asks the disk nothing more where case is told apart", async () => {
    const disk: SpellingDisk = { same: async () => false, list: () => assert.fail("listed") };
    assert.equal(await spell("/w/.GIT/x/1", "/w", disk), "/w/.GIT/x/1");
  });
});
