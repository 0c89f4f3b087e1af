// The test runner must not be fooled: every way a suite can look green without being so is tried on it here.

import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const passing = `it("passes", () => {});`;

describe("the test runner", () => {
  const folder = resolve("dist", `runner-${process.pid}`);
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(
    files: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<{ exit: number; lines: string[]; errors: string }> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, `${name}.test.js`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return new Promise((settle) => {
      execFile(process.execPath, ["test/run.mjs", "--built", folder, ...args], (error, stdout, errors) => {
        settle({ exit: typeof error?.code === "number" ? error.code : 0, lines: stdout.trimEnd().split("\n"), errors });
      });
    });
  }

  it("ends with one line of sums over all suites", async () => {
    const { exit, lines } = await run({ "unit/a": passing, "unit/deep/b": `${passing} it.skip("waits", () => {});`, "golden/c": passing });
    assert.equal(lines.at(-1), "3 passed, 0 failed, 1 skipped");
    assert.equal(exit, 0);
  });

  it("runs only what was asked for", async () => {
    const { lines } = await run({ "unit/a": passing, "unit/deep/b": passing, "golden/c": passing }, "unit/deep", "golden");
    assert.equal(lines.at(-1), "2 passed, 0 failed, 0 skipped");
  });

  const failures: readonly {
    readonly when: string;
    readonly text: string;
    readonly says: RegExp;
    readonly sum: string;
    readonly args?: readonly string[];
  }[] = [
    {
      when: "a test fails",
      text: `${passing} it("fails", () => { throw new Error("no"); });`,
      says: /✗ fails/,
      sum: "1 passed, 1 failed, 0 skipped",
    },
    {
      when: "a hook fails",
      text: `before(() => { throw new Error("no"); }); ${passing}`,
      says: /✗ "before all" hook/,
      sum: "0 passed, 1 failed, 0 skipped",
    },
    {
      when: "a file does not load",
      text: `throw new Error("no");`,
      says: /ended before it could say its result \(exit 1\)/,
      sum: "0 passed, 1 failed, 0 skipped",
    },
    {
      when: "a test ends the process with success",
      text: `it("exits", () => { process.exit(0); });`,
      says: /ended before it could say its result \(exit 0\)/,
      sum: "0 passed, 1 failed, 0 skipped",
    },
    {
      when: "a rejection is not handled",
      text: `it("forgets", () => { void Promise.reject(new Error("lost")); }); it("waits", (done) => { setTimeout(done, 20); });`,
      says: /✗ unhandled rejection: lost/,
      sum: "2 passed, 1 failed, 0 skipped",
    },
    {
      when: "a rejection comes after the last test",
      text: `it("forgets", () => { setTimeout(() => { void Promise.reject(new Error("late")); }, 50); });`,
      says: /✗ the suite went wrong after its last test/,
      sum: "1 passed, 1 failed, 0 skipped",
    },
    {
      when: "something is left running",
      text: `it("forgets", () => { setInterval(() => {}, 1000); });`,
      says: /left something running after its last test: .*Timeout/,
      sum: "1 passed, 1 failed, 0 skipped",
      args: ["--grace", "100"],
    },
    {
      when: "a suite never ends",
      text: `it("spins", () => { for (;;); });`,
      says: /✗ the suite was stopped after 1 s/,
      sum: "0 passed, 1 failed, 0 skipped",
      args: ["--deadline", "1000"],
    },
    { when: "a suite holds no test", text: `describe("nothing", () => {});`, says: /no test ran/, sum: "0 passed, 1 failed, 0 skipped" },
  ];
  for (const { when, text, says, sum, args = [] } of failures) {
    it(`fails when ${when}`, async () => {
      const { exit, lines, errors } = await run({ "unit/bad": text }, ...args);
      assert.equal(lines.at(-1), sum);
      assert.match(lines.join("\n") + errors, says);
      assert.equal(exit, 1);
    });
  }

  it("fails when there is nothing to run at all", async () => {
    const { exit, lines } = await run({}, "unit");
    assert.equal(lines.at(-1), "0 passed, 1 failed, 0 skipped");
    assert.equal(exit, 1);
  });
});
