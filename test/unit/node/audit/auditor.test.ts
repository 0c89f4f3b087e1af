import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { defaultLimits, type Event, type EventBody } from "../../../../src/agent/event.ts";
import { type AuditedRun, Auditor } from "../../../../src/node/audit/auditor.ts";
import { eventFormat } from "../../../../src/node/journal/event-format.ts";
import { headPath } from "../../../../src/node/journal/head.ts";
import { openJournal } from "../../../../src/node/journal.ts";
import { createRun, deleteRun, endBefore, type RunFolder } from "../../../../src/node/runs.ts";
import { openWorkspaceHome, type WorkspaceHome } from "../../../../src/node/state-home.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const noon = Date.UTC(2026, 10, 21, 12, 0, 0);
const started: EventBody = {
  type: "run.started",
  run: "r",
  goal: "Mend it",
  criteria: [],
  workspace: "/w",
  model: "m",
  mode: "supervised",
  limits: defaultLimits,
  briefing: { entries: [] },
};

describe("verifying runs", () => {
  const folder = tempFolder();
  let home: WorkspaceHome;
  let run: RunFolder;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    const opened = await openWorkspaceHome(folder.in("state"), folder.in("w"));
    assert.ok(opened.ok);
    home = opened.value;
    run = await write(await create(0), 6);
  });

  async function create(minute: number): Promise<RunFolder> {
    const created = await createRun(home, noon + minute * 60_000);
    assert.ok(created.ok);
    return created.value;
  }

  async function write(target: RunFolder, count: number, word = "word"): Promise<RunFolder> {
    const opened = await openJournal<Event>(target.journal, eventFormat, { previous: () => endBefore(home, target.id) });
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.message);
    const { journal, events } = opened.value;
    for (let i = 1; i <= count; i++) {
      const seq = events.length + i;
      await journal.append({ v: 1, seq, at: noon + seq, ...(seq === 1 ? started : { type: "user.said", text: `${word} ${seq}` }) });
    }
    await journal.close();
    return target;
  }

  async function verify(target = run): Promise<AuditedRun> {
    const verified = await new Auditor(home).verify(target);
    assert.ok(verified.ok, verified.ok ? "" : verified.fault.message);
    return verified.value;
  }
  const lines = (target = run): string[] => readFileSync(target.journal, "utf8").split("\n").slice(0, -1);
  const rewrite = (next: readonly string[], target = run): void => writeFileSync(target.journal, next.map((line) => `${line}\n`).join(""));
  const digestOf = (line: number): string =>
    createHash("sha256")
      .update(lines()[line - 1] ?? "")
      .digest("hex");
  const first = async (): Promise<string> => {
    const [problem] = (await verify()).problems;
    return problem === undefined ? "none" : `line ${problem.line} ${problem.what}`;
  };

  it("finds nothing wrong with what was written, and tells where it ends", async () => {
    const { problems, notes, lines: count, head } = await verify();
    assert.deepEqual([problems, notes, count], [[], [], 6]);
    assert.match(head, /^[0-9a-f]{64}$/);
  });

  it("finds a changed word, naming the line after the changed one as the first that cannot be trusted", async () => {
    rewrite(lines().map((line, i) => (i === 2 ? line.replace("word 3", "word 9") : line)));
    assert.equal(await first(), "line 4 does not follow the line before it: one of them was changed, or lines between are gone");
  });

  it("finds any one changed byte of any line, the last one included", async () => {
    const whole = readFileSync(run.journal);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(whole);
        changed[at] = ((changed[at] ?? 0) + by) % 256;
        writeFileSync(run.journal, changed);
        assert.notDeepEqual((await verify()).problems, [], `byte ${at}`);
      }),
      { numRuns: 300 },
    );
  });

  it("finds a deleted line, wherever it stood", async () => {
    const all = lines();
    for (let gone = 0; gone < all.length; gone++) {
      rewrite(all.filter((_, i) => i !== gone));
      assert.notEqual(await first(), "none", `line ${gone + 1}`);
    }
    rewrite(all.slice(0, -1));
    assert.equal(await first(), "line 6 is gone: it had been written");
  });

  it("finds swapped lines, also where their numbers were made to fit", async () => {
    const [a = "", b = "", c = "", d = "", ...rest] = lines();
    rewrite([a, c, b, d, ...rest]);
    assert.match(await first(), /^line 2 has number 3 where 2 was due/);
    rewrite([a, c.replace('"seq":3', '"seq":2'), b.replace('"seq":2', '"seq":3'), d, ...rest]);
    assert.match(await first(), /^line 2 does not follow/);
  });

  it("finds an added line, in the middle and at the end", async () => {
    const all = lines();
    const forged = '{"v":1,"seq":7,"at":1,"type":"user.said","text":"forged"}';
    rewrite([...all, forged]);
    assert.equal(await first(), "line 7 carries no digest of the line before it");
    rewrite([...all.slice(0, 3), forged.replace("7", "4"), ...all.slice(3)]);
    assert.match(await first(), /^line 4 carries no digest/);
  });

  it("tells lines cut from the end from a last line that was torn", async () => {
    const all = lines();
    rewrite(all.slice(0, 3));
    assert.equal(await first(), "line 4 is gone, and so are all up to line 6: they had been written");
    rewrite(all);
    appendFileSync(run.journal, '{"v":1,"seq":7,"at":17');
    const { problems, notes } = await verify();
    assert.deepEqual(problems, []);
    assert.deepEqual(notes, ["its last line was cut off while it was being written, and was never acknowledged"]);
  });

  it("does not forget lines that were cut off because the run went on after it", async () => {
    rewrite(lines().slice(0, 3));
    await write(run, 5, "another word");
    assert.equal(lines().length, 8);
    assert.equal(await first(), "line 6 is not the line that was noted when it was written");
  });

  it("holds wherever a process was killed in the middle of a line, and over what comes after", async () => {
    const whole = readFileSync(run.journal);
    const known = readFileSync(headPath(run.journal));
    const last = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (let end = last; end < whole.length; end += 7) {
      // The note lags: what it names was synced, the line being written was not.
      writeFileSync(headPath(run.journal), JSON.stringify({ lines: 3, digest: digestOf(3) }));
      writeFileSync(run.journal, whole.subarray(0, end));
      assert.equal(await first(), "none", `killed at byte ${end}`);
      await write(run, 1, "after the kill");
      assert.equal(await first(), "none", `gone on after byte ${end}`);
      writeFileSync(run.journal, whole);
      writeFileSync(headPath(run.journal), known);
    }
  });

  it("finds a whole journal whose links were taken out", async () => {
    rewrite(lines().map((line) => line.replace(/,"prev":"\w+"/, "")));
    assert.equal(await first(), "line 6 is not the line that was noted when it was written");
  });

  it("misses the note of where the journal ends, and one that says nothing", async () => {
    writeFileSync(headPath(run.journal), "");
    assert.match(await first(), /^line 6 may not be the last: .* cannot be read/);
    rmSync(headPath(run.journal));
    assert.match(await first(), /^line 6 may not be the last: .* is gone/);
  });

  it("reads journals that are older than the chain, and chains what comes after", async () => {
    rewrite(lines().map((line) => line.replace(/,"prev":"\w+"/, "")));
    rmSync(headPath(run.journal));
    assert.deepEqual((await verify()).problems, []);
    await write(run, 2);
    const { problems, notes } = await verify();
    assert.deepEqual(problems, []);
    assert.deepEqual(notes, ["lines 1 to 6 are older than the chain"]);
    rewrite(lines().map((line, i) => (i === 5 ? line.replace("word 6", "word 5") : line)));
    assert.match(await first(), /^line 7 does not follow/);
  });

  describe("the chain from run to run", () => {
    let next: RunFolder;
    beforeEach(async () => {
      next = await write(await create(1), 2);
    });
    const nextProblem = async (): Promise<string> => {
      const [problem] = (await verify(next)).problems;
      return problem === undefined ? "none" : `line ${problem.line} ${problem.what}`;
    };

    it("finds lines cut from an earlier run, together with its note", async () => {
      assert.equal(await nextProblem(), "none");
      rewrite(lines().slice(0, 4));
      rmSync(headPath(run.journal));
      assert.equal(await nextProblem(), `line 1 stands on line 6 of run ${run.id}, which is gone`);
    });

    it("finds an earlier run written anew, and one that was taken away", async () => {
      rmSync(run.path, { recursive: true });
      assert.equal(await nextProblem(), `line 1 stands on run ${run.id}, which is gone`);
      mkdirSync(run.path);
      await write(run, 7);
      assert.equal(await nextProblem(), "none", "written anew with the same words");
      rewrite(lines().map((line) => line.replace("word 6", "word 0")));
      assert.match(await nextProblem(), /stands on line 6 of run .*, which is no longer what it was/);
    });

    it("holds over a run that a person deleted, and says so", async () => {
      await deleteRun(run);
      const { problems, notes } = await verify(next);
      assert.deepEqual(problems, []);
      assert.deepEqual(notes, [`the run before it, ${run.id}, was deleted`]);
    });

    it("holds while the run before is still going on", async () => {
      await write(run, 3);
      assert.equal(await nextProblem(), "none");
    });
  });
});
