// Journals as they should not be, met through the real command line: torn, damaged, from the future, held by another process.

import { strict as assert } from "node:assert";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { call, oneGoal, oneStep } from "../support/one-step.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { assertPlainWords, assertRefused, ending, Stranger } from "../support/stranger.ts";

describe("a run's journal", () => {
  let server: ScriptedServer;
  let cli: Stranger;
  let hangs = false;
  before(async () => {
    const script = oneStep({}, call("read_file", { path: "sum.js" }), call("list_files", {}), { text: "It subtracts: sum.js:1" });
    server = await startScriptedServer((cue) => {
      const line = typeof script === "function" ? script(cue) : undefined;
      return hangs && cue.turn === 2 ? { ...line, trouble: { is: "hang" } } : line;
    });
  });
  after(() => server.close());
  beforeEach(() => {
    hangs = false;
    cli = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" }, server.url);
  });
  afterEach(() => cli.remove());

  const lines = (): string[] => readFileSync(cli.journal, "utf8").split("\n");
  const finish = async (): Promise<void> => assert.equal((await cli.run(["run", oneGoal, "--json"])).code, 0);
  /** The run as if it had been cut off after so many events. */
  const cutTo = (events: number, tail = ""): void => writeFileSync(cli.journal, `${lines().slice(0, events).join("\n")}\n${tail}`);

  it("with garbage in the middle is told up to there, never gone on with, and never changed", async () => {
    await finish();
    const before = lines();
    writeFileSync(cli.journal, [...before.slice(0, 5), "\u0000garbage{", ...before.slice(5)].join("\n"));
    const damaged = readFileSync(cli.journal);
    const shown = await cli.run(["show"]);
    assert.equal(shown.code, 1);
    assert.match(shown.out, /Mend the sum/);
    assertRefused(shown, 1, /is damaged: line 6 is not JSON.*head -n 5/);
    for (const way of ["--timeline", "--trace", "--audit"]) assertRefused(await cli.run(["show", way]), 1, /is damaged: line 6/);
    assertRefused(await cli.run(["replay"]), 1, /is damaged: line 6/);
    assertRefused(await cli.run(["resume"]), 1, /is damaged: line 6.*cut the file there/);
    const listed = await cli.run(["runs", "--json"]);
    assert.equal(listed.code, 0);
    assert.equal(listed.out.trim().split("\n").length, 1);
    assert.deepEqual(readFileSync(cli.journal), damaged);
    assert.deepEqual(cli.leftovers(), []);
  });

  it("that is cut where the fault says so can be gone on with", async () => {
    await finish();
    writeFileSync(cli.journal, [...lines().slice(0, 6), "garbage", ...lines().slice(6)].join("\n"));
    assert.equal((await cli.run(["resume"])).code, 1);
    cutTo(6);
    assert.equal(ending(await cli.run(["resume", "--json"])).outcome, "done");
  });

  it("with a torn last line loses that line alone", async () => {
    await finish();
    for (const tail of ['{"v":1,"seq":8,"at":17', "\u0000\u0000\u0000\u0000", '{"v":1}{{{\n']) {
      cutTo(7, tail);
      const shown = await cli.run(["show", "--json"]);
      assert.equal(shown.events.length, 7, JSON.stringify(tail) + shown.err);
      const resumed = await cli.run(["resume", "--json"]);
      assert.equal(ending(resumed).outcome, "done", resumed.err);
      assert.equal((await cli.run(["replay"])).code, 0);
      for (const line of lines().slice(0, -1)) JSON.parse(line);
    }
  });

  it("that begins with garbage, is empty, or is a folder harms no other run", async () => {
    await finish();
    const good = dirname(cli.journal);
    const other = (name: string): string => join(dirname(good), name);
    cpSync(good, other("20200101-0101-aaaa"), { recursive: true });
    writeFileSync(join(other("20200101-0101-aaaa"), "journal.jsonl"), "garbage\n{}\n");
    mkdirSync(other("20200101-0102-bbbb"));
    writeFileSync(join(other("20200101-0102-bbbb"), "journal.jsonl"), "");
    mkdirSync(join(other("20200101-0103-cccc"), "journal.jsonl"), { recursive: true });
    mkdirSync(other("notes"));
    const listed = await cli.run(["runs"]);
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /Mend the sum/);
    assert.match(listed.out, /aaaa.*damaged/);
    assert.doesNotMatch(listed.out, /bbbb/);
    for (const id of ["aaaa", "cccc"]) {
      for (const words of [
        ["show", id],
        ["resume", id],
        ["replay", id],
      ]) {
        const ended = await cli.run(words);
        assert.equal(ended.code, 1, words.join(" "));
        assertPlainWords(ended);
        assert.match(ended.err, /^proviso: [^\n]*\.\n$/);
      }
    }
  });

  it("of a newer version says which to use", async () => {
    await finish();
    appendFileSync(cli.journal, `${JSON.stringify({ v: 99, seq: lines().length, at: 1, type: "run.transcended" })}\n`);
    assertRefused(await cli.run(["resume"]), 1, /newer Proviso.*upgrade/);
  });

  it("held by a living process is refused with its number, and taken over once that was killed", async () => {
    hangs = true;
    const first = cli.start(["run", oneGoal, "--json"]);
    await first.event((event) => event.type === "call.ended" && event.call === "only.1.1.0");
    for (const words of [["resume"], ["resume", "--json", "--approve", "all"]]) {
      assertRefused(await cli.run(words), 1, new RegExp(`\\b${first.child.pid}\\b`));
    }
    const listed = await cli.run(["runs", "--json"]);
    assert.match(listed.out, new RegExp(`"outcome":"running".*"pid":${first.child.pid}`));
    assert.equal((await cli.run(["show", "--json"])).events.at(-1)?.type, "call.ended");
    first.child.kill("SIGKILL");
    await first.ended;
    assert.match((await cli.run(["runs"])).out, /interrupted/);
    hangs = false;
    assert.equal(ending(await cli.run(["resume", "--json"])).outcome, "done");
    assert.deepEqual(cli.leftovers(), []);
    assert.match((await cli.run(["runs"])).out, /done/);
  });

  it("is found by the beginning or the end of its id, and an ambiguous one is not guessed", async () => {
    await finish();
    const id = basename(dirname(cli.journal));
    for (const part of [id, id.slice(0, 8), id.slice(-4)]) assert.equal((await cli.run(["show", part])).code, 0, part);
    cpSync(dirname(cli.journal), join(dirname(dirname(cli.journal)), `${id.slice(0, -4)}zzzz`), { recursive: true });
    assertRefused(await cli.run(["resume", id.slice(0, 8)]), 1, /could be .*zzzz.*write more of it/);
    assertRefused(await cli.run(["resume", "../../etc"]), 1, /There is no run/);
  });

  it("that is done is not done again", async () => {
    await finish();
    const before = readFileSync(cli.journal);
    const plain = await cli.run(["resume"]);
    assert.equal(plain.code, 0);
    assert.match(plain.err, /is done already/);
    assert.equal(ending(await cli.run(["resume", "--json"])).outcome, "done");
    assert.deepEqual(readFileSync(cli.journal), before);
  });

  it("lost its blobs: what is told needs none", async () => {
    await finish();
    rmSync(join(dirname(cli.journal), "blobs"), { recursive: true, force: true });
    assert.equal((await cli.run(["replay"])).code, 0);
    assert.ok(readdirSync(dirname(cli.journal)).includes("journal.jsonl"));
  });

  it("is told in ways whose every line of JSON can be read", async () => {
    await finish();
    for (const way of [[], ["--timeline"], ["--trace"], ["--audit"]]) {
      const told = await cli.run(["show", "--json", ...way]);
      assert.equal(told.code, 0);
      assert.ok(told.events.length > 0, way.join(" "));
    }
    const replayed = await cli.run(["replay", "--json"]);
    assert.deepEqual(replayed.events.at(-1), { verified: true, discrepancies: [] });
  });
});
