import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Shell, TrialOutcome, TrialRequest } from "../../../../src/agent/world.ts";
import { makeCopy, planCopy } from "../../../../src/node/shell/copy.ts";
import { openShell } from "../../../../src/node/shell.ts";
import { processesNaming, until } from "../../../support/processes.ts";
import { Scratch } from "../../../support/scratch.ts";

const never = new AbortController().signal;
const ourCopies = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`proviso-trial-${process.pid}-`));

describe("trials", () => {
  let scratch: Scratch;
  let shell: Shell;
  beforeEach(async () => {
    scratch = new Scratch().with({ "work/a.txt": "original\n", "work/src/b.txt": "b\n", "work/check.sh": "grep -q right a.txt\n" });
    const { path } = scratch;
    shell = await openShell({
      workspace: `${path}/work`,
      spill: `${path}/s`,
      pids: `${path}/p`,
      cache: `${path}/c`,
      env: process.env,
      confine: "never",
    });
  });
  afterEach(() => {
    assert.deepEqual(ourCopies(), []);
    scratch.remove();
  });

  const request = (candidates: readonly Record<string, string>[], more: Partial<TrialRequest> = {}): TrialRequest => ({
    line: "sh check.sh",
    cwd: scratch.at("work"),
    timeoutMs: 20_000,
    budgetMs: 20_000,
    enough: 100,
    candidates: candidates.map((files) => ({ files })),
    ...more,
  });
  const trial = async (
    candidates: readonly Record<string, string>[],
    more: Partial<TrialRequest> = {},
  ): Promise<readonly TrialOutcome[]> => {
    const result = await shell.trial(request(candidates, more), never);
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  };

  it("answer for each candidate how the line ended, in their order", async () => {
    const outcomes = await trial([{ "a.txt": "wrong" }, { "a.txt": "right" }, { "a.txt": "left" }, { "a.txt": "right!" }]);
    assert.deepEqual(
      outcomes.map(({ candidate, exit }) => [candidate, exit]),
      [
        [0, 1],
        [1, 0],
        [2, 1],
        [3, 0],
      ],
    );
  });

  it("never touch the workspace, whatever the line does", async () => {
    await trial([{ "a.txt": "right" }, { "new.txt": "n" }], { line: "echo spoiled > a.txt; rm -rf src check.sh; touch made" });
    assert.deepEqual(readdirSync(scratch.at("work")).sort(), ["a.txt", "check.sh", "src"]);
    assert.equal(readFileSync(scratch.at("work", "a.txt"), "utf8"), "original\n");
  });

  it("see each candidate alone: what the one before changed is put back", async () => {
    const outcomes = await trial([{ "a.txt": "one" }, { "src/b.txt": "two" }, { "src/new.txt": "three" }, { "src/b.txt": "four" }], {
      line: "cat a.txt src/*",
      enough: 9,
    });
    assert.deepEqual(
      outcomes.map(({ output }) => output.replaceAll("\n", " ").trim()),
      ["oneb", "original two", "original b three", "original four"],
    );
  });

  it("stop as soon as enough have passed", async () => {
    const outcomes = await trial([{ "a.txt": "right" }, ...Array.from({ length: 30 }, () => ({ "a.txt": "wrong" }))], {
      line: "sh check.sh || sleep 300",
      enough: 1,
    });
    assert.deepEqual(
      outcomes.filter(({ exit }) => exit === 0).map(({ candidate }) => candidate),
      [0],
    );
    assert.ok(outcomes.length < 30);
  });

  it("start none after the budget is spent", async () => {
    assert.deepEqual(await trial([{ "a.txt": "right" }], { budgetMs: 0 }), []);
  });

  it("stop a candidate that never ends", async () => {
    const [outcome] = await trial([{ "a.txt": "x" }], { line: "sleep 300", timeoutMs: 200 });
    assert.equal(outcome?.exit, null);
  });

  it("show the workspace's paths in the output, not the copy's", async () => {
    const [outcome] = await trial([{ "a.txt": "x" }], { line: "pwd", cwd: scratch.at("work", "src") });
    assert.equal(outcome?.output, `${scratch.at("work", "src")}\n`);
  });

  it("keep permissions, times and links, and link installed packages", async () => {
    const work = scratch.with({
      "work/run.sh": "echo ran",
      "work/node_modules/dep/index.js": "",
      "work/node_modules/@s/p/index.js": "",
      "work/packages/own/x.txt": "own",
    });
    chmodSync(work.at("work", "run.sh"), 0o755);
    utimesSync(work.at("work", "run.sh"), 1e9, 1e9);
    symlinkSync("src/b.txt", work.at("work", "relative"));
    symlinkSync(work.at("work", "src"), work.at("work", "absolute"));
    symlinkSync("../packages/own", work.at("work", "node_modules", "own"));
    const line =
      "./run.sh; stat -c %Y run.sh; cat relative absolute/b.txt; ls node_modules node_modules/@s; echo changed > node_modules/own/x.txt; echo cached > node_modules/.cache";
    const [outcome] = await trial([{ "a.txt": "x" }], { line });
    assert.equal(outcome?.output, "ran\n1000000000\nb\nb\nnode_modules:\n@s\ndep\nown\n\nnode_modules/@s:\np\n");
    assert.equal(readFileSync(work.at("work", "packages", "own", "x.txt"), "utf8"), "own");
    assert.deepEqual(readdirSync(work.at("work", "node_modules")).sort(), ["@s", "dep", "own"]);
  });

  it("give a changed file a time of its own, so that caches by seconds see it", async () => {
    const now = Math.floor(Date.now() / 1000);
    writeFileSync(scratch.at("work", "a.txt"), "original\n");
    utimesSync(scratch.at("work", "a.txt"), now, now);
    const [outcome] = await trial([{ "a.txt": "modified\n" }], { line: "stat -c %Y a.txt" });
    assert.notEqual(outcome?.output.trim(), String(Math.floor(statSync(scratch.at("work", "a.txt")).mtimeMs / 1000)));
  });

  it("never write through what a candidate's run put in the way", async () => {
    const outside = new Scratch().with({ "b.txt": "untouched", "a.txt": "untouched" });
    const line = `rm -rf src a.txt; ln -s ${outside.path} src; ln -s ${outside.at("a.txt")} a.txt`;
    await trial([{ "src/b.txt": "one" }, { "a.txt": "two" }, { "src/b.txt": "three" }, { "a.txt": "four" }], { line });
    assert.deepEqual([readFileSync(outside.at("b.txt"), "utf8"), readFileSync(outside.at("a.txt"), "utf8")], ["untouched", "untouched"]);
    outside.remove();
  });

  it("refuse files they could not put back or must not change", async () => {
    symlinkSync("/etc/hostname", scratch.at("work", "link"));
    mkdirSync(scratch.at("work", "node_modules"));
    for (const path of ["../outside.txt", "/etc/passwd", "link", "node_modules/x.js", "no/such/folder.txt", "src"]) {
      const refused = await shell.trial(request([{ [path]: "x" }]), never);
      assert.ok(!refused.ok && refused.fault.kind === "invalid", path);
    }
  });

  it("end at once when cancelled, and leave nothing", async () => {
    const word = randomUUID();
    const stop = new AbortController();
    const running = shell.trial(
      request([{ "a.txt": "1" }, { "a.txt": "2" }, { "a.txt": "3" }], { line: `exec -a ${word} sleep 300` }),
      stop.signal,
    );
    await until(() => processesNaming(word).length > 0);
    stop.abort(new Error("stop"));
    await assert.rejects(running, /stop/);
    assert.deepEqual(processesNaming(word), []);
  });
});

describe("a private copy", () => {
  it("shares a folder that is too large to copy, unless it must change there", async () => {
    const scratch = new Scratch().with(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`data/deep/${index}.txt`, "x"])));
    scratch.with({ "src/a.txt": "a", ".git/HEAD": "ref" });
    const bounds = { files: 100, bytes: 1e6 };
    const plan = await planCopy(scratch.path, { needed: ["src/a.txt"], bounds, secrets: "copied" }, never);
    assert.ok(plan.ok);
    assert.deepEqual(plan.value.shared.toSorted(), [".git", "data/deep"]);
    const needed = await planCopy(scratch.path, { needed: ["data/deep/1.txt"], bounds, secrets: "copied" }, never);
    assert.ok(needed.ok);
    assert.deepEqual(needed.value.shared, [".git"]);
    const small = await planCopy(
      scratch.path,
      { needed: ["data/deep/1.txt"], bounds: { files: 50, bytes: 1e6 }, secrets: "copied" },
      never,
    );
    assert.ok(!small.ok && small.fault.kind === "unavailable");
    scratch.remove();
  });

  it("holds secrets only as empty files where it is to be mounted", async () => {
    const scratch = new Scratch().with({ "w/.env": "KEY=1", "w/.env.example": "KEY=", "w/app/.env.local": "KEY=2" });
    const plan = await planCopy(scratch.at("w"), { needed: [], bounds: { files: 10, bytes: 1e6 }, secrets: "empty" }, never);
    assert.ok(plan.ok);
    mkdirSync(scratch.at("copy"));
    await makeCopy(plan.value, scratch.at("copy"), "mount", never);
    const texts = [".env", ".env.example", "app/.env.local"].map((name) => readFileSync(scratch.at("copy", name), "utf8"));
    assert.deepEqual(texts, ["", "KEY=", ""]);
    scratch.remove();
  });
});
