import { strict as assert } from "node:assert";
import { shippedPolicy } from "../../../../src/agent/policy/defaults.ts";
import { gradeOf } from "../../../../src/agent/policy/grade.ts";
import { coverage, offers } from "../../../../src/agent/policy/grants.ts";
import type { Subject } from "../../../../src/agent/policy/part.ts";
import { prepare, type Question } from "../../../../src/agent/policy/prepare.ts";
import { imaginaryGround, judgeLine, root } from "../../../support/policy.ts";

const policy = shippedPolicy("/workspace");
const usual = { mode: "supervised", tainted: false, sandboxed: true };

async function subjectOf(question: Pick<Question, "tool" | "risk"> & Partial<Question>): Promise<Subject> {
  return (await prepare({ ...usual, ...question }, imaginaryGround())).subject;
}
const command = (line: string, more: Partial<Question> = {}) =>
  subjectOf({ tool: "run_command", risk: { effects: ["execute"], paths: [], line, reversible: false }, ...more });
const edit = (path: string) => subjectOf({ tool: "edit_file", risk: { effects: ["write"], paths: [path], reversible: true } });

describe("grants", () => {
  it("offer a command exactly, by subcommand and by program, each with how many past calls it would have covered", async () => {
    const past = await Promise.all(["npm test", "npm test -- --grep x", "npm run build", "make", "ls"].map((line) => command(line)));
    const found = offers(policy, await command("npm test"), past);
    assert.deepEqual(
      found.map(({ title, covered, of }) => [title, covered, of]),
      [
        ["exactly: npm test", 1, 5],
        ["npm test with any further words", 2, 5],
        ["npm with any words", 3, 5],
      ],
    );
    assert.deepEqual(found[1]?.rule.match, {
      workspace: [root],
      tool: ["run_command"],
      sandboxed: true,
      effect: ["execute"],
      program: ["npm"],
      args: ["test", "**"],
    });
  });

  it("offer a script of npm by name", async () => {
    const found = offers(policy, await command("npm run build"), []);
    assert.deepEqual(found[1]?.rule.match.args, ["run", "build", "**"]);
  });

  it("offer a file, its folder and the workspace", async () => {
    const past = await Promise.all(["src/a.ts", "src/b.ts", "README.md"].map(edit));
    const found = offers(policy, await edit("src/a.ts"), past);
    assert.deepEqual(
      found.map(({ title, covered }) => [title, covered]),
      [
        ["edit_file of src/a.ts", 1],
        ["edit_file below src", 2],
        ["edit_file anywhere in the workspace", 3],
      ],
    );
  });

  it("offer a host", async () => {
    const fetch = await subjectOf({ tool: "fetch", risk: { effects: ["network"], paths: [], hosts: ["example.com"], reversible: true } });
    assert.deepEqual(
      offers(policy, fetch, []).map(({ title }) => title),
      ["fetch to example.com"],
    );
  });

  it("never widen to what an interpreter or a wrapper could be given", async () => {
    for (const line of ["node build.js", "python3 x.py", "bash run.sh", "npx tsc", "make all"]) {
      for (const { title } of offers(policy, await command(line), []))
        assert.doesNotMatch(title, /^(node|python3|bash|npx|make) with any words$/);
    }
  });

  it("are never offered for what the guard asks: unsandboxed, computed, system-wide, or in files that others obey", async () => {
    assert.deepEqual(offers(policy, await command("npm test", { sandboxed: false }), []), []);
    for (const line of [
      "sudo make install",
      "git reset --hard",
      "npm test $X",
      "PATH=. npm test",
      "kill 1",
      "echo x > .vscode/settings.json",
    ])
      assert.deepEqual(offers(policy, await command(line), []), [], line);
    assert.deepEqual(offers(policy, await edit(".github/workflows/ci.yml"), []), []);
  });

  it("are never offered for what is denied or allowed already", async () => {
    assert.deepEqual(offers(policy, await command("rm -rf /"), []), []);
    assert.deepEqual(offers(policy, await command("ls"), []), []);
  });

  it("hold in their workspace and in the sandbox alone, and cover no redirection", async () => {
    const [, subcommand] = offers(policy, await command("npm test"), []);
    assert.ok(subcommand);
    const granted = { ...policy, personal: [subcommand.rule, ...policy.personal] };
    assert.equal((await judgeLine("npm test -- --watch", { policy: granted })).verdict, "allow");
    assert.equal((await judgeLine("npm test > out.txt", { policy: granted })).verdict, "ask");
    assert.equal((await judgeLine("npm test && rm x", { policy: granted })).verdict, "ask");
    assert.equal((await judgeLine("npm test $(rm x)", { policy: granted })).verdict, "ask");
    assert.equal((await judgeLine("npm test", { policy: granted, sandboxed: false })).verdict, "ask");
    assert.equal((await judgeLine("npm test", { policy: granted, ground: { ...imaginaryGround(), root: "/elsewhere" } })).verdict, "ask");
    assert.equal((await judgeLine("cd /elsewhere && npm test", { policy: granted })).verdict, "ask");
  });

  it("do not let options of a granted program run or write anything more", async () => {
    const [, subcommand] = offers(policy, await command("git log --nonsense"), []);
    const rule = subcommand?.rule ?? offers(policy, await command("git commit -m x"), [])[1]?.rule;
    assert.ok(rule);
    const granted = { ...policy, personal: [{ ...rule, match: { ...rule.match, args: ["**"] } }, ...policy.personal] };
    for (const line of [
      "git log --output=src/x",
      "git -c core.pager=x log",
      "git diff --ext-diff",
      "git push",
      "git push --force",
      "git log > x",
    ]) {
      assert.equal((await judgeLine(line, { policy: granted })).verdict, "ask", line);
    }
  });

  it("get names of their own", async () => {
    const subject = await command("npm test");
    const [first] = offers(policy, subject, []);
    assert.ok(first);
    const [other] = offers({ ...policy, personal: [{ ...first.rule, verdict: "ask" }, ...policy.personal] }, subject, []);
    assert.notEqual(other?.rule.id, first.rule.id);
  });

  it("count only calls that would have been asked about", async () => {
    const past = await Promise.all(["ls", "rm -rf /", "npm test"].map((line) => command(line)));
    const [first] = offers(policy, await command("npm test"), past);
    assert.ok(first);
    assert.equal(coverage(policy, first.rule, past), 1);
  });
});

describe("the grade of a call", () => {
  for (const [line, grade] of [
    ["ls", "low"],
    ["cat src/a.ts | head", "low"],
    ["npm test", "moderate"],
    ["echo x > a", "moderate"],
    ["cat /etc/passwd", "moderate"],
    ["rm a", "high"],
    ["curl https://example.com", "high"],
    ["cat $x", "high"],
    ["sudo ls", "critical"],
    ["git reset --hard", "critical"],
    ["rm -rf /", "critical"],
    ["echo x > /etc/hosts", "critical"],
  ] as const) {
    it(`is ${grade} for ${line}`, async () => assert.equal(gradeOf(await command(line)), grade));
  }

  it("is a step higher where the agent doubts itself, or nothing confines it", async () => {
    assert.equal(gradeOf(await command("npm test", { confidence: 0.2 })), "high");
    assert.equal(gradeOf(await command("npm test", { sandboxed: false })), "high");
    assert.equal(gradeOf(await command("ls", { confidence: 0.2 })), "low");
    assert.equal(gradeOf(await command("curl https://example.com", { tainted: true })), "critical");
  });
});
