// Going back through the real command line: the points of a run, its files and its conversation as they were, and back again.

import { strict as assert } from "node:assert";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, eventsOf, jsonLines } from "../support/command-line.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles, storyGoal } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";

const files = (): Map<string, string> =>
  storyFiles().set("package.json", '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n');

describe("proviso restore", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  const at = (path: string): string => join(cli.workspace, path);
  const text = (path: string): string | undefined => (existsSync(at(path)) ? readFileSync(at(path), "utf8") : undefined);

  beforeEach(async () => {
    server = await startScriptedServer(storyScript, { key: "sk-test" });
    cli = new CommandLine(files(), { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "sk-test", PROVISO_MODEL: "scripted" });
    chmodSync(at("src/add.js"), 0o755);
    const { code, err } = await cli.run("run", storyGoal, "--approve", "all", "--json");
    assert.equal(code, 0, err);
  });
  afterEach(async () => {
    cli.remove();
    await server.close();
  });

  const restored = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, out, err } = await cli.run("restore", ...args, "--yes", "--json");
    assert.equal(code, 0, err);
    return jsonLines(out)[0] as Record<string, unknown>;
  };

  it("lists a point before every change, puts all files back, and takes that back too", async () => {
    const { out } = await cli.run("checkpoints", "--json");
    const points = jsonLines(out) as { to: number; of: string; id: string; point: string; files: { path: string }[] }[];
    assert.deepEqual(
      points.map(({ of, point, files }) => [of, point, files.map(({ path }) => path).join(" ")]),
      [
        ["call", "before edit_file src/add.js", "src/add.js"],
        ["rollback", "before attempt 1 of mend was undone", "src/add.js"],
        ["call", "before edit_file src/add.js", "src/add.js"],
        ["call", "before create_file NOTES.md", "NOTES.md"],
        ["call", "before delete_file old.txt", "old.txt"],
        ["call", "before run_command echo noted >> log.txt", "log.txt"],
      ],
    );
    const done = await restored("--to", "start");
    assert.deepEqual([...(done["changed"] as string[])].sort(), ["NOTES.md", "log.txt", "old.txt", "src/add.js"]);
    for (const [path, content] of files()) assert.equal(text(path), content, path);
    assert.deepEqual([text("NOTES.md"), text("log.txt"), statSync(at("src/add.js")).mode & 0o777], [undefined, undefined, 0o755]);
    const again = jsonLines((await cli.run("checkpoints", "--json")).out) as typeof points;
    assert.equal(again.at(-1)?.of, "restore");
    await restored("--to", String(again.at(-1)?.to));
    for (const [path, content] of Object.entries(storyEnd)) assert.equal(text(path), content, path);
    assert.equal(text("old.txt"), undefined);
  });

  it("leaves alone what was changed since in the same lines, unless told otherwise", async () => {
    writeFileSync(at("NOTES.md"), "rewritten by hand\n");
    const done = await restored("--to", "mend");
    assert.deepEqual([text("src/add.js"), text("NOTES.md")], [files().get("src/add.js"), "rewritten by hand\n"]);
    assert.match(JSON.stringify(done["kept"]), /NOTES\.md.*It was changed since it was created/);
    await restored("--to", "start", "--prefer", "then");
    assert.equal(text("NOTES.md"), undefined);
  });

  it("shows what it would do, and does nothing unless it is told to", async () => {
    const preview = await cli.run("restore", "--to", "start", "--preview");
    assert.equal(preview.code, 0, preview.err);
    assert.match(preview.out, /-export const add = \(a, b\) => a \+ b;\n\s*\+export const add = \(a, b\) => a - b;/);
    const { code, err } = await cli.run("restore", "--to", "start");
    assert.deepEqual([code, text("NOTES.md")], [3, storyEnd["NOTES.md"]], err);
    assert.match((await cli.run("restore", "--to", "nowhere")).err, /"nowhere" names no point of this run; give "start"/);
    assert.equal((await cli.run("restore")).code, 2);
  });

  it("goes on with the conversation from there as a run of its own, and leaves the old one as it is", async () => {
    const before = (await cli.run("show", "--json")).out;
    const done = await restored("--to", "note", "--what", "both", "--say", "Name it NOTES.md again.");
    assert.equal(text("NOTES.md"), undefined);
    const { out, code, err } = await cli.run("resume", String(done["fork"]), "--approve", "all", "--json");
    assert.equal(code, 0, `${err}\n${out.slice(-3000)}`);
    assert.ok(eventsOf(out).some((event) => event.type === "run.ended" && event.outcome === "done"));
    for (const [path, content] of Object.entries(storyEnd)) assert.equal(text(path), content, path);
    const whole = eventsOf((await cli.run("show", String(done["fork"]), "--json")).out);
    const fork = whole.findIndex((event) => event.type === "run.forked");
    assert.equal(
      before.split("\n").slice(1, fork).join("\n"),
      whole
        .slice(1, fork)
        .map((event) => JSON.stringify(event))
        .join("\n"),
    );
    assert.equal((await cli.run("replay", String(done["fork"]))).code, 0);
  });
});
