import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { readSpill, Spill, spillPath } from "../../../../src/node/shell/spill.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const never = new AbortController().signal;

describe("the output of a call that was too long to be told", () => {
  const folder = tempFolder();

  it("is read back by the call's id", async () => {
    const spill = new Spill(spillPath(folder.in("output"), "s1.1.1.0"), 100);
    spill.write(Buffer.from("caf\u00e9\n"));
    spill.close();
    assert.equal(valueOf(await readSpill(folder.in("output"), "s1.1.1.0", never)), "caf\u00e9\n");
  });

  it("is a missing one where the call had none", async () => {
    assert.match(faultOf(await readSpill(folder.in("output"), "s9", never)), /^missing: There is no longer output of s9/);
  });

  it("stays in its folder, whatever a model asks for", async () => {
    for (const call of ["../secret", "..", "/etc/passwd", "a/../../b", "nul\u0000byte"]) {
      assert.match(faultOf(await readSpill(folder.in("output"), call, never)), /^missing/);
      const spill = new Spill(spillPath(folder.in("output"), call), 100);
      spill.write(Buffer.from("x"));
      spill.close();
    }
    assert.deepEqual(readdirSync(folder.path), ["output"]);
    assert.equal(readdirSync(folder.in("output")).length, 5);
  });
});
