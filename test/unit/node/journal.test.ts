import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type Journal, JournalFailure, openJournal, type OpenJournal, readJournal } from "../../../src/node/journal.ts";
import { startChild } from "../../support/child.ts";
import { type Count, countFormat } from "../../support/count-format.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the journal", () => {
  const folder = tempFolder();
  const path = (): string => folder.in("journal.jsonl");

  async function open(at = path()): Promise<OpenJournal<Count>> {
    const opened = await openJournal(at, countFormat, { what: "Run 7" });
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.message);
    return opened.value;
  }
  const count = (n: number, text = ""): Count => ({ v: 2, n, text });
  const numbersIn = (file: string): number[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as Count).n);

  it("gives back what was appended, in order", async () => {
    const { journal, events } = await open();
    assert.deepEqual(events, []);
    for (const n of [1, 2, 3]) await journal.append(count(n, "zwölf\n\u2028"));
    await journal.close();
    const again = await open();
    assert.deepEqual(
      again.events,
      [1, 2, 3].map((n) => count(n, "zwölf\n\u2028")),
    );
    assert.equal(again.cut, 0);
    await again.journal.close();
  });

  it("has a line in the file by the time its append resolves", async () => {
    const { journal } = await open();
    for (const n of [1, 2, 3]) {
      await journal.append(count(n));
      assert.deepEqual(numbersIn(path()), [1, 2, 3].slice(0, n));
    }
    await journal.close();
  });

  it("keeps the order of appends made together, and is synced when all of them are", async () => {
    const { journal } = await open();
    const appends = Array.from({ length: 500 }, (_, i) => journal.append(count(i + 1)));
    await journal.synced();
    assert.equal(numbersIn(path()).length, 500);
    await Promise.all(appends);
    assert.deepEqual(
      numbersIn(path()),
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
    await journal.close();
  });

  it("lets what was appended reach the file before it closes, and closes only once", async () => {
    const { journal } = await open();
    const appended = journal.append(count(1));
    await Promise.all([journal.close(), journal.close(), appended]);
    assert.deepEqual(numbersIn(path()), [1]);
    assert.throws(() => journal.append(count(2)), /closed/);
  });

  it("cuts away a torn last line, at whatever byte it was torn, and goes on after it", async () => {
    const whole = Buffer.from(`${JSON.stringify(count(1))}\n${JSON.stringify(count(2, "ü"))}\n`);
    const first = whole.indexOf("\n") + 1;
    for (let end = first; end < whole.length; end++) {
      writeFileSync(path(), whole.subarray(0, end));
      const { journal, events, cut } = await open();
      assert.equal(events.length, 1);
      assert.equal(cut, end - first);
      await journal.append(count(2, "new"));
      await journal.close();
      assert.deepEqual(numbersIn(path()), [1, 2]);
    }
  });

  it("refuses to open with garbage in the middle, touches nothing, and leaves the lock free", async () => {
    const content = `${JSON.stringify(count(1))}\nrubbish\n${JSON.stringify(count(3))}\n`;
    writeFileSync(path(), content);
    const opened = await openJournal(path(), countFormat);
    assert.ok(!opened.ok);
    assert.match(opened.fault.message, /line 2 is not JSON/);
    assert.equal(readFileSync(path(), "utf8"), content);
    assert.deepEqual(readdirSync(folder.path), ["journal.jsonl"]);
    const reading = await readJournal(path(), countFormat);
    assert.ok(reading.ok);
    assert.equal(reading.value.events.length, 1);
    assert.equal(reading.value.damage?.kind, "broken");
  });

  it("can be read while it is being written, and is locked against a second writer", async () => {
    const { journal } = await open();
    await journal.append(count(1));
    appendFileSync(path(), '{"v":2,"n":');
    const reading = await readJournal(path(), countFormat);
    assert.ok(reading.ok && reading.value.events.length === 1 && reading.value.damage === undefined);
    const second = await openJournal(path(), countFormat, { what: "Run 7" });
    assert.ok(!second.ok);
    assert.match(second.fault.message, /Run 7 is open in this process already/);
    await journal.close();
    assert.deepEqual(readdirSync(folder.path).sort(), ["journal.head", "journal.jsonl"]);
  });

  it("is a fault where there is nothing to read, and where its folder is missing", async () => {
    const missing = await readJournal(path(), countFormat);
    assert.equal(missing.ok ? "" : missing.fault.kind, "missing");
    const homeless = await openJournal(folder.in("nowhere", "journal.jsonl"), countFormat);
    assert.equal(homeless.ok ? "" : homeless.fault.kind, "missing");
  });

  it("is for its owner alone", async () => {
    const { journal } = await open();
    assert.equal(statSync(path()).mode & 0o777, 0o600);
    await journal.close();
  });

  it("notices that its file was deleted under it", async () => {
    const { journal } = await open();
    await journal.append(count(1));
    await journal.synced();
    rmSync(path());
    await journal.append(count(2)).catch(() => undefined);
    await assert.rejects(journal.synced(), /The journal could not be written: its file was deleted/);
    await assert.rejects(journal.append(count(3)), JournalFailure);
    await journal.close();
  });

  it("loses nothing it acknowledged when its process is killed, any number of times", async function () {
    this.timeout(30_000);
    let known = 0;
    for (let round = 0; round < 8; round++) {
      const child = await startChild("journal-writer-main", ["write", path()]);
      const enough = known + 5 + round * 17;
      while (known < enough) known = Number((await child.line()) ?? assert.fail("it ended by itself"));
      child.process.kill("SIGKILL");
      for (let line = await child.line(); line !== undefined; line = await child.line()) known = Number(line);
      await child.ended;
      const { journal, events } = await open();
      // One more than was heard of may have been written: killed between writing and saying so.
      assert.ok(events.length === known || events.length === known + 1, `${events.length} events, ${known} acknowledged`);
      known = events.length;
      await journal.close();
    }
  });

  describe("on a full disk", () => {
    /** Fills up at the 16 KiB of a tiny file system; undefined (and the test skipped) where none can be mounted. */
    function mountTiny(): string | undefined {
      const at = folder.in("tiny");
      mkdirSync(at);
      try {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "proviso-test", at], { stdio: "ignore" });
        return at;
      } catch {
        return undefined;
      }
    }
    const unmount = (at: string): void => void execFileSync("umount", [at]);

    async function fill(journal: Journal<Count>): Promise<{ readonly acknowledged: number; readonly failure: unknown }> {
      for (let n = 1; ; n++) {
        const failure: unknown = await journal.append(count(n, "x".repeat(1000))).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) return { acknowledged: n - 1, failure };
      }
    }

    it("says so, leaves no part of the line, accepts nothing more, and goes on once there is room", async function () {
      const tiny = mountTiny();
      if (tiny === undefined) {
        console.warn("      no tmpfs can be mounted here, so a full disk is not tested");
        return this.skip();
      }
      try {
        const file = `${tiny}/journal.jsonl`;
        const { journal } = await open(file);
        const { acknowledged, failure } = await fill(journal);
        assert.ok(failure instanceof JournalFailure);
        assert.equal(failure.message, "The journal could not be written: no space left on device; free some, then resume.");
        assert.equal(failure.fault.kind, "unavailable");
        assert.ok(acknowledged > 5 && acknowledged < 16);
        assert.equal(numbersIn(file).length, acknowledged);
        await assert.rejects(journal.append(count(1)), JournalFailure);
        await assert.rejects(journal.synced(), JournalFailure);
        await journal.close();
        assert.ok(existsSync(file));
        execFileSync("mount", ["-o", "remount,size=64k", tiny]);
        const again = await open(file);
        assert.equal(again.events.length, acknowledged);
        assert.equal(again.cut, 0);
        await again.journal.append(count(acknowledged + 1));
        await again.journal.close();
      } finally {
        unmount(tiny);
      }
    });

    it("fails all appends that were made together, each with the same reason", async function () {
      const tiny = mountTiny();
      if (tiny === undefined) return this.skip();
      try {
        const { journal } = await open(`${tiny}/journal.jsonl`);
        const endings = await Promise.allSettled([1, 2, 3].map((n) => journal.append(count(n, "x".repeat(10_000)))));
        const reasons = endings.filter((ending) => ending.status === "rejected").map((ending): unknown => ending.reason);
        assert.ok(reasons.length > 0 && reasons.every((reason) => reason instanceof JournalFailure));
        assert.equal(numbersIn(`${tiny}/journal.jsonl`).length, 3 - reasons.length);
        await journal.close();
      } finally {
        unmount(tiny);
      }
    });
  });
});
