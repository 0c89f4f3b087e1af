import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Readable, Writable } from "node:stream";
import { policy } from "../../../src/cli/policy.ts";
import { createRun } from "../../../src/node/runs.ts";
import { openWorkspaceHome } from "../../../src/node/state-home.ts";
import { tellStory } from "../../support/tell-story.ts";
import { tempFolder } from "../../support/temp-folder.ts";

class Collect extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe("proviso policy", () => {
  const folder = tempFolder();

  async function run(
    args: readonly string[],
    stdin = "",
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    mkdirSync(folder.in("work"), { recursive: true });
    const [out, err] = [new Collect(), new Collect()];
    const io = {
      stdin: Readable.from([Buffer.from(stdin)], { objectMode: false }),
      stdout: out,
      stderr: err,
      cwd: folder.in("work"),
      env: { HOME: folder.in("home"), ...env },
    };
    const code = await policy(args, io, new AbortController().signal);
    return { code, out: out.text, err: err.text };
  }
  const lines = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const check = async (...args: readonly string[]) => {
    const { code, out, err } = await run(["check", "--sandbox", "on", "--json", ...args]);
    assert.deepEqual([code, err], [0, ""]);
    return lines(out)[0] ?? {};
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(folder.in(path)), { recursive: true });
    writeFileSync(folder.in(path), text);
  };

  it("check answers with verdict, list, rule, reason, risk and parts", async () => {
    const answer = await check("--line", "cat a | head > b");
    assert.deepEqual(Object.keys(answer).sort(), ["list", "parts", "reason", "risk", "rule", "verdict"]);
    assert.deepEqual([answer["verdict"], answer["list"], answer["rule"]], ["ask", "personal", "default.write"]);
    assert.deepEqual(answer["risk"], {
      effects: ["execute", "read", "write"],
      paths: ["a", "b"],
      line: "cat a | head > b",
      reversible: false,
    });
    assert.deepEqual(
      (answer["parts"] as { part: string; verdict: string }[]).map(({ part, verdict }) => [part, verdict]),
      [
        ["cat a", "allow"],
        ["read a", "allow"],
        ["> b", "ask"],
        ["head", "allow"],
      ],
    );
  });

  it("check judges the call of any tool", async () => {
    assert.equal((await check("--tool", "read_file", "--args", '{"path":"a"}'))["verdict"], "allow");
    assert.equal((await check("--tool", "read_file", "--args", '{"path":"/etc/passwd"}'))["verdict"], "ask");
    assert.equal((await check("--tool", "delete_file", "--args", '{"path":".git/config"}'))["verdict"], "deny");
    assert.equal((await check("--tool", "run_command", "--args", '{"line":"cat ../a","cwd":"src"}'))["verdict"], "allow");
    assert.equal((await check("--tool", "ask_user", "--args", '{"question":"What?"}'))["verdict"], "allow");
  });

  it("check denies a tool that nobody knows, and arguments that say nothing", async () => {
    assert.deepEqual(await check("--tool", "launch", "--args", "{}").then(({ verdict, reason }) => [verdict, reason]), [
      "deny",
      'No rule matched: there is no tool called "launch".',
    ]);
    const answer = await check("--tool", "edit_file", "--args", '{"where":1}');
    assert.equal(answer["verdict"], "deny");
    assert.match(String(answer["reason"]), /do not fit/);
  });

  it("check judges arguments that do not fit as far as they go, and says that they do not", async () => {
    const answer = await check("--tool", "edit_file", "--args", '{"path":"../x"}');
    assert.equal(answer["verdict"], "deny");
    assert.equal(answer["rule"], "guard.outside");
    assert.match(String(answer["error"]), /do not fit/);
  });

  it("check follows links", async () => {
    mkdirSync(folder.in("work"));
    symlinkSync("/etc", folder.in("work", "link"));
    assert.equal((await check("--line", "cat link/passwd"))["verdict"], "ask");
    assert.equal((await check("--tool", "create_file", "--args", '{"path":"link/x","text":""}'))["verdict"], "deny");
    assert.equal((await check("--line", "cat nothing/../here"))["verdict"], "allow");
  });

  it("check takes mode, role, taint and sandbox into account", async () => {
    assert.equal((await check("--line", "npm test", "--mode", "autonomous"))["verdict"], "allow");
    assert.equal((await check("--line", "npm test", "--mode", "read-only"))["verdict"], "deny");
    assert.equal((await check("--line", "npm test", "--role", "researcher"))["verdict"], "deny");
    assert.equal((await check("--line", "curl https://example.com", "--tainted"))["rule"], "guard.taint.network");
    assert.equal(lines((await run(["check", "--sandbox", "off", "--json", "--line", "ls"])).out)[0]?.["rule"], "guard.unsandboxed");
  });

  it("check reads JSON Lines and answers in order, bad lines included", async () => {
    const input = [
      '{"id":"a","line":"ls"}',
      "nonsense",
      '{"tool":"read_file","args":{"path":"x"},"id":7}',
      '{"id":8}',
      '{"id":9,"line":3}',
      "",
      '{"line":"rm -rf /","cwd":"src"}',
      '{"id":10,"line":"npm test","mode":"autonomous"}',
      '{"id":11,"line":"ls","sandboxed":false}',
    ];
    const { code, out } = await run(["check", "--stdin", "--sandbox", "on"], input.join("\n"));
    assert.equal(code, 0);
    assert.deepEqual(
      lines(out).map(({ id, verdict, error }) => [id, verdict, error === undefined]),
      [
        ["a", "allow", true],
        [undefined, "deny", false],
        [7, "allow", true],
        [8, "deny", false],
        [9, "deny", false],
        [undefined, "deny", true],
        [10, "allow", true],
        [11, "ask", true],
      ],
    );
    assert.match(String(lines(out)[1]?.["error"]), /^Line 2 of the input is not JSON/);
  });

  it("check keeps the order over many lines", async () => {
    const input = Array.from({ length: 1000 }, (_, id) => JSON.stringify({ id, line: `cat dir${id % 7}/file${id}` }));
    const { out } = await run(["check", "--stdin", "--sandbox", "on"], input.join("\n"));
    assert.deepEqual(
      lines(out).map(({ id }) => id),
      input.map((_, id) => id),
    );
  });

  it("check uses the workspace's and the person's rules, and says what is wrong with them", async () => {
    write("work/.proviso/policy.json", '{"rules":[{"id":"no-cat","match":{"program":["cat"]},"verdict":"deny","why":"No cats."}]}');
    write(
      "home/.config/proviso/policy.json",
      '{"rules":[{"id":"tests","match":{"program":["npm"],"args":["test"]},"verdict":"allow","why":"Mine."}]}',
    );
    assert.deepEqual(await check("--line", "cat a").then(({ verdict, list, rule }) => [verdict, list, rule]), [
      "deny",
      "workspace",
      "no-cat",
    ]);
    assert.deepEqual(await check("--line", "npm test").then(({ verdict, rule }) => [verdict, rule]), ["allow", "tests"]);
    write("work/.proviso/policy.json", "{");
    const { err, out } = await run(["check", "--sandbox", "on", "--json", "--line", "ls"]);
    assert.match(err, /policy\.json:1: not JSON/);
    assert.equal(lines(out)[0]?.["rule"], "workspace.unreadable");
  });

  it("check speaks plainly without --json", async () => {
    const { out } = await run(["check", "--sandbox", "on", "--line", "ls && rm -rf /"]);
    assert.match(out, /^deny {2}rm -rf \/: This is known to destroy/);
    assert.match(out, /allow {2}ls/);
  });

  it("explain tells what every list says", async () => {
    const { out } = await run(["explain", "--sandbox", "on", "--line", "echo x > .vscode/settings.json", "--json"]);
    const [answer = {}] = lines(out);
    const parts = answer["parts"] as { part: string; opinions: { list: string; verdict: string; rule: string }[] }[];
    const part = parts.find((one) => one.part.startsWith(">"));
    assert.deepEqual(
      part?.opinions.map(({ list, verdict, rule }) => [list, verdict, rule]),
      [
        ["guard", "ask", "guard.obeyed"],
        ["personal", "ask", "default.write"],
      ],
    );
  });

  it("list tells the rules in force with their origin, and marks one that can never decide", async () => {
    write(
      "home/.config/proviso/policy.json",
      '{"rules":[\n{"id":"npm","match":{"program":["npm"]},"verdict":"ask","why":"Mine."},\n{"id":"npm-ci","match":{"program":["npm"],"args":["ci"]},"verdict":"deny","why":"Never."}]}',
    );
    const { code, out } = await run(["list", "--json"]);
    const rules = lines(out) as {
      list: string;
      from: string;
      line?: number;
      shadowedBy?: string;
      revocable: boolean;
      rule: { id: string };
    }[];
    assert.equal(code, 0);
    assert.equal(rules[0]?.rule.id, "guard.destructive");
    const mine = rules.filter(({ from }) => from === folder.in("home/.config/proviso/policy.json"));
    assert.deepEqual(
      mine.map(({ rule, line, shadowedBy, revocable }) => [rule.id, line, shadowedBy, revocable]),
      [
        ["npm", 2, undefined, true],
        ["npm-ci", 3, "npm", true],
      ],
    );
    assert.ok(rules.every(({ from }) => from === "shipped" || from === mine[0]?.from));
    assert.match((await run(["list"])).out, /deny {3}npm-ci .* never {2}Never\. .*:3\) {2}\[never asked: npm stands before it\]/);
  });

  it("list and stats count what the workspace's runs decided, and count again what has grown", async () => {
    mkdirSync(folder.in("work"), { recursive: true });
    const home = await openWorkspaceHome(folder.in("state/proviso"), folder.in("work"));
    assert.ok(home.ok);
    const stats = async () => lines((await run(["stats", "--json"], "", { XDG_STATE_HOME: folder.in("state") })).out)[0];
    assert.deepEqual([(await stats())?.["runs"], (await stats())?.["questions"]], [0, 0]);
    const created = await createRun(home.value, Date.UTC(2026, 0, 1));
    assert.ok(created.ok);
    const { events } = await tellStory({});
    const journal = (upTo: number) =>
      events
        .slice(0, upTo)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join("");
    writeFileSync(created.value.journal, journal(20));
    const before = await stats();
    writeFileSync(created.value.journal, journal(events.length));
    const after = await stats();
    assert.ok(Number(before?.["questions"]) > 0 && Number(before?.["questions"]) < Number(after?.["questions"]));
    assert.equal(after?.["questions"], events.filter(({ type }) => type === "approval.asked").length);
    const listed = lines((await run(["list", "--json"], "", { XDG_STATE_HOME: folder.in("state") })).out) as {
      decided: number;
      rule: { id: string };
    }[];
    assert.ok((listed.find(({ rule }) => rule.id === "default.write")?.decided ?? 0) > 0);
    assert.match((await run(["stats"], "", { XDG_STATE_HOME: folder.in("state") })).out, /median wait for an answer {2,}under 1 s/);
  });

  it("revoke takes a rule out of the person's file and leaves the rest as it stands", async () => {
    write(
      "home/.config/proviso/policy.json",
      '{\n  // mine\n  "rules": [\n    {"id":"a","match":{},"verdict":"ask","why":"A."},\n    // keep\n    {"id":"b","match":{},"verdict":"ask","why":"B."}\n  ]\n}\n',
    );
    assert.deepEqual(await run(["revoke", "a"]), { code: 0, out: "a is no longer in force\n", err: "" });
    const text = readFileSync(folder.in("home/.config/proviso/policy.json"), "utf8");
    assert.equal(text, '{\n  // mine\n  "rules": [\n    // keep\n    {"id":"b","match":{},"verdict":"ask","why":"B."}\n  ]\n}\n');
    const again = await run(["revoke", "guard.own"]);
    assert.equal(again.code, 1);
    assert.match(again.err, /There is no rule "guard\.own" among yours/);
  });

  it("test runs the examples of all rules, or of a file", async () => {
    assert.equal((await run(["test"])).code, 0);
    write(
      "work/good.json",
      '{"rules":[{"id":"g","match":{"program":["git"]},"verdict":"allow","why":"Git.","examples":{"match":["git log"],"noMatch":["ls"]}}]}',
    );
    assert.deepEqual(await run(["test", "good.json", "--json"]).then(({ code, out }) => [code, lines(out)[0]]), [
      0,
      { from: folder.in("work/good.json"), rules: 1, examples: 2, failures: [] },
    ]);
    write(
      "work/bad.json",
      '{"rules":[{"id":"g","match":{"program":["git"]},"verdict":"allow","why":"Git.","examples":{"match":["ls", "cat"],"noMatch":["git log"]}}]}',
    );
    const bad = await run(["test", "bad.json"]);
    assert.equal(bad.code, 1);
    assert.equal(bad.out.match(/should/g)?.length, 3);
    assert.equal((await run(["test", "missing.json"])).code, 1);
    write("work/.proviso/policy.json", '{"rules":[{"id":"g","match":{},"verdict":"allow","why":"All."}]}');
    assert.equal((await run(["test"])).code, 1);
  });

  it("says what it takes when it is given something else", async () => {
    for (const args of [
      [],
      ["chekc"],
      ["check"],
      ["check", "--line", "a", "--tool", "b"],
      ["check", "--tool", "a", "--args", "{"],
      ["check", "--mode", "x", "--line", "a"],
      ["check", "--line", "a", "--workspace", "missing"],
      ["explain", "--stdin"],
    ]) {
      const { code, out, err } = await run(args);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.notEqual(err, "");
    }
    assert.equal((await run(["--help"])).code, 0);
    assert.equal((await run(["check", "--help"])).code, 0);
  });
});
