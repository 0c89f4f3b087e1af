import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { safeJson } from "../../../../src/node/journal/chain.ts";
import { readHead, readLostHeads } from "../../../../src/node/journal/head.ts";
import { openJournal, readJournal } from "../../../../src/node/journal.ts";
import { type Count, countFormat } from "../../../support/count-format.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const sha = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("the chain of a journal", () => {
  const folder = tempFolder();
  const path = (): string => folder.in("journal.jsonl");

  async function append(from: number, to: number, previous?: { run: string; line: number; digest: string }): Promise<void> {
    const opened = await openJournal<Count>(path(), countFormat, { previous: async () => previous });
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.message);
    for (let n = from; n <= to; n++) await opened.value.journal.append({ v: 2, n, text: `line ${n}` });
    await opened.value.journal.close();
  }
  const lines = (): string[] => readFileSync(path(), "utf8").split("\n").slice(0, -1);
  const prevOf = (line: string | undefined): unknown => (JSON.parse(line ?? "") as { prev?: unknown }).prev;

  it("gives every line the digest of the bytes of the one before it, also over several openings", async () => {
    await append(1, 2);
    await append(3, 4);
    const all = lines();
    assert.equal(all.length, 4);
    for (let i = 1; i < 4; i++) assert.equal(prevOf(all[i]), sha(all[i - 1] ?? ""));
    assert.equal(prevOf(all[0]), "0".repeat(64));
    assert.deepEqual(await readHead(folder.in("journal.head")), { lines: 4, digest: sha(all[3] ?? "") });
  });

  it("replaces the head as a whole when the journal is opened for more: killed then, it is the old one or the new one", async () => {
    await append(1, 2);
    const before = readFileSync(folder.in("journal.head"), "utf8");
    const descriptor = openSync(folder.in("journal.head"), "r");
    await append(3, 3);
    assert.equal(readFileSync(descriptor, "utf8"), before);
    closeSync(descriptor);
    writeFileSync(folder.in("journal.head.77-abc.new"), "");
    assert.deepEqual(await readLostHeads(path()), []);
  });

  it("keeps the order of appends made together", async () => {
    const opened = await openJournal<Count>(path(), countFormat);
    assert.ok(opened.ok);
    await Promise.all(Array.from({ length: 200 }, (_, i) => opened.value.journal.append({ v: 2, n: i + 1, text: "" })));
    await opened.value.journal.close();
    const all = lines();
    for (let i = 1; i < 200; i++) assert.equal(prevOf(all[i]), sha(all[i - 1] ?? ""));
  });

  it("goes on from the journal before it, named in the first line alone", async () => {
    const digest = sha("the end of another");
    await append(1, 2, { run: "earlier", line: 7, digest });
    const reading = await readJournal(path(), countFormat);
    assert.ok(reading.ok);
    assert.deepEqual(reading.value.chain.origin, { prev: digest, after: { run: "earlier", line: 7 } });
    assert.deepEqual(
      lines().map((line) => line.includes("earlier")),
      [true, false],
    );
  });

  it("is not in the events, which are as they were appended", async () => {
    await append(1, 2);
    const reading = await readJournal(path(), countFormat);
    assert.deepEqual(reading.ok ? reading.value.events : [], [
      { v: 2, n: 1, text: "line 1" },
      { v: 2, n: 2, text: "line 2" },
    ]);
  });
});

describe("a value as a line", () => {
  it("reads back as it was, and holds nothing that a terminal would obey or hide", () => {
    const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e01ef}]/u;
    const nasty = fc.constantFrom("\u001b]52;c;x\u0007", "\u202e", "\u200b", "\u{e0041}", "\u{1f600}", "\u009b2J", "é", "\ud800", "\u2028");
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string())), (parts) => {
        const line = safeJson({ text: parts.join("") });
        assert.deepEqual(JSON.parse(line), { text: parts.join("") });
        assert.doesNotMatch(line, unsafe);
      }),
    );
  });
});
