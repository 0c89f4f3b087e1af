// Words nobody should type, and words whose meaning must hold, met through the real command line: usage, help, levels of approval.

import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oneGoal, oneStep, type OneStep } from "../support/one-step.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { assertPlainWords, assertRefused, type Ended, ending, Stranger } from "../support/stranger.ts";

const parallel = async (
  words: readonly (readonly [readonly string[], RegExp])[],
  check: (words: readonly string[], says: RegExp) => Promise<void>,
): Promise<void> => {
  const rest = [...words];
  const worker = async (): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift()) await check(...next);
  };
  await Promise.all([worker(), worker(), worker()]);
};

describe("words for the command line", () => {
  let cli: Stranger;
  beforeEach(() => {
    cli = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" });
  });
  afterEach(() => {
    const left = cli.leftovers();
    cli.remove();
    assert.deepEqual(left, []);
  });

  it("that make no sense are refused in one sentence, with 2, and leave no run", async () => {
    await parallel(
      [
        [["frobnicate"], /no command "frobnicate"; proviso --help/],
        [["--json", "run", "x"], /no option --json before a command/],
        [["run"], /Say what to do/],
        [["run", ""], /The goal is empty/],
        [["run", " \n\t "], /The goal is empty/],
        [["run", "-"], /The goal is empty/],
        [["run", "a", "b"], /"b" is one word too many; put quotes/],
        [["run", "x", "--frob"], /no option --frob; options here are/],
        [["run", "x", "--approve", "some"], /--approve takes none, reads, edits or all, not "some"/],
        [["run", "x", "--budget", "-3"], /--budget/],
        [["run", "x", "--budget", "free"], /--budget takes a number above 0, not "free"/],
        [["run", "x", "--max-minutes", "0"], /--max-minutes takes a number above 0/],
        [["run", "x", "--model"], /--model needs a value/],
        [["run", "x", "--json=3"], /--json takes no value/],
        [["run", "x", "--workspace", "/nowhere/at/all"], /There is no folder \/nowhere\/at\/all/],
        [["run", "x", "--workspace", "sum.js"], /is not a folder/],
        [["run", "--file", "none.txt"], /could not be read from .*none\.txt \(it does not exist\); check the path/],
        [["run", "--file", "."], /could not be read from .* \(it is a folder\)/],
        [["run", "x", "--file", "sum.js"], /Say what to do/],
        [["show", "--timeline", "--audit"], /Choose one of/],
        [["runs", "--last", "0"], /--last takes a number above 0/],
        [["resume", "a", "b"], /one word too many/],
      ],
      async (words, says) => assertRefused(await cli.run(words), 2, says),
    );
    assert.equal((await cli.run(["runs", "--json"])).out, "");
  });

  it("about runs that are not there are refused with 1", async () => {
    await parallel(
      [["resume"], ["show"], ["replay"]].flatMap((words): readonly (readonly [readonly string[], RegExp])[] => [
        [words, /There is no run of .* yet; start one/],
        [[...words, "nope"], /There is no run "nope"/],
      ]),
      async (words, says) => assertRefused(await cli.run(words), 1, says),
    );
  });

  it("of the help name only commands that are there, and each of those explains itself", async () => {
    const help = await cli.run(["--help"]);
    assert.equal(help.code, 0);
    const named = [...help.out.matchAll(/^ {2}(\w+) /gm)].map(([, name = ""]) => name);
    assert.ok(named.length >= 6);
    await parallel(
      named.map((name) => [[name, "--help"], new RegExp(`^proviso ${name}`)] as const),
      async (words, says) => {
        const told = await cli.run(words);
        assert.equal(told.code, 0, words.join(" "));
        assert.match(told.out, says);
      },
    );
  });

  it("that only look create nothing", async () => {
    for (const words of [["runs"], ["show"], ["replay"], ["--help"], ["run", "--help"]]) await cli.run(words);
    assert.throws(() => mkdirSync(join(cli.state, "workspaces")), /ENOENT/);
  });

  it("may be said in one's home, with the files of Proviso itself in it", async () => {
    const home = join(cli.folder, "home");
    mkdirSync(home);
    writeFileSync(join(home, "sum.js"), "export const sum = 1;\n");
    const ended = await cli.run(["run", "where is sum defined?", "--workspace", home, "--json"], { env: { PROVISO_HOME: undefined } });
    assert.equal(ended.code, 0, ended.err);
    assert.match(ending(ended).answer, /sum\.js:1/);
  });
});

describe("what --approve covers", () => {
  let server: ScriptedServer;
  let cli: Stranger;
  before(async () => {
    const wants = [
      { tool: "read_file", args: { path: ".env" } },
      { tool: "create_file", args: { path: "new.txt", text: "new\n" } },
      { tool: "run_command", args: { line: "echo ran > ran.txt" } },
      { tool: "run_command", args: { line: "rm -rf /" } },
    ];
    const turns: readonly (Line | ((cue: Cue) => Line))[] = [{ calls: wants }, { text: "Done." }];
    const step: OneStep = { role: "coder", check: { by: "command", line: "test -f new.txt" } };
    server = await startScriptedServer((cue) => {
      const script = oneStep(step, ...turns);
      return typeof script === "function" ? script(cue) : undefined;
    });
  });
  after(() => server.close());
  beforeEach(() => {
    cli = new Stranger({ ".env": "SECRET=hush\n" }, server.url);
  });
  afterEach(() => cli.remove());

  const did = (ended: Ended): readonly string[] =>
    ended.events.flatMap((event) => (event.type === "call.begun" ? [event.call.split(".").at(-1) ?? ""] : []));
  const run = async (...more: readonly string[]): Promise<Ended> => {
    const ended = await cli.run(["run", oneGoal, "--json", ...more]);
    assertPlainWords(ended);
    assert.equal(ending(ended).type, "run.ended");
    return ended;
  };

  it("none: a plan that changes anything stops the run at once, and resume goes on from there", async () => {
    for (const more of [[], ["--approve", "none"]]) {
      const ended = await run(...more);
      assert.equal(ended.code, 3);
      assert.equal(ending(ended).outcome, "stopped");
      assert.deepEqual(did(ended), []);
    }
    const resumed = await cli.run(["resume", "--json", "--approve", "all"]);
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal(cli.text("new.txt"), "new\n");
  });

  it("reads: no plan that runs or changes anything", async () => {
    const ended = await run("--approve", "reads");
    assert.equal(ended.code, 3);
    assert.deepEqual(did(ended), []);
  });

  it("edits: no plan whose checks run commands", async () => {
    const ended = await run("--approve", "edits");
    assert.equal(ended.code, 3);
    assert.deepEqual(did(ended), []);
  });

  it("all: what the policy asks for, and never what it denies", async () => {
    const ended = await run("--approve", "all");
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(did(ended), ["0", "1", "2"]);
    assert.equal(cli.text("ran.txt"), "ran\n");
    const denied = ended.events.find((event) => event.type === "call.judged" && event.decision.verdict === "deny");
    assert.ok(denied?.type === "call.judged" && denied.decision.rule === "guard.destructive");
    const answers = ended.events.flatMap((event) =>
      event.type === "approval.given" && event.resolution.answer === "approve" ? [event.resolution.by] : [],
    );
    assert.ok(answers.length >= 3 && answers.every((by) => by === "policy"));
  });
});

describe("what --approve edits covers", () => {
  it("changes inside the workspace and reads, and no command", async () => {
    const calls = [
      { tool: "read_file", args: { path: ".env" } },
      { tool: "create_file", args: { path: "new.txt", text: "new\n" } },
      { tool: "run_command", args: { line: "echo ran > ran.txt" } },
    ];
    const step: OneStep = { role: "coder", check: { by: "content", path: "new.txt", matches: "new" } };
    const script = oneStep(step, { calls }, { text: "Done." });
    const server = await startScriptedServer(script);
    const cli = new Stranger({ ".env": "SECRET=hush\n" }, server.url);
    try {
      const ended = await cli.run(["run", oneGoal, "--json", "--approve", "edits"]);
      assert.equal(cli.text("new.txt"), "new\n");
      assert.throws(() => cli.text("ran.txt"), /ENOENT/);
      const refused = ended.events.filter(
        (event) => event.type === "approval.given" && event.resolution.answer === "reject" && event.resolution.unattended,
      );
      assert.equal(refused.length, 1);
      assert.equal(ended.code, 0, ended.err);
    } finally {
      cli.remove();
      await server.close();
    }
  });
});
