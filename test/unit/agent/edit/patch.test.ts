import { strict as assert } from "node:assert";
import { applyPatch, pathsOf, takesAway } from "../../../../src/agent/edit/patch.ts";
import type { PatchCase } from "./cases/patch-case.ts";
import { brokenHunks, envelopes, headers, wrongPaths } from "./cases/patch-forms.ts";
import { names, series } from "./cases/patch-series.ts";
import { ends, fileChanges } from "./cases/patch-files.ts";
import { placing, tolerance } from "./cases/patches.ts";

const tables: Readonly<Record<string, readonly PatchCase[]>> = {
  "places hunks": placing,
  "tolerates what does no harm": tolerance,
  "keeps line ends": ends,
  "creates, deletes, renames and copies files": fileChanges,
  "takes git's word for which name is free": names,
  "lets sections build on each other": series,
  "reads what tools write around hunks": headers,
  "loses no line of a hunk that is written badly": brokenHunks,
  "refuses paths that no patch may name": wrongPaths,
  'reads "*** Begin Patch"': envelopes,
};

describe("patches", () => {
  for (const [behaviour, cases] of Object.entries(tables)) {
    describe(behaviour, () => {
      for (const one of cases) it(one.name, () => check(one));
    });
  }

  describe("that cannot be read are refused with the reason", () => {
    const unreadable: readonly (readonly [name: string, patch: string, reason: RegExp])[] = [
      ["nothing at all", "", /holds no patch/],
      ["prose", "please change line 3\n", /holds no patch/],
      ["a hunk without a file", "@@ -1 +1 @@\n-a\n+b\n", /Line 1 of the patch starts a hunk, but no/],
      ["an envelope without a file", "*** Begin Patch\n*** End Patch\n", /names no file/],
      [
        "an envelope with lines that are none",
        "*** Begin Patch\n*** Update File: f\n@@\nwhat\n*** End Patch\n",
        /Line 4 of the patch cannot be read/,
      ],
    ];
    for (const [name, patch, reason] of unreadable) {
      it(name, () => {
        const result = applyPatch(new Map([["f", "a\n"]]), patch);
        assert.ok(!result.ok);
        assert.match(result.fault.message, reason);
      });
    }
  });

  it("names every path it may touch, so that they can be read first", () => {
    const patch = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+a\n";
    assert.deepEqual(pathsOf(patch), { ok: true, value: ["f", "a/f", "b/f", "new", "b/new"] });
  });

  it("says the permission bits that a change of mode gives a file", () => {
    const result = applyPatch(new Map([["run", "x\n"]]), "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n");
    assert.deepEqual(result.ok && result.value.changes, [{ kind: "modify", path: "run", text: "x\n", mode: 0o755 }]);
  });

  it("says whether it takes a name away", () => {
    assert.ok(takesAway("--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"));
    assert.ok(takesAway("*** Begin Patch\n*** Update File: f\n*** Move to: g\n*** End Patch\n"));
    assert.ok(takesAway("--- a/f\n+++ b/g\n@@ -1 +1 @@\n-a\n+b\n"));
    assert.ok(!takesAway("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"));
  });

  it("says the permission bits a new file is to have", () => {
    const patch = "diff --git a/run b/run\nnew file mode 100755\n--- /dev/null\n+++ b/run\n@@ -0,0 +1 @@\n+#!/bin/sh\n";
    const result = applyPatch(new Map(), patch);
    assert.deepEqual(result.ok && result.value.changes, [{ kind: "create", path: "run", text: "#!/bin/sh\n", mode: 0o755 }]);
  });
});

function check(one: PatchCase): void {
  const files = new Map(Object.entries(one.files));
  const result = applyPatch(files, one.patch);
  assert.ok(result.ok, result.ok ? "" : result.fault.message);
  const { changes, failed, ok } = result.value;
  const changed = changes.filter((change) => change.kind !== "modify" || change.text !== one.files[change.path]);
  const after = Object.fromEntries(changed.map((change) => [change.path, change.kind === "delete" ? null : change.text]));
  const expected = Object.fromEntries(Object.entries(one.gives).filter(([path, text]) => text !== one.files[path]));
  assert.deepEqual(after, expected);
  assert.deepEqual(
    failed.map(({ index }) => index),
    Object.keys(one.refuses ?? {}).map(Number),
  );
  assert.equal(ok, failed.length === 0);
  for (const { index, reason } of failed) assert.match(reason, one.refuses?.[index] ?? /never/);
}
