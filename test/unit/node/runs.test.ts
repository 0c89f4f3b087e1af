import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { defaultLimits, type Event, type EventBody } from "../../../src/agent/event.ts";
import { eventFormat } from "../../../src/node/journal/event-format.ts";
import { openJournal } from "../../../src/node/journal.ts";
import { isRunId, runId } from "../../../src/node/run-id.ts";
import { createRun, findRun, listRuns, type RunFolder } from "../../../src/node/runs.ts";
import { openWorkspaceHome, type WorkspaceHome } from "../../../src/node/state-home.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

describe("the name of a run", () => {
  it("says when it began and is short", () => {
    assert.equal(runId(Date.UTC(2026, 10, 21, 13, 26, 30, 17), 0.3), "20261121-1326-g099");
    assert.ok(isRunId(runId(noon, 0)) && isRunId(runId(noon, 0.999999)));
  });

  it("sorts by time, down to two milliseconds", () => {
    const times = [0, 2, 4, 999, 1001, 59_998, 60_000, 60_002, 3_600_000, 86_400_000].map((ms) => noon + ms);
    const names = times.map((time, i) => runId(time, i % 2 ? 0 : 0.99));
    assert.deepEqual(names, [...names].sort());
    assert.equal(new Set(names).size, names.length);
  });
});

describe("the runs of a workspace", () => {
  const folder = tempFolder();
  let home: WorkspaceHome;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    const opened = await openWorkspaceHome(folder.in("state"), folder.in("w"));
    assert.ok(opened.ok);
    home = opened.value;
  });

  async function create(now = noon): Promise<RunFolder> {
    const run = await createRun(home, now);
    assert.ok(run.ok);
    return run.value;
  }

  const started = (goal: string): EventBody => ({
    type: "run.started",
    run: "r",
    goal,
    criteria: [],
    workspace: "/w",
    model: "m",
    mode: "supervised",
    limits: defaultLimits,
    briefing: { entries: [] },
  });
  const ended: EventBody = { type: "run.ended", outcome: "done", answer: "x".repeat(20_000), ledger: [] };

  async function write(run: RunFolder, bodies: readonly EventBody[], keepOpen = false): Promise<() => Promise<void>> {
    const opened = await openJournal<Event>(run.journal, eventFormat);
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.message);
    const { journal, events } = opened.value;
    for (const [i, body] of bodies.entries()) await journal.append({ v: 1, seq: events.length + i + 1, at: noon + i, ...body });
    if (!keepOpen) await journal.close();
    return () => journal.close();
  }

  async function list(): Promise<{ goal: string; status: string; events: number }[]> {
    const runs = await listRuns(home);
    assert.ok(runs.ok);
    return runs.value.map(({ goal, status, events }) => ({ goal, status, events }));
  }

  it("have a folder each, for its owner alone, even when made in the same millisecond", async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => create()));
    assert.equal(new Set(runs.map(({ id }) => id)).size, 20);
    for (const { path } of runs) assert.equal(statSync(path).mode & 0o777, 0o700);
  });

  it("are found by id, by beginning, by end and as the latest", async () => {
    const [first, second] = [await create(noon), await create(noon + 3_600_000)];
    for (const run of [first, second]) await write(run, [started("g")]);
    const find = async (name?: string): Promise<string> => {
      const run = await findRun(home, name);
      return run.ok ? run.value.id : run.fault.message;
    };
    assert.equal(await find(first.id), first.id);
    assert.equal(await find("20261121-12"), first.id);
    assert.equal(await find(second.id.slice(-4)), second.id);
    assert.equal(await find(), second.id);
    assert.equal(await find("latest"), second.id);
    assert.match(await find("2026"), /"2026" could be 20261121-13.*, 20261121-12.*; write more of it/);
    assert.match(await find("../w"), /There is no run "\.\.\/w"/);
    assert.match(await find(""), /There is no run ""/);
  });

  it("are none at first, and that is said", async () => {
    assert.deepEqual(await list(), []);
    const latest = await findRun(home);
    assert.match(latest.ok ? "" : latest.fault.message, /There is no run of .* yet; start one/);
    rmSync(home.runs, { recursive: true });
    assert.deepEqual(await list(), []);
  });

  it("are listed newest first with goal, status and length, from both ends of each journal", async () => {
    await write(await create(noon), [started("first".repeat(5000)), ended]);
    await write(await create(noon + 60_000), [started("second"), { type: "user.said", text: "hm" }]);
    const close = await write(await create(noon + 120_000), [started("third")], true);
    assert.deepEqual(await list(), [
      { goal: "third", status: "running", events: 1 },
      { goal: "second", status: "interrupted", events: 2 },
      { goal: "first".repeat(5000), status: "done", events: 2 },
    ]);
    await close();
  });

  it("do not count one whose process was killed before it began", async () => {
    const run = await create(noon);
    await write(run, [started("g")]);
    writeFileSync((await create(noon + 60_000)).journal, "");
    await create(noon + 120_000);
    const latest = await findRun(home);
    assert.equal(latest.ok && latest.value.id, run.id);
    assert.equal((await list()).length, 1);
  });

  it("are listed even where one is torn and one is rubbish", async () => {
    const torn = await create(noon);
    await write(torn, [started("torn"), { type: "user.said", text: "kept" }]);
    appendFileSync(torn.journal, '{"v":1,"seq":3,"ty');
    writeFileSync((await create(noon + 120_000)).journal, "rubbish\nrubbish\n");
    mkdirSync(`${home.runs}/not-a-run`);
    assert.deepEqual(await list(), [
      { goal: "", status: "damaged", events: 0 },
      { goal: "torn", status: "interrupted", events: 2 },
    ]);
  });

  it("refuse an event of another schema and one out of its order when opened", async () => {
    const run = await create();
    await write(run, [started("g")]);
    appendFileSync(run.journal, '{"v":1,"seq":2,"at":1,"type":"user.shouted","text":""}\n');
    const unknown = await openJournal<Event>(run.journal, eventFormat);
    assert.match(unknown.ok ? "" : unknown.fault.message, /line 2 is not an event this Proviso knows/);
    const other = await create(noon);
    await write(other, [started("g")]);
    appendFileSync(other.journal, '{"v":1,"seq":7,"at":1,"type":"user.said","text":""}\n');
    const gap = await openJournal<Event>(other.journal, eventFormat);
    assert.match(gap.ok ? "" : gap.fault.message, /line 2 has number 7 where 2 was due/);
  });
});
