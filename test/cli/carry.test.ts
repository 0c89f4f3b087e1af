// Forking, exporting and importing through the real command line: between two homes that know nothing of each other.

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, eventsOf, jsonLines, says } from "../support/command-line.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles, storyGoal } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";

const files = (): Map<string, string> =>
  storyFiles().set("package.json", '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n');

describe("carrying a run", () => {
  let server: ScriptedServer;
  let there: CommandLine;
  let here: CommandLine;
  let parcel: string;
  before(async () => {
    server = await startScriptedServer(storyScript, { key: "sk-test" });
    const env = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "sk-test", PROVISO_MODEL: "scripted" };
    there = new CommandLine(files(), env);
    here = new CommandLine(files(), env);
    parcel = join(there.folder, "run.jsonl");
    const { code, err } = await there.run("run", storyGoal, "--approve", "all", "--json");
    assert.equal(code, 0, err);
  });
  after(async () => {
    there.remove();
    here.remove();
    await server.close();
  });

  const json = async (cli: CommandLine, ...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, out, err } = await cli.run(...args, "--json");
    assert.equal(code, 0, err);
    return jsonLines(out)[0] ?? {};
  };
  const snapshot = (cli: CommandLine): Record<string, string> =>
    Object.fromEntries(
      readdirSync(cli.workspace, { recursive: true, encoding: "utf8" })
        .filter((path) => statSync(join(cli.workspace, path)).isFile())
        .map((path) => [path, readFileSync(join(cli.workspace, path), "utf8")]),
    );

  it("forks from an event, touches no file, and the fork goes on to its end", async () => {
    const events = eventsOf((await there.run("show", "--json")).out);
    const asked = events.find((event) => event.type === "approval.asked" && event.request.subject.of === "call")?.seq ?? 0;
    const before = snapshot(there);
    const forked = await json(there, "fork", "--at", String(asked), "--say", "Go on.");
    assert.deepEqual([forked["asked"], Number(forked["at"]) < asked], [asked, true]);
    assert.deepEqual(snapshot(there), before);
    const told = await there.run("fork", String(forked["from"]), "--at", String(asked));
    assert.match(
      told.err,
      /it goes on after event \d+ of \S+, the last event before \d+ at which nothing was half done: proviso resume \S+\n$/,
    );
    // Its conversation knows nothing of the changes that are there already; so they are put back first.
    assert.equal((await there.run("restore", String(forked["from"]), "--to", "start", "--yes")).code, 0);
    const resumed = await there.run("resume", String(forked["run"]), "--approve", "all", "--json");
    assert.equal(resumed.code, 0, resumed.err + resumed.out.slice(-2000));
    for (const [path, content] of Object.entries(storyEnd)) assert.equal(snapshot(there)[path], content, path);
    assert.equal((await there.run("replay", String(forked["run"]))).code, 0);
    assert.equal((await there.run("audit", "verify")).code, 0);
  });

  it("exports and imports: the same lines under the same name, nothing touched, and the sender's digest is found", async () => {
    const [run = ""] = jsonLines((await there.run("runs", "--json")).out)
      .map((one) => String(one["id"]))
      .toReversed();
    const exported = await json(there, "export", run, "--to", parcel);
    assert.deepEqual([exported["run"], exported["file"], exported["left"]], [run, parcel, []]);
    assert.equal((await there.run("export", run)).out, readFileSync(parcel, "utf8"));
    assert.equal(statSync(parcel).mode & 0o777, 0o600);
    const before = snapshot(here);
    const imported = await json(here, "import", parcel);
    assert.deepEqual(
      [imported["run"], imported["head"], imported["from"], imported["goal"]],
      [run, exported["head"], there.workspace, storyGoal],
    );
    assert.deepEqual(snapshot(here), before);
    assert.equal((await here.run("audit", "verify")).code, 0);
    assert.equal((await here.run("audit", "verify", run, "--head", String(exported["head"]))).code, 0);
    assert.equal((await here.run("replay", run)).code, 0);
    const [listed] = jsonLines((await here.run("runs", "--json")).out);
    assert.equal(listed?.["outcome"], "done");
    const told = await here.run("show", run);
    assert.match(told.out, /you brought this run here from .*workspace/);
    const again = await here.run("import", parcel);
    assert.equal(again.code, 1);
    says(again, /Run \S+ is here already/);
    // Goes on only as a fork, and what it did there it does here under the rules of here.
    const done = await here.run("resume", run, "--approve", "none", "--json");
    assert.deepEqual([done.code, snapshot(here)], [0, before]);
    const { run: fork = "" } = await json(here, "fork", run, "--at", "start");
    const stopped = await here.run("resume", String(fork), "--approve", "none", "--json");
    assert.deepEqual([stopped.code, snapshot(here)], [3, before], stopped.err);
  });

  it("puts back here, shown first, what it changed there", async () => {
    const [run = ""] = jsonLines((await there.run("runs", "--json")).out)
      .map((one) => String(one["id"]))
      .toReversed();
    for (const [path, content] of Object.entries(storyEnd)) writeFileSync(join(here.workspace, path), content);
    const preview = await json(here, "restore", run, "--to", "start", "--preview");
    assert.deepEqual([...(preview["changed"] as string[])].sort(), ["NOTES.md", "log.txt", "src/add.js"]);
    assert.equal((await here.run("restore", run, "--to", "start", "--yes")).code, 0);
    assert.deepEqual(snapshot(here), Object.fromEntries(files()));
  });

  it("says what is wrong in one sentence, with 1 for what is there and 2 for what was typed", async () => {
    writeFileSync(join(here.folder, "diary.txt"), "Dear diary\n");
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [["fork"], 2, /Say where to go on from with --at EVENT/],
      [["fork", "nobody", "--at", "1"], 1, /There is no run "nobody"/],
      [["fork", "--at", "9999"], 1, /This run has no event 9999: its events are 1 to \d+/],
      [["fork", "--at", "nowhere"], 1, /"nowhere" names no point of this run/],
      [["fork", "a", "b", "--at", "1"], 2, /one word too many/],
      [["export", "nobody"], 1, /There is no run "nobody"/],
      [["export", "--to", ""], 2, /--to takes the name of a file/],
      [["export", "--to", join(here.folder, "diary.txt")], 1, /diary\.txt exists already; name another file/],
      [["export", "--to", join(here.folder, "no", "such", "folder")], 1, /could not be written to .*: it does not exist; check the path/],
      [["import"], 2, /Say what to import/],
      [["import", "x", "y"], 2, /one word too many/],
      [["import", join(here.folder, "diary.txt")], 1, /is no exported run; "proviso export" makes one/],
      [["import", here.folder], 1, /it is a folder; name a file/],
      [["import", "nowhere.jsonl"], 1, /could not be read: it does not exist; check the path/],
    ];
    for (const [args, code, pattern] of cases) {
      const finished = await here.run(...args);
      assert.deepEqual([finished.code, finished.out], [code, ""], args.join(" "));
      says(finished, pattern);
    }
    for (const name of ["fork", "export", "import"]) {
      const { code, out } = await here.run(name, "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`^proviso ${name} `));
    }
  });
});
