// The whole journey through the real command line, over both wire formats: plan, approve, read, edit, a test that fails, reflection,
// rollback, a second attempt, the test passes, evidence, answer.

import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, eventsOf, jsonLines } from "../support/command-line.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles, storyGoal } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";

const files = (): Map<string, string> =>
  storyFiles().set("package.json", '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n');

for (const api of ["responses", "chat"] as const) {
  describe(`proviso run over the ${api} API`, () => {
    let server: ScriptedServer;
    let cli: CommandLine;
    before(async () => {
      server = await startScriptedServer(storyScript, { only: api, key: "sk-test" });
      cli = new CommandLine(files(), {
        OPENAI_BASE_URL: server.url,
        OPENAI_API_KEY: "sk-test",
        PROVISO_MODEL: "scripted",
        PROVISO_API: api,
      });
    });
    after(async () => {
      cli.remove();
      await server.close();
    });

    it("goes from plan to proof, writes its journal to stdout and exits 0", async () => {
      const { code, out, err } = await cli.run("run", storyGoal, "--approve", "all", "--json", "--check", "node test.js");
      assert.equal(code, 0, err);
      const events = eventsOf(out);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, i) => i + 1),
      );
      const first = events[0];
      assert.ok(
        first?.type === "run.started" &&
          first.goal === storyGoal &&
          first.briefing.test === "npm test" &&
          first.model === "openai/scripted",
      );
      for (const type of [
        "plan.made",
        "plan.settled",
        "approval.asked",
        "approval.given",
        "step.checked",
        "step.reflected",
        "step.restored",
        "criterion.checked",
      ] as const) {
        assert.ok(
          events.some((event) => event.type === type),
          `${type} in\n${out}`,
        );
      }
      const last = events.at(-1);
      assert.ok(last?.type === "run.ended" && last.outcome === "done" && last.ledger.every((entry) => entry.status === "verified"), out);
      const criterion = last.ledger.at(-1);
      assert.ok(criterion?.of === "criterion 1" && criterion.evidence?.exit === 0);
    });

    it("leaves the workspace as the story ends", () => {
      for (const [path, text] of Object.entries(storyEnd)) assert.equal(readFileSync(join(cli.workspace, path), "utf8"), text, path);
      assert.equal(existsSync(join(cli.workspace, "old.txt")), false);
    });

    it("sends the key, and keeps it out of everything it writes", async () => {
      assert.ok(server.requests.every(({ headers }) => headers.authorization === "Bearer sk-test"));
      const { out } = await cli.run("show", "--json");
      assert.ok(!out.includes("sk-test"));
    });

    // What follows is the same whatever the wire was.
    if (api === "chat") return;

    it("tells the run afterwards from its journal, in every way", async () => {
      const listed = jsonLines((await cli.run("runs", "--json")).out);
      assert.equal(listed.length, 1);
      const [run] = listed;
      assert.deepEqual([run?.["goal"], run?.["outcome"], run?.["usd"]], [storyGoal, "done", 0]);
      assert.ok(Number(run?.["tokens"]) > 0 && Number(run?.["unpriced"]) > 10);
      const id = String(run?.["id"]);

      const shown = await cli.run("show", id);
      assert.equal(shown.code, 0);
      assert.match(shown.out, /^▸ Mend add\(\) and then leave a note of it\n/);
      assert.match(shown.out, /✖ step 2 of 3 not proved: `node test\.js` exit 1/);
      assert.match(shown.out, /✔ done, proved/);
      assert.ok(!shown.out.includes("\x1b"));

      const events = eventsOf((await cli.run("show", id.slice(-4), "--json")).out);
      assert.equal(events.length, Number(run?.["events"]));
      const timeline = await cli.run("show", "--timeline");
      assert.equal(timeline.out.trimEnd().split("\n").length, events.length);
      const trace = jsonLines((await cli.run("show", "--trace", "--json")).out);
      assert.ok(trace.some((span) => span["name"] === "step mend attempt 2" && span["ok"] === true));
      const audit = jsonLines((await cli.run("show", "--audit", "--json")).out);
      assert.ok(audit.some((entry) => entry["kind"] === "effect" && entry["said"] === "deleted old.txt"));

      const replayed = await cli.run("replay", "--json");
      assert.equal(replayed.code, 0, replayed.out);
      assert.deepEqual(jsonLines(replayed.out).at(-1), { verified: true, discrepancies: [] });
    });

    it("says of a run that is done that it is, and exits 0", async () => {
      const { code, out, err } = await cli.run("resume");
      assert.equal(code, 0);
      assert.equal(out, "");
      assert.match(err, /^proviso: the run \S+ is done already; proviso show \S+ tells it\.\n$/);
      const json = await cli.run("resume", "--json");
      assert.equal(json.code, 0);
      assert.equal(jsonLines(json.out).at(-1)?.["type"], "run.ended");
    });
  });
}

describe("proviso run into a pipe", () => {
  it("writes plain lines without control codes, and every change asks no one it cannot reach", async () => {
    const server = await startScriptedServer(storyScript);
    const cli = new CommandLine(files(), { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
    try {
      const { code, out, err } = await cli.run("run", storyGoal, "--approve", "all");
      assert.equal(code, 0, err);
      assert.ok(!/[\x00-\x09\x0b-\x1f]/.test(out), JSON.stringify(out));
      assert.match(out, /≡ Plan of 3 steps by scripted\n {2}1 {2}Find what is wrong with add\(\) · researcher\n/);
      assert.match(out, /· plan approved by --approve\n/);
      assert.match(out, /↶ undone: src\/add\.js\n/);
      assert.match(out, / {2}Evidence\n {2}✔ verified Find what is wrong with add\(\)/);
    } finally {
      cli.remove();
      await server.close();
    }
  });
});
