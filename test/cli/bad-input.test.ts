// What people, models and disks do wrong, through the real command line: always one clear sentence, the right exit code, no stack trace.

import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, eventsOf, type Finished } from "../support/command-line.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

/** One sentence of ours on stderr, and nothing of Node's. */
function says({ err }: Finished, pattern: RegExp): void {
  assert.match(err, pattern);
  assert.match(err, /^proviso: [^\n]+\n$/, err);
}

describe("wrong usage", () => {
  let cli: CommandLine;
  before(() => {
    cli = new CommandLine([["a.txt", "a\n"]]);
  });
  after(() => cli.remove());

  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no goal", ["run"], /Say what to do/],
    ["an empty goal", ["run", " "], /The goal is empty/],
    ["a goal in several words", ["run", "fix", "it"], /"it" is one word too many; put quotes/],
    ["an unknown option", ["run", "x", "--aprove", "all"], /There is no option --aprove; options here are --json, /],
    ["an unknown level of approval", ["run", "x", "--approve", "some"], /--approve takes none, reads, edits or all, not "some"/],
    ["a budget that is no number", ["run", "x", "--budget", "five"], /--budget takes a number above 0, not "five"/],
    ["a limit of nothing", ["resume", "--max-minutes", "0"], /--max-minutes takes a number above 0/],
    ["a goal file that is not there", ["run", "--file", "GOAL.md"], /could not be read from .*GOAL\.md \(it does not exist\)/],
    [
      "a model of a provider without settings",
      ["run", "x", "--model", "nobody/nothing"],
      /No provider is configured for the model nobody\/nothing/,
    ],
    ["an unknown command", ["fix"], /There is no command "fix"/],
    ["a command that is not built yet", ["investigate", "why?"], /"investigate" is not built yet/],
    ["two ways of telling", ["show", "--trace", "--audit"], /Choose one of --trace and --audit/],
  ];
  for (const [what, args, pattern] of cases) {
    it(`is ${what}: one sentence, exit 2`, async () => {
      const finished = await cli.run(...args);
      assert.equal(finished.code, 2);
      assert.equal(finished.out, "");
      says(finished, pattern);
    });
  }

  it("is a workspace that is not there, or is a file: exit 2", async () => {
    for (const [folder, pattern] of [
      ["nowhere", /There is no folder .*nowhere; name an existing one/],
      ["a.txt", /a\.txt is not a folder/],
      ["a.txt/b", /is not a folder/],
    ] as const) {
      for (const args of [["run", "x"], ["resume"], ["runs"], ["show"], ["replay"]]) {
        const finished = await cli.run(...args, "--workspace", folder);
        assert.equal(finished.code, 2, args.join(" "));
        says(finished, pattern);
      }
    }
    assert.deepEqual(readdirSync(cli.workspace), ["a.txt"]);
  });

  it("is asking for runs where there are none: exit 1, but an empty list is no fault", async () => {
    for (const args of [["show"], ["replay", "latest"], ["resume"]]) {
      const finished = await cli.run(...args);
      assert.equal(finished.code, 1, args.join(" "));
      says(finished, /There is no run of .* yet; start one with "proviso run"/);
    }
    const listed = await cli.run("runs", "--json");
    assert.deepEqual([listed.code, listed.out], [0, ""]);
  });

  it("can be helped: every command has --help, the whole too", async () => {
    const whole = await cli.run("--help");
    assert.equal(whole.code, 0);
    const names = [...whole.out.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name = ""]) => name);
    assert.ok(
      ["run", "resume", "runs", "show", "replay", "policy", "edit", "exec"].every((name) => names.includes(name)),
      whole.out,
    );
    for (const unbuilt of ["investigate", "index", "memory", "eval"]) assert.ok(!names.includes(unbuilt), unbuilt);
    for (const name of names) {
      const { code, out, err } = await cli.run(name, "--help");
      assert.equal(code, 0, err);
      assert.match(out, new RegExp(`^proviso ${name}\\b|^\`?proviso ${name}`));
    }
    assert.match((await cli.run("--version")).out, /^\d+\.\d+\.\d+\n$/);
  });
});

describe("what a model does wrong", () => {
  let server: ScriptedServer | undefined;
  let cli: CommandLine;
  const goal = "Make it right and then stop";
  const plan = (steps: readonly object[]): Line => ({ answer: { steps } });
  const step = { id: "it", goal: "Do it", role: "coder", needs: [] as string[], check: { by: "content", path: "a.txt", matches: "right" } };
  const run = async (script: (cue: Cue) => Line): Promise<Finished> => {
    server = await startScriptedServer(script);
    cli = new CommandLine([["a.txt", "wrong wrong\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
    return await cli.run("run", goal, "--approve", "edits", "--json");
  };
  afterEach(async () => {
    cli.remove();
    await server?.close();
  });
  const blown = (finished: Finished, pattern: RegExp): void => {
    assert.equal(finished.code, 4, finished.err);
    const fuse = eventsOf(finished.out).find((event) => event.type === "fuse.blown");
    assert.ok(fuse?.type === "fuse.blown");
    assert.match(fuse.diagnosis, pattern);
    assert.doesNotMatch(finished.out, /\\n {4}at /);
  };

  it("plans in a circle, or nothing: told three times, then the model fuse", async () => {
    blown(await run(() => plan([{ ...step, needs: ["it"] }])), /3 plans in a row were not usable.*it -> it/);
    cli.remove();
    await server?.close();
    blown(await run(() => plan([])), /The plan has no steps/);
  });

  it("answers with text where a plan was wanted", async () => {
    const finished = await run(() => ({ text: "I would rather talk about it." }));
    assert.equal(finished.code, 4, finished.err);
  });

  it("calls a tool that is not there, and sends what no tool takes: it is told, and can go on", async () => {
    const finished = await run(({ answer, turn }) => {
      if (answer === "plan") return plan([step]);
      if (turn === 0)
        return {
          calls: [
            { tool: "fly", args: {} },
            { tool: "read_file", args: "{not json" },
            { tool: "read_file", args: { file: 7 } },
          ],
        };
      if (turn === 1)
        return {
          calls: [
            { tool: "edit_file", args: { path: "a.txt", blocks: [{ search: "absent", replace: "x" }] } },
            { tool: "edit_file", args: { path: "a.txt", blocks: [{ search: "wrong", replace: "x" }] } },
          ],
        };
      if (turn === 2)
        return { calls: [{ tool: "edit_file", args: { path: "a.txt", blocks: [{ search: "wrong wrong", replace: "right" }] } }] };
      return { text: "Done." };
    });
    assert.equal(finished.code, 0, finished.err);
    const told = eventsOf(finished.out).flatMap((event) =>
      event.type === "call.ended" && !event.outcome.ok ? [event.outcome.fault.message] : [],
    );
    assert.equal(told.length, 5, told.join("\n"));
    assert.match(told[0] ?? "", /There is no tool "fly"; there are read_file/);
    assert.match(told[1] ?? "", /not JSON/);
    assert.match(told[2] ?? "", /do not fit/);
  });

  it("refuses the key", async () => {
    blown(
      await run(() => ({ trouble: { is: "status", status: 401, body: { error: { message: "Incorrect API key provided" } } } })),
      /401|key/,
    );
  });

  it("touches what lies outside, or is reached through a link: it is asked, and nobody is there", async () => {
    const outside = (path: string) => ({ tool: "edit_file", args: { path, blocks: [{ search: "secret", replace: "mine" }] } });
    server = await startScriptedServer(({ answer, turn }) => {
      if (answer === "plan") return plan([step]);
      return turn === 0 ? { calls: [outside("../outside.txt"), outside("link/outside.txt")] } : { text: "Done." };
    });
    cli = new CommandLine([["a.txt", "right\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
    writeFileSync(join(cli.folder, "outside.txt"), "secret\n");
    symlinkSync("..", join(cli.workspace, "link"));
    const finished = await cli.run("run", goal, "--approve", "edits", "--json");
    assert.equal(readFileSync(join(cli.folder, "outside.txt"), "utf8"), "secret\n");
    const refused = eventsOf(finished.out).filter(
      (event) =>
        event.type === "call.ended" ||
        (event.type === "approval.given" && event.resolution.answer === "reject") ||
        (event.type === "call.judged" && event.decision.verdict === "deny"),
    );
    assert.equal(refused.length >= 2, true, finished.out);
  });
});

describe("what a disk does wrong", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  beforeEach(async () => {
    server = await startScriptedServer(() => ({ text: "It is a.txt:1." }));
    cli = new CommandLine([["a.txt", "a\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
  });
  afterEach(async () => {
    cli.remove();
    await server.close();
  });
  const journal = (): string => {
    const workspaces = join(cli.folder, "state", "workspaces");
    const runs = join(workspaces, readdirSync(workspaces)[0] ?? "", "runs");
    return join(runs, readdirSync(runs)[0] ?? "", "journal.jsonl");
  };

  it("puts garbage into the middle of a journal: what came before is told, then the line is named", async () => {
    await cli.run("run", "What is in a.txt?");
    const lines = readFileSync(journal(), "utf8").split("\n");
    writeFileSync(journal(), [...lines.slice(0, 2), "garbage", ...lines.slice(2)].join("\n"));
    const shown = await cli.run("show");
    assert.equal(shown.code, 1);
    assert.match(shown.out, /^▸ What is in a\.txt\?/);
    says(shown, /is damaged: line 3/);
    for (const command of ["resume", "replay"]) {
      const finished = await cli.run(command);
      assert.equal(finished.code, 1);
      says(finished, /is damaged: line 3/);
    }
    assert.equal((await cli.run("runs")).code, 0);
  });

  it("tears the last line: it is cut, and the run goes on", async () => {
    await cli.run("run", "What is in a.txt?");
    const lines = readFileSync(journal(), "utf8").trimEnd().split("\n");
    writeFileSync(journal(), `${lines.slice(0, -1).join("\n")}\n{"v":1,"seq":`);
    const resumed = await cli.run("resume", "--json");
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal((await cli.run("replay")).code, 0);
  });

  it("is written by a newer Proviso: nothing is touched", async () => {
    await cli.run("run", "What is in a.txt?");
    appendFileSync(journal(), '{"v":99,"seq":100,"at":0,"type":"run.danced"}\n');
    const finished = await cli.run("resume");
    assert.equal(finished.code, 1);
    says(finished, /was written by a newer Proviso/);
  });

  it("loses the workspace while the run is not looking", async () => {
    await cli.run("run", "What is in a.txt?");
    rmSync(cli.workspace, { recursive: true });
    const finished = await cli.start(["resume", "--workspace", cli.workspace], { cwd: cli.folder }).finished;
    assert.equal(finished.code, 2);
    says(finished, /There is no folder/);
  });

  it("has no room of ours: a home that cannot be made", async () => {
    cli.env["PROVISO_HOME"] = join(cli.workspace, "a.txt", "home");
    const finished = await cli.run("run", "What is in a.txt?");
    assert.notEqual(finished.code, 0);
    says(finished, /a part of the path is a file|could not be created/);
  });

  it("begins a run in a home with a large file, CRLF, a BOM and a binary file, and reads what can be read", async () => {
    writeFileSync(join(cli.workspace, "crlf.txt"), "\uFEFFone\r\ntwo\r\n");
    writeFileSync(join(cli.workspace, "binary.bin"), Buffer.from([0, 1, 2, 3, 255, 254, 0, 0]));
    writeFileSync(join(cli.workspace, "large.txt"), Buffer.alloc(12_000_000, "x"));
    mkdirSync(join(cli.workspace, "folder"));
    await server.close();
    const reads = ["crlf.txt", "binary.bin", "large.txt", "folder", "absent"].map((path) => ({ tool: "read_file", args: { path } }));
    server = await startScriptedServer(({ turn }) => (turn === 0 ? { calls: reads } : { text: "Read." }), { port: server.port });
    const finished = await cli.run("run", "What is in these files?", "--json");
    const results = eventsOf(finished.out).flatMap((event) => (event.type === "call.ended" ? [event.outcome] : []));
    assert.equal(results.length, 5, finished.out + finished.err);
    const told = results.map((outcome) => (outcome.ok ? outcome.observation.text : outcome.fault.message));
    assert.match(told[0] ?? "", /1\tone\n2\ttwo/);
    for (const [i, pattern] of [
      [1, /binary/i],
      [2, /large|bytes/i],
      [3, /folder/],
      [4, /does not exist/],
    ] as const)
      assert.match(told[i] ?? "", pattern);
  });
});
