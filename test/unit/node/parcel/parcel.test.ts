import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isWhole } from "../../../../src/agent/checkpoint.ts";
import { defaultLimits, type Event } from "../../../../src/agent/event.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import type { Result } from "../../../../src/agent/result.ts";
import { auditedRuns } from "../../../../src/node/audit/audited-runs.ts";
import { createBlobs } from "../../../../src/node/blobs.ts";
import { forkRun } from "../../../../src/node/fork.ts";
import { eventFormat } from "../../../../src/node/journal/event-format.ts";
import { chainLines, foundJournal } from "../../../../src/node/journal/found.ts";
import { openJournal, readJournal } from "../../../../src/node/journal.ts";
import { type Imported, importRun } from "../../../../src/node/parcel/import-run.ts";
import { packRun, type Parcel, writeParcel } from "../../../../src/node/parcel/pack.ts";
import { createRun, deleteRun, endBefore, listRuns, type RunFolder } from "../../../../src/node/runs.ts";
import { openSecrets } from "../../../../src/node/secrets.ts";
import { openWorkspaceHome, type WorkspaceHome } from "../../../../src/node/state-home.ts";
import { fakeSecrets } from "../../../support/fake-secrets.ts";
import { valueOf } from "../../../support/real-files.ts";
import { tellStory } from "../../../support/tell-story.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const secrets = openSecrets({});
const never = new AbortController().signal;
const noon = Date.UTC(2026, 10, 21, 12, 0, 0);
const place = { mode: "supervised", limits: defaultLimits, trust: "trusted", secrets, now: noon } as const;

describe("carrying runs", () => {
  const folder = tempFolder();
  let here: WorkspaceHome;
  let there: WorkspaceHome;
  let story: readonly Event[];
  let images: readonly Uint8Array[];

  before(async () => {
    const told = await tellStory({});
    story = told.events;
    images = [...told.blobs.values()];
  });
  beforeEach(async () => {
    for (const name of ["here", "there"]) mkdirSync(folder.in(name));
    here = valueOf(await openWorkspaceHome(folder.in("state-here"), folder.in("here")));
    there = valueOf(await openWorkspaceHome(folder.in("state-there"), folder.in("there")));
  });

  /** The story, or its beginning, as a run of a workspace. */
  async function keep(home: WorkspaceHome, minute: number, events = story): Promise<RunFolder> {
    const run = valueOf(await createRun(home, noon + minute * 60_000));
    const own = events.map((event) => (event.type === "run.started" ? { ...event, run: run.id, workspace: home.root } : event));
    const lines = chainLines([], own, await endBefore(home, run.id));
    await foundJournal(run.journal, lines, lines.length);
    const blobs = createBlobs(run.blobs);
    for (const image of images) valueOf(await blobs.put(image));
    return run;
  }
  const eventsOf = async (run: RunFolder): Promise<readonly Event[]> => valueOf(await readJournal<Event>(run.journal, eventFormat)).events;
  async function packed(run: RunFolder): Promise<Parcel & { path: string }> {
    const parcel = valueOf(await packRun(run, secrets));
    const path = folder.in(`${readdirSync(folder.path).length}.jsonl`);
    valueOf(await writeParcel(path, parcel));
    return { ...parcel, path };
  }
  const take = (path: string, home = here): Promise<Result<Imported>> => importRun(home, path, place, never);
  const verifies = async (home: WorkspaceHome): Promise<readonly string[]> => {
    const audited = valueOf(await auditedRuns(home, undefined));
    assert.deepEqual(
      audited.flatMap(({ run, problems }) => problems.map(({ what }) => `${run} ${what}`)),
      [],
    );
    return audited.flatMap(({ notes }) => notes);
  };

  it("forks at every event: whole, verified, and the old run as it was", async () => {
    const run = await keep(here, 0);
    const before = readFileSync(run.journal, "utf8");
    for (const { seq } of story) {
      const { folder: made, at } = valueOf(
        await forkRun(
          here,
          { folder: run, events: story },
          { point: { to: seq, point: "" }, say: "Go on.", now: noon + seq * 1000 + 600_000 },
        ),
      );
      const events = await eventsOf(made);
      assert.ok(at <= seq && events.length === at + 2);
      assert.ok(isWhole(fold(events)), `at ${seq}`);
      assert.deepEqual([fold(events).run?.id, fold(events).forkedFrom, fold(events).said.at(-1)?.text], [made.id, run.id, "Go on."]);
      assert.deepEqual(events.slice(1, at), story.slice(1, at));
      assert.deepEqual(readdirSync(made.blobs).sort(), readdirSync(run.blobs).sort());
    }
    await verifies(here);
    assert.equal(readFileSync(run.journal, "utf8"), before);
  });

  it("keeps a fork of an imported run under the rules of this place, wherever it was forked", async () => {
    const { path } = await packed(await keep(there, 0));
    const { folder: run } = valueOf(await take(path));
    const events = await eventsOf(run);
    const { folder: made } = valueOf(
      await forkRun(here, { folder: run, events }, { point: { to: 12, point: "" }, say: undefined, now: noon + 1 }),
    );
    const state = fold(await eventsOf(made));
    assert.deepEqual([state.run?.workspace, state.tainted, state.plan?.settled ?? false], [here.root, true, false]);
    await verifies(here);
  });

  it("brings every line and image elsewhere as it was, under its own name, and both places verify", async () => {
    const first = await keep(there, 0);
    const second = await keep(there, 1);
    await keep(here, 5);
    const parcel = await packed(second);
    const imported = valueOf(await take(parcel.path));
    assert.deepEqual(
      [imported.folder.id, imported.from, imported.lines, imported.head],
      [second.id, there.root, story.length, parcel.head],
    );
    const lines = (run: RunFolder): string[] => readFileSync(run.journal, "utf8").split("\n").slice(0, -1);
    assert.deepEqual(lines(imported.folder).slice(0, -1), lines(second));
    assert.deepEqual(
      await Promise.all(images.map((image) => createBlobs(imported.folder.blobs).put(image))),
      await Promise.all(images.map((image) => createBlobs(second.blobs).put(image))),
    );
    assert.ok(imported.images > 0);
    assert.deepEqual(await verifies(here), ["it was imported, and what it stood on where it comes from is not here"]);
    await verifies(there);
    const [listed] = valueOf(await listRuns(here)).filter(({ id }) => id === second.id);
    assert.equal(listed?.status, "done");
    // What comes after stands on it, and what it stands on here is missed when it is changed.
    const later = await keep(here, 9);
    await verifies(here);
    writeFileSync(later.journal, readFileSync(later.journal, "utf8").replace('"by":"person"', '"by":"policy"'));
    const bad = valueOf(await auditedRuns(here, later.id));
    assert.ok(bad.some(({ problems }) => problems.length > 0));
    assert.notEqual(first.id, second.id);
  });

  it("can be brought back to the place it came from once it was deleted there, and nothing else under its name", async () => {
    const run = await keep(here, 0);
    const { path } = await packed(run);
    assert.match(faultOf(await take(path)), /^Run \S+ is here already; delete it first/);
    await deleteRun(run);
    const other = readFileSync(path, "utf8").replaceAll(run.id, "20261121-1200-zzzz");
    assert.ok(!(await take(written(other))).ok);
    valueOf(await take(path));
    await verifies(here);
    const state = fold(await eventsOf(run));
    assert.equal(state.ended?.outcome, "done");
    await deleteRun(run);
    // The note of where it ended is that of another run now.
    writeFileSync(run.journal.replace(/jsonl$/, "head"), `${JSON.stringify({ lines: 3, digest: "a".repeat(64) })}\n`);
    assert.match(faultOf(await take(path)), /^Another run \S+ was here and was deleted/);
    assert.equal(existsSync(run.journal), false);
  });

  it("is not there after a kill before its journal had its name, and can be taken again", async () => {
    const parcel = await packed(await keep(there, 0));
    const { folder: run } = valueOf(await take(parcel.path));
    await deleteRun(run);
    // What is written before the journal: its images, and how far it is known.
    writeFileSync(run.journal.replace(/jsonl$/, "head"), `${JSON.stringify({ lines: story.length, digest: parcel.head })}\n`);
    assert.equal(valueOf(await listRuns(here)).length, 0);
    await verifies(here);
    valueOf(await take(parcel.path));
    await verifies(here);
  });

  it("leaves behind what holds a secret, and says which file", async () => {
    const [secret] = fakeSecrets();
    const run = await keep(there, 0);
    const before = Buffer.from(`token = ${secret?.text}\n`);
    const dotenv = Buffer.from("PORT=1\n");
    const blobs = createBlobs(run.blobs);
    const touches = [
      { path: `${there.root}/config.js`, shown: "config.js", before: valueOf(await blobs.put(before)), after: null },
      { path: `${there.root}/.env`, shown: ".env", before: valueOf(await blobs.put(dotenv)), after: null },
    ];
    const opened = valueOf(await openJournal<Event>(run.journal, eventFormat));
    await opened.journal.append({ type: "restore.ended", changed: touches, kept: [], v: 1, seq: story.length + 1, at: noon });
    await opened.journal.close();
    const { content, left } = await packed(run);
    assert.deepEqual(
      left.map(({ shown, why }) => `${shown}: ${why}`),
      ["config.js: a secret was found in it.", ".env: such files hold secrets."],
    );
    assert.ok(!Buffer.from(content).includes(secret?.secret ?? "?"));
  });

  const written = (content: string | Uint8Array): string => {
    const path = folder.in(`bad-${readdirSync(folder.path).length}.jsonl`);
    writeFileSync(path, content);
    return path;
  };
  const faultOf = (result: Result<unknown>): string => (result.ok ? "it was taken" : result.fault.message);

  it("refuses, in one sentence, whatever is no exported run, and keeps nothing of it", async () => {
    const { path } = await packed(await keep(there, 0));
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n").slice(0, -1);
    const label = lines[0] ?? "";
    const journal = lines.slice(1, 1 + story.length);
    const rest = lines.slice(1 + story.length);
    const build = (parts: readonly (readonly string[])[]): string => parts.flatMap((part) => part.map((line) => `${line}\n`)).join("");
    const swapped = [...journal.slice(0, 4), journal[5] ?? "", journal[4] ?? "", ...journal.slice(6)];
    const cases: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
      ["nothing", "", /is no exported run; "proviso export" makes one\.$/],
      ["words", "Dear diary\n", /is no exported run/],
      ["JSON of another kind", '{"a":1}\n[2]\n', /is no exported run/],
      ["bytes", Uint8Array.from([0, 255, 254, 10, 1]), /is no exported run/],
      ["a label alone", `${label}\n`, /is damaged: it is cut off after 0 of \d+ lines of its journal; export the run again\.$/],
      ["a journal cut off", build([[label], journal.slice(0, 7)]), /is damaged: it is cut off after 7 of \d+ lines/],
      ["images cut off", build([[label], journal, rest.slice(0, 1)]), /is damaged: it holds 1 of \d+ images/],
      [
        "a line changed",
        text.replace('"by":"person"', '"by":"policy"'),
        /is damaged: line \d+ of its journal does not follow the line before it/,
      ],
      ["two lines swapped", build([[label], swapped, rest]), /is damaged: line 5 of its journal has number 6 where 5 was due/],
      ["a line dropped", build([[label], journal.filter((_, i) => i !== 5), rest]), /is damaged: line 6 of its journal/],
      [
        "a line that is no JSON",
        build([[label], [...journal.slice(0, 3), "{", ...journal.slice(4)], rest]),
        /is damaged: line 4 of its journal is not JSON/,
      ],
      [
        "an unknown event",
        build([[label], [...journal.slice(0, 3), (journal[3] ?? "").replace(/"type":"[^"]+"/, '"type":"x.y"'), ...journal.slice(4)], rest]),
        /line 4 of its journal is not an event this Proviso knows/,
      ],
      [
        "the last line changed",
        build([[label], [...journal.slice(0, -1), (journal.at(-1) ?? "").replace('"outcome":"done"', '"outcome":"failed"')], rest]),
        /is damaged: its journal is not the one that was exported/,
      ],
      ["another run's label", text.replace(/"run":"[^"]+"/, '"run":"20261121-1200-zzzz"'), /is damaged: its journal is not the one/],
      [
        "an image changed",
        build([[label], journal, [...rest.slice(0, -1), (rest.at(-1) ?? "").replace(/"bytes":".{4}/, '"bytes":"AAAA')]]),
        /is damaged: image \d+ of \d+ is not what was exported/,
      ],
      [
        "an image of another name",
        build([[label], journal, [...rest.slice(0, -1), (rest.at(-1) ?? "").replace(/"image":"......../, '"image":"00000000')]]),
        /is damaged: image/,
      ],
      ["a label of a newer version", text.replace('"v":1', '"v":2'), /was written by a newer Proviso; upgrade Proviso to import it\.$/],
      [
        "events of a newer version",
        build([[label], journal.map((line) => line.replace('"v":1', '"v":9'))]),
        /was written by a newer Proviso/,
      ],
      ["a name that is a path", text.replaceAll(/"run":"[^"]+"/g, '"run":"../../../evil"'), /is no exported run/],
    ];
    for (const [what, content, pattern] of cases) {
      const said = faultOf(await take(written(content)));
      assert.match(said, pattern, what);
      assert.doesNotMatch(said, /\n|\. [A-Z]/, `${what}: one sentence`);
    }
    assert.match(
      faultOf(await take(folder.in("nowhere.jsonl"))),
      /^The file .*nowhere\.jsonl could not be read: it does not exist; check the path\.$/,
    );
    assert.match(faultOf(await take(folder.path)), /could not be read: it is a folder; name a file\.$/);
    assert.deepEqual(valueOf(await listRuns(here)), []);
    assert.ok((await take(path)).ok);
  });

  it("takes a bare journal, also one that is older than the chain", async () => {
    const old = story.map((event) => (event.type === "run.started" ? { ...event, run: "20261101-0900-abcd" } : event));
    const imported = valueOf(await take(written(old.map((event) => `${JSON.stringify(event)}\n`).join(""))));
    assert.deepEqual([imported.lines, imported.images], [story.length, 0]);
    assert.deepEqual(await verifies(here), [`lines 1 to ${story.length} are older than the chain`]);
  });

  it("never writes over a file", async () => {
    const run = await keep(here, 0);
    const taken = folder.in("taken");
    writeFileSync(taken, "mine");
    assert.match(faultOf(await writeParcel(taken, valueOf(await packRun(run, secrets)))), /taken exists already; name another file\.$/);
    assert.equal(readFileSync(taken, "utf8"), "mine");
  });
});
