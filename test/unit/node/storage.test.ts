import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits, type Event, type Outcome } from "../../../src/agent/event.ts";
import { eventFormat } from "../../../src/node/journal/event-format.ts";
import { openJournal } from "../../../src/node/journal.ts";
import { createRun, listRuns, type RunFolder } from "../../../src/node/runs.ts";
import { collect, collectDaily, storedRuns } from "../../../src/node/storage.ts";
import { openWorkspaceHome, type WorkspaceHome } from "../../../src/node/state-home.ts";
import { valueOf } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 21, 12);
const megabyte = new Uint8Array(1024 * 1024);

describe("what is kept of runs", () => {
  const folder = tempFolder();
  let home: WorkspaceHome;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    home = valueOf(await openWorkspaceHome(folder.in("state"), folder.in("w")));
  });

  /** A run that ended so many days ago, or did not end, with one megabyte of images. */
  async function run(daysAgo: number, outcome: Outcome | "interrupted"): Promise<RunFolder> {
    const at = now - daysAgo * day;
    const made = valueOf(await createRun(home, at));
    const { journal } = valueOf(await openJournal<Event>(made.journal, eventFormat, { what: "run" }));
    const facts = { criteria: [], workspace: "/w", model: "m", mode: "supervised", limits: defaultLimits, briefing: { entries: [] } };
    await journal.append({ v: 1, seq: 1, at, type: "run.started", run: made.id, goal: `${daysAgo} days ago`, ...facts });
    if (outcome !== "interrupted") await journal.append({ v: 1, seq: 2, at, type: "run.ended", outcome, answer: "", ledger: [] });
    await journal.close();
    mkdirSync(made.blobs);
    writeFileSync(join(made.blobs, "a".repeat(64)), megabyte);
    return made;
  }

  const left = async (): Promise<readonly string[]> => valueOf(await listRuns(home)).map(({ goal }) => goal);
  const recent = async (): Promise<void> => {
    for (const daysAgo of [1, 2, 3, 4, 5]) await run(daysAgo, "done");
  };

  it("is told with its size, images apart", async () => {
    await run(1, "done");
    const [one] = valueOf(await storedRuns(home));
    assert.equal(one?.imageBytes, megabyte.length);
    assert.ok(one.otherBytes > 100 && one.otherBytes < 10_000);
  });

  it("goes when it is too old, but for what could go on and the newest five", async () => {
    await recent();
    const old = await run(100, "done");
    await run(101, "interrupted");
    await run(102, "stopped");
    const gone = valueOf(await collect(home, { days: 90, megabytes: 1000 }, now));
    assert.deepEqual(
      gone.map(({ goal, what }) => `${goal}: ${what}`),
      ["100 days ago: run"],
    );
    assert.equal(existsSync(old.journal), false);
    assert.equal((await left()).length, 7);
    assert.deepEqual(valueOf(await collect(home, { days: 0.001, megabytes: 1000 }, now)), []);
  });

  it("loses the images of the oldest first where it is too much, and the run only after those", async () => {
    await recent();
    const [older, oldest] = [await run(20, "done"), await run(30, "failed")];
    const first = valueOf(await collect(home, { days: 90, megabytes: 6.5 }, now));
    assert.deepEqual(
      first.map(({ goal, what }) => `${goal}: ${what}`),
      ["30 days ago: images"],
    );
    assert.deepEqual([existsSync(oldest.journal), existsSync(oldest.blobs), existsSync(older.blobs)], [true, false, true]);
    const second = valueOf(await collect(home, { days: 90, megabytes: 0.001 }, now));
    assert.deepEqual(
      second.map(({ goal, what }) => `${goal}: ${what}`),
      ["20 days ago: images", "30 days ago: run", "20 days ago: run"],
    );
    assert.equal((await left()).length, 5);
  });

  it("is looked over once a day", async () => {
    await recent();
    await run(100, "done");
    const keep = { days: 90, megabytes: 1000 };
    await collectDaily(home, keep, now);
    assert.equal((await left()).length, 5);
    await run(100, "done");
    await collectDaily(home, keep, now + day / 2);
    assert.equal((await left()).length, 6);
    await collectDaily(home, keep, now + day);
    assert.equal((await left()).length, 5);
    assert.ok(readdirSync(home.path).includes("collected"));
  });
});
