// A journal as the first command line wrote it, before lines were chained and before most of what events say today: it must be read, told,
// carried and resumed by every later program. The file is never written anew.

import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Event } from "../../src/agent/event.ts";
import { eventFormat } from "../../src/node/journal/event-format.ts";
import { readJournalLines } from "../../src/node/journal/lines.ts";
import { CommandLine, eventsOf, jsonLines } from "../support/command-line.ts";
import { projectRoot } from "../support/harness.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";

const id = "20261121-1437-0001";
const fixture = (): string => readFileSync(join(projectRoot(), "test/fixtures/journal/first-format.jsonl"), "utf8");

describe("a journal in the first format", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  before(async () => {
    server = await startScriptedServer(storyScript);
  });
  after(() => server.close());
  afterEach(() => cli.remove());

  /** The run as the old program would have left it, killed after so many events. */
  async function left(count: number): Promise<void> {
    cli = new CommandLine(storyFiles().set("package.json", '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n'), {
      OPENAI_BASE_URL: server.url,
      OPENAI_API_KEY: "sk-test",
      PROVISO_MODEL: "scripted",
    });
    // Makes the folder of this workspace.
    assert.equal((await cli.run("import", "nowhere")).code, 1);
    const state = join(cli.folder, "state", "workspaces");
    const [home = ""] = readdirSync(state);
    const journal = join(state, home, "runs", id, "journal.jsonl");
    mkdirSync(dirname(journal), { recursive: true });
    const lines = fixture().split("\n").slice(0, count);
    writeFileSync(journal, `${lines.join("\n").replaceAll("/workspace/sums", cli.workspace)}\n`);
  }

  const whole = readJournalLines<Event>(Buffer.from(fixture()), eventFormat, "first");
  const at = (find: (event: Event) => boolean): number => whole.events.findIndex(find) + 1;

  it("is read to its last line", () => {
    cli = new CommandLine([]);
    assert.equal(whole.damage, undefined);
    assert.equal(whole.events.length, fixture().split("\n").length - 1);
    assert.equal(whole.chain.since, undefined);
    const [started] = whole.events;
    assert.ok(started?.type === "run.started" && started.limits.checkSeconds === 600, "what it does not say has the value it had");
  });

  it("is told, replayed, audited, exported and forked", async () => {
    await left(whole.events.length);
    const [listed] = jsonLines((await cli.run("runs", "--json")).out);
    assert.deepEqual([listed?.["id"], listed?.["outcome"]], [id, "done"]);
    for (const args of [
      ["show"],
      ["show", "--timeline"],
      ["show", "--trace"],
      ["show", "--audit"],
      ["replay"],
      ["audit", "verify"],
      ["checkpoints"],
      ["cost"],
    ]) {
      const { code, err, out } = await cli.run(...args);
      assert.equal(code, 0, `${args.join(" ")}: ${err}`);
      assert.notEqual(out, "", args.join(" "));
    }
    const file = join(cli.folder, "old.jsonl");
    assert.equal((await cli.run("export", "--to", file)).code, 0);
    const { code, err } = await cli.run("fork", "--at", "mend");
    assert.equal(code, 0, err);
  });

  for (const [what, count] of [
    ["before its plan", 1],
    ["while the plan waited", at((event) => event.type === "approval.asked" && event.request.subject.of === "plan")],
    ["before its first change", at((event) => event.type === "call.judged" && event.call.startsWith("mend.1"))],
    ["while its first change waited", at((event) => event.type === "approval.asked" && event.request.subject.of === "call")],
  ] as const) {
    it(`goes on from where it was left, ${what}, to the same end, and is chained from there on`, async () => {
      assert.ok(count > 0);
      await left(count);
      const resumed = await cli.run("resume", "--approve", "all", "--json");
      assert.equal(resumed.code, 0, `${resumed.err}\n${resumed.out.slice(-2000)}`);
      assert.equal(eventsOf(resumed.out)[0]?.seq, count + 1);
      for (const [path, content] of Object.entries(storyEnd)) assert.equal(readFileSync(join(cli.workspace, path), "utf8"), content, path);
      const verified = await cli.run("audit", "verify");
      assert.equal(verified.code, 0, verified.out);
      assert.match(verified.out, count === 1 ? /ok/ : new RegExp(`lines 1 to ${count} are older than the chain`));
      assert.equal((await cli.run("replay")).code, 0);
    });
  }
});
