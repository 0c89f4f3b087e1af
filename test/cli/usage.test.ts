// What people type wrong, through the real command line: always one clear sentence, the right exit code, no stack trace.

import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { CommandLine, says } from "../support/command-line.ts";

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
