import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createFile, deleteFile, editFile } from "../../../../src/agent/tool/edit.ts";
import type { Change } from "../../../../src/agent/tool/tool.ts";
import { sha256 } from "../../../support/memory-world.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { changes, toolWorld } from "../../../support/tool-world.ts";

const textOf = (change: Change | undefined): string | null =>
  change?.after ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(change.after) : null;

describe("edit_file", () => {
  const folder = tempFolder();
  const edit = async (input: object) => changes(editFile, await toolWorld(folder.path), input);

  it("computes the new content against what it read, and touches nothing", async () => {
    writeFileSync(folder.in("f"), "\ufeffa\r\nb\r\n", { mode: 0o755 });
    const [change, ...rest] = valueOf(await edit({ path: "f", blocks: [{ search: "a\n", replace: "A\nx\n" }] }));
    assert.equal(textOf(change), "\ufeffA\r\nx\r\nb\r\n");
    assert.equal(change?.shown, "f");
    assert.equal(change?.path, folder.in("f"));
    assert.equal(change?.before?.digest, sha256(readFileSync(folder.in("f"))));
    assert.equal(change?.before?.mode, 0o755);
    assert.equal(rest.length, 0);
    assert.equal(readFileSync(folder.in("f"), "utf8"), "\ufeffa\r\nb\r\n");
  });

  it("edits the lines around a secret, and says of a block that holds its label what to do", async () => {
    writeFileSync(folder.in("f"), "name = 1\nkey = something-hidden\nport = 2\n");
    const [change] = valueOf(await edit({ path: "f", blocks: [{ search: "port = 2", replace: "port = 3" }] }));
    assert.equal(textOf(change), "name = 1\nkey = something-hidden\nport = 3\n");
    const block = { search: "key = [secret: github token]\nport = 2", replace: "port = 3" };
    assert.equal(
      faultOf(await edit({ path: "f", blocks: [block] })),
      "invalid: Nothing was changed: The block holds [secret: github token], which stands for text that is not shown to you; leave its line out of search and replace, and change the lines around it.",
    );
    assert.match(
      faultOf(await edit({ path: "f", blocks: [{ search: "port = 2", replace: "[secret: password]" }] })),
      /^invalid: Nothing was changed/,
    );
    writeFileSync(folder.in("f"), "docs say [secret: password]\n");
    assert.equal(
      textOf(
        valueOf(await edit({ path: "f", blocks: [{ search: "docs say [secret: password]", replace: "told: [secret: password]" }] }))[0],
      ),
      "told: [secret: password]\n",
    );
  });

  it("takes the marks that unseen characters are shown by for these characters, and writes no others", async () => {
    writeFileSync(folder.in("f"), "a\u200bb\nc\n");
    const [change] = valueOf(await edit({ path: "f", blocks: [{ search: "a<U+200B>b", replace: "a<U+200B>x<U+202E>" }] }));
    assert.equal(textOf(change), "a\u200bx<U+202E>\nc\n");
  });

  it("says of a block that does not fit what the file really holds", async () => {
    writeFileSync(folder.in("f"), "function add(a, b) {\n  return a - b;\n}\n");
    const fault = faultOf(await edit({ path: "f", blocks: [{ search: "  return a + b;", replace: "x" }] }));
    assert.equal(
      fault,
      [
        "invalid: Nothing was changed in f.",
        'The search text is not in the file. The nearest text is at lines 2-2: line 1 of the search is "  return a + b;" but line 2 of the file is "  return a - b;".',
        "Lines 2-2 are:",
        "  return a - b;",
      ].join("\n"),
    );
  });

  it("names the blocks that do not fit and asks for all of them again", async () => {
    writeFileSync(folder.in("f"), "a\nb\na\n");
    const fault = faultOf(
      await edit({
        path: "f",
        blocks: [
          { search: "b", replace: "B" },
          { search: "a", replace: "A" },
        ],
      }),
    );
    assert.match(
      fault,
      /^invalid: Nothing was changed in f\. The other blocks fit; send all of them again\.\nBlock 1: The search text occurs 2 times, at lines 1 and 3/,
    );
  });

  it("tells of many failing blocks without flooding the model", async () => {
    writeFileSync(folder.in("f"), "a\n");
    const fault = faultOf(
      await edit({ path: "f", blocks: Array.from({ length: 30 }, (_, at) => ({ search: `missing ${at}`, replace: "" })) }),
    );
    assert.match(fault, /25 more blocks do not fit either\.$/);
  });

  it("refuses an edit that changes nothing", async () => {
    writeFileSync(folder.in("f"), "a\n");
    assert.match(faultOf(await edit({ path: "f", blocks: [{ search: "a", replace: "a" }] })), /leave f as it is/);
  });

  it("refuses what is no text, and what is not there", async () => {
    writeFileSync(folder.in("binary"), Uint8Array.of(0x61, 0));
    assert.match(faultOf(await edit({ path: "binary", blocks: [{ search: "a", replace: "b" }] })), /^invalid: binary: The file is binary/);
    assert.match(
      faultOf(await edit({ path: "gone", blocks: [{ search: "a", replace: "b" }] })),
      /^missing: gone does not exist; create it with create_file/,
    );
  });

  it("fills an empty file, or makes one, from an empty search", async () => {
    writeFileSync(folder.in("empty"), "");
    assert.equal(textOf(valueOf(await edit({ path: "empty", blocks: [{ search: "", replace: "a\n" }] }))[0]), "a\n");
    const [made] = valueOf(await edit({ path: "new", blocks: [{ search: "", replace: "a\n" }] }));
    assert.equal(made?.before, null);
    assert.equal(textOf(made), "a\n");
  });

  it("keeps a file's encoding, and refuses a character it has no byte for", async () => {
    writeFileSync(folder.in("latin"), Buffer.from("caf\u00e9 = 1\n", "latin1"));
    const [change] = valueOf(await edit({ path: "latin", blocks: [{ search: "= 1", replace: "= \u00fc" }] }));
    assert.deepEqual(Buffer.from(change?.after ?? []), Buffer.from("caf\u00e9 = \u00fc\n", "latin1"));
    assert.match(faultOf(await edit({ path: "latin", blocks: [{ search: "= 1", replace: "\u4e16" }] })), /no byte for/);
  });

  it("writes, in the eyes of the policy, the path it was given", () => {
    assert.deepEqual(editFile.risk({ path: "../x", blocks: [] }), { effects: ["write"], paths: ["../x"], reversible: true });
  });
});

describe("create_file", () => {
  const folder = tempFolder();
  const create = async (input: object) => changes(createFile, await toolWorld(folder.path), input);

  it("makes a new file, in folders that are not there yet", async () => {
    const [change] = valueOf(await create({ path: "a/b/c", text: "x\n" }));
    assert.deepEqual(
      { path: change?.path, shown: change?.shown, before: change?.before, text: textOf(change) },
      { path: folder.in("a/b/c"), shown: "a/b/c", before: null, text: "x\n" },
    );
    assert.equal(existsSync(folder.in("a")), false);
  });

  it("refuses a file that exists, unless it holds the very same", async () => {
    writeFileSync(folder.in("f"), "x\n");
    assert.match(faultOf(await create({ path: "f", text: "y\n" })), /f exists; change it with edit_file/);
    const [same] = valueOf(await create({ path: "f", text: "x\n" }));
    assert.equal(same?.before?.digest, sha256(same?.after ?? ""));
  });
});

describe("delete_file", () => {
  const folder = tempFolder();
  const remove = async (input: object) => changes(deleteFile, await toolWorld(folder.path), input);

  it("proposes that the file be gone, with what it holds now, binary or not", async () => {
    writeFileSync(folder.in("f"), Uint8Array.of(0, 1));
    const [change] = valueOf(await remove({ path: "f" }));
    assert.equal(change?.after, null);
    assert.deepEqual([...(change?.before?.bytes ?? [])], [0, 1]);
    assert.ok(existsSync(folder.in("f")));
  });

  it("refuses what is not there, and a folder", async () => {
    assert.match(faultOf(await remove({ path: "gone" })), /^missing: gone does not exist/);
    assert.match(faultOf(await remove({ path: "." })), /^invalid/);
  });
});
