import { strict as assert } from "node:assert";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { findRipgrep } from "../../../../src/node/search/find-ripgrep.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("finding ripgrep", () => {
  const folder = tempFolder();
  const name = process.platform === "win32" ? "rg.exe" : "rg";

  function install(...names: readonly string[]): string {
    mkdirSync(folder.in(...names), { recursive: true });
    writeFileSync(folder.in(...names, name), "", { mode: 0o755 });
    return folder.in(...names);
  }

  it("takes the first on the PATH, then what the caller knows of", async () => {
    const [first, second, bundled] = [install("first"), install("second"), folder.in("first", name)];
    assert.equal(await findRipgrep([folder.in("none"), first, second].join(delimiter), folder.in("w")), folder.in("first", name));
    assert.equal(await findRipgrep(undefined, folder.in("w"), [folder.in("none", name), bundled]), bundled);
    assert.equal(await findRipgrep("", folder.in("w")), undefined);
  });

  it("never takes one from the workspace, a relative part of the PATH or what cannot be run", async () => {
    const inside = install("w", "node_modules", ".bin");
    mkdirSync(folder.in("link"));
    symlinkSync(folder.in("w", "node_modules", ".bin", name), folder.in("link", name));
    mkdirSync(folder.in("plain"));
    writeFileSync(folder.in("plain", name), "", { mode: 0o644 });
    const path = [inside, "node_modules/.bin", ".", "", folder.in("link"), folder.in("plain")].join(delimiter);
    assert.equal(await findRipgrep(path, folder.in("w")), undefined);
  });
});
