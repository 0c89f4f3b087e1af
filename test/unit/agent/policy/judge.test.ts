import { strict as assert } from "node:assert";
import { shippedPolicy } from "../../../../src/agent/policy/defaults.ts";
import { judgeUnknown } from "../../../../src/agent/policy/judge.ts";
import { narrow } from "../../../../src/agent/policy/narrow.ts";
import type { Policy } from "../../../../src/agent/policy/rules.ts";
import { home, imaginaryGround, judgeLine, judgeTool, root, rule } from "../../../support/policy.ts";

const empty: Policy = { guard: [], workspace: [], personal: [] };
const reads = (...paths: string[]) => ({ effects: ["read" as const], paths, reversible: true });
const writes = (...paths: string[]) => ({ effects: ["write" as const], paths, reversible: true });

describe("the judge", () => {
  it("denies what no personal rule speaks of, and says so", async () => {
    const decision = await judgeTool("read_file", reads("a"), { policy: empty });
    assert.equal(decision.verdict, "deny");
    assert.equal(decision.list, "personal");
    assert.equal(decision.rule, undefined);
    assert.match(decision.reason, /No rule matched/);
  });

  it("lets the first rule that fits decide, by priority and then by order", async () => {
    const policy = { ...empty, personal: [rule("later", "deny", {}, 20), rule("first", "allow", {}, 10), rule("second", "deny", {}, 10)] };
    assert.deepEqual(await judgeTool("read_file", reads("a"), { policy }).then(({ verdict, rule: id }) => [verdict, id]), [
      "allow",
      "first",
    ]);
  });

  it("takes the strictest of the lists, whatever their order", async () => {
    for (const [guard, workspace, personal, verdict, list] of [
      ["allow", "ask", "allow", "ask", "workspace"],
      ["deny", "ask", "allow", "deny", "guard"],
      ["ask", "ask", "ask", "ask", "guard"],
      ["allow", "allow", "deny", "deny", "personal"],
      ["allow", "allow", "allow", "allow", "personal"],
    ] as const) {
      const policy = { guard: [rule("g", guard)], workspace: [rule("w", workspace)], personal: [rule("p", personal)] };
      const decision = await judgeTool("read_file", reads("a"), { policy });
      assert.deepEqual([decision.verdict, decision.list], [verdict, list]);
    }
  });

  it("forbids a call as much as its most forbidden part", async () => {
    const policy = { ...empty, personal: [rule("not b", "deny", { path: ["b"] }), rule("rest", "allow")] };
    const decision = await judgeTool("read_file", reads("a", "b", "c"), { policy });
    assert.equal(decision.verdict, "deny");
    assert.deepEqual(
      decision.parts.map(({ verdict }) => verdict),
      ["allow", "deny", "allow"],
    );
    assert.match(decision.reason, /^read b: /);
  });

  it("matches on every circumstance a rule may name", async () => {
    const cases = [
      [{ tool: ["x"] }, false],
      [{ tool: ["run_command", "x"] }, true],
      [{ role: ["coder"] }, true],
      [{ role: ["tester"] }, false],
      [{ mode: ["supervised"] }, true],
      [{ tainted: true }, false],
      [{ sandboxed: true }, true],
      [{ usdAtLeast: 2 }, true],
      [{ usdAtLeast: 3 }, false],
      [{ confidenceBelow: 0.5 }, true],
      [{ confidenceBelow: 0.2 }, false],
      [{ bytesAtLeast: 10 }, true],
      [{ bytesAtLeast: 11 }, false],
      [{ program: ["git"] }, true],
      [{ program: ["gi"] }, false],
      [{ args: ["log", "**"] }, true],
      [{ args: ["**", "--oneline"] }, true],
      [{ args: ["log"] }, false],
      [{ args: ["l*", "--o*"] }, true],
      [{ line: ["git log --oneline"] }, true],
      [{ line: ["git log"] }, false],
      [{ workspace: [root] }, true],
      [{ workspace: ["/elsewhere"] }, false],
      [{ trait: ["readonly"] }, true],
      [{ trait: ["code"] }, false],
    ] as const;
    for (const [match, fits] of cases) {
      const policy = {
        ...empty,
        guard: [rule("r", "deny", { effect: ["execute"], ...structuredClone(match) } as never)],
        personal: [rule("rest", "allow")],
      };
      const decision = await judgeLine("git log --oneline", { policy, role: "coder", usd: 2, confidence: 0.4, bytes: 10 });
      assert.equal(decision.verdict === "deny", fits, JSON.stringify(match));
    }
  });

  it("matches hosts by pattern", async () => {
    const policy = { ...empty, personal: [rule("ours", "allow", { host: ["*.example.com"] }), rule("rest", "ask")] };
    const to = (host: string) => judgeTool("fetch", { effects: ["network"], paths: [], hosts: [host], reversible: true }, { policy });
    assert.equal((await to("API.example.com")).verdict, "allow");
    assert.equal((await to("example.com.evil.org")).verdict, "ask");
  });

  it("holds an allow rule to all that a part may touch, an ask or deny rule to any of it", async () => {
    const allows = {
      ...empty,
      personal: [rule("src", "allow", { effect: ["delete"], path: ["src/**"] }), rule("rest", "allow", { effect: ["execute"] })],
    };
    assert.equal((await judgeLine("rm -r src/a", { policy: allows })).verdict, "allow");
    assert.equal((await judgeLine("rm -r src", { policy: allows })).verdict, "allow");
    assert.equal((await judgeLine("rm -r .", { policy: allows })).verdict, "deny");
    assert.equal((await judgeLine("rm -r s*", { policy: allows })).verdict, "deny");
    const denies = {
      ...empty,
      workspace: [rule("keep", "deny", { path: ["src/keep/**"] })],
      personal: [rule("rest", "allow", { trait: undefined })],
    };
    for (const [line, verdict] of [
      ["rm -r src/a", "allow"],
      ["rm src/keep/x", "deny"],
      ["rm -r src", "deny"],
      ["rm -r SRC/KEEP", "deny"],
      ["rm -r s*", "deny"],
      ["rm src/k*", "deny"],
      ["rm src/a*", "allow"],
      ["cat src/*/x", "deny"],
    ] as const) {
      assert.equal((await judgeLine(line, { policy: denies })).verdict, verdict, line);
    }
  });

  it("does not let an allow rule cover a grave trait it does not name", async () => {
    const policy = { ...empty, personal: [rule("all", "allow"), rule("rest", "ask")] };
    for (const line of [
      "cat $x",
      "PATH=. ls",
      "sudo ls",
      "git reset --hard",
      "sort --compress-program=x a",
      "ssh host",
      "kill 1",
      "ls '",
    ]) {
      assert.equal((await judgeLine(line, { policy })).verdict, "ask", line);
    }
    const named = {
      ...empty,
      personal: [rule("ssh", "allow", { program: ["ssh"], trait: ["credential"] }), rule("net", "allow", { effect: ["network"] })],
    };
    assert.equal((await judgeLine("ssh host", { policy: named })).verdict, "allow");
  });

  it("takes a rule that allows a program to allow running it, not what its arguments touch", async () => {
    const policy = {
      ...empty,
      personal: [rule("git", "allow", { program: ["git"] }), rule("reads", "allow", { effect: ["read"] }), rule("rest", "ask")],
    };
    assert.equal((await judgeLine("git commit -m x", { policy })).verdict, "allow");
    assert.equal((await judgeLine("git log --output=src/x", { policy })).verdict, "ask");
    assert.equal((await judgeLine("git show HEAD > x", { policy })).verdict, "ask");
    assert.equal((await judgeLine("git push", { policy })).verdict, "ask");
  });

  it("does not take a program in the workspace for the system's of that name", async () => {
    const policy = { ...empty, personal: [rule("npm", "allow", { program: ["npm"] }), rule("rest", "ask")] };
    assert.equal((await judgeLine("npm test", { policy })).verdict, "allow");
    assert.equal((await judgeLine("/usr/bin/npm test", { policy })).verdict, "allow");
    assert.equal((await judgeLine("./npm test", { policy })).verdict, "ask");
    assert.equal((await judgeLine("/tmp/npm test", { policy })).verdict, "ask");
  });
});

describe("the shipped rules", () => {
  it("let the workspace be read and everything else be asked", async () => {
    for (const tool of ["read_file", "list_files", "search_text"]) {
      assert.equal((await judgeTool(tool, reads("src/a.ts"))).verdict, "allow");
      assert.equal((await judgeTool(tool, reads("../a"))).verdict, "ask");
      assert.equal((await judgeTool(tool, reads(".env"))).verdict, "ask");
      assert.equal((await judgeTool(tool, reads(".env.example"))).verdict, "allow");
    }
    for (const tool of ["edit_file", "create_file"]) assert.equal((await judgeTool(tool, writes("src/a.ts"))).verdict, "ask");
    assert.equal((await judgeTool("delete_file", { effects: ["delete"], paths: ["a"], reversible: true })).verdict, "ask");
    assert.equal((await judgeTool("fetch", { effects: ["network"], paths: [], hosts: ["example.com"], reversible: true })).verdict, "ask");
    assert.equal((await judgeTool("delegate", { effects: ["execute"], paths: [], reversible: false })).verdict, "ask");
  });

  it("deny tools to write git's files, their own and any outside, and ask for those that others obey", async () => {
    for (const path of [
      ".git/config",
      "packages/a/.git/hooks/x",
      ".proviso/policy.json",
      "../x",
      "/etc/hosts",
      `${home}/.bashrc`,
      "src/../../x",
    ]) {
      assert.equal((await judgeTool("edit_file", writes(path), { mode: "autonomous" })).verdict, "deny", path);
    }
    for (const path of [
      ".vscode/tasks.json",
      ".husky/pre-commit",
      ".github/workflows/ci.yml",
      ".npmrc",
      "packages/a/.envrc",
      "x.code-workspace",
      ".bashrc",
    ]) {
      const decision = await judgeTool("edit_file", writes(path), { mode: "autonomous" });
      assert.deepEqual([decision.verdict, decision.rule], ["ask", "guard.obeyed"], path);
    }
  });

  it("allow a question to the person: it touches nothing", async () => {
    assert.equal((await judgeTool("ask_user", { effects: [], paths: [], reversible: true })).verdict, "allow");
  });

  it("deny a tool that nobody knows", () => {
    assert.deepEqual([judgeUnknown("x").verdict, judgeUnknown("x").rule], ["deny", undefined]);
  });

  it("ask for every command where nothing would confine it", async () => {
    for (const line of ["ls", "git status", "npm test"]) {
      assert.deepEqual(await judgeLine(line, { sandboxed: false }).then(({ verdict, list }) => [verdict, list]), ["ask", "guard"], line);
    }
  });

  it("follow links before they judge", async () => {
    const ground = imaginaryGround({ [`${root}/out`]: "/etc", [`${root}/hooks`]: `${root}/.git/hooks`, [`${root}/in`]: `${root}/src` });
    assert.equal((await judgeTool("read_file", reads("out/passwd"), { ground })).verdict, "ask");
    assert.equal((await judgeTool("edit_file", writes("out/passwd"), { ground })).verdict, "deny");
    assert.equal((await judgeTool("edit_file", writes("hooks/pre-commit"), { ground })).verdict, "deny");
    assert.equal((await judgeTool("read_file", reads("in/a.ts"), { ground })).verdict, "allow");
    assert.equal((await judgeLine("cat out/passwd", { ground })).verdict, "ask");
    assert.equal((await judgeLine("echo x > hooks/pre-commit", { ground })).verdict, "deny");
    assert.equal((await judgeLine("cd hooks && rm pre-commit", { ground })).verdict, "deny");
  });

  it("walk '..' out of where a link leads, as commands do", async () => {
    const ground = imaginaryGround({ [`${root}/link`]: "/srv/data/deep" });
    assert.equal((await judgeLine("cat link/../secret", { ground })).verdict, "ask");
    assert.equal((await judgeLine("cat src/../a", { ground })).verdict, "allow");
    assert.equal((await judgeLine("cd -P link/.. && cat a", { ground })).verdict, "ask");
  });

  it("judge a line in the folder it runs in", async () => {
    assert.equal((await judgeLine("cat ../a", { cwd: "src" })).verdict, "allow");
    assert.equal((await judgeLine("cat ../a", { cwd: "." })).verdict, "ask");
    assert.equal((await judgeLine("ls", { cwd: "/etc" })).verdict, "ask");
    assert.equal((await judgeLine("echo hello", { cwd: ".." })).verdict, "ask");
    assert.equal((await judgeLine("rm config", { cwd: ".git" })).verdict, "deny");
  });

  it("deny changes in read-only mode and let commands look", async () => {
    const mode = "read-only";
    for (const line of ["npm test", "rm a", "echo x > a", "node x.js", "unheard-of", "git commit -m x"])
      assert.equal((await judgeLine(line, { mode })).verdict, "deny", line);
    for (const line of ["ls", "git log", "rg foo"]) assert.equal((await judgeLine(line, { mode })).verdict, "allow", line);
    assert.equal((await judgeTool("edit_file", writes("a"), { mode })).verdict, "deny");
    assert.equal((await judgeTool("read_file", reads("a"), { mode })).verdict, "allow");
  });

  it("let autonomous mode write and run in the sandbox, and nothing beyond", async () => {
    const mode = "autonomous";
    for (const line of ["npm test", "node x.js", "echo x > a", "mkdir b", "unheard-of"])
      assert.equal((await judgeLine(line, { mode })).verdict, "allow", line);
    for (const line of ["npm install", "curl https://x", "sudo ls", "git reset --hard", "cat /etc/passwd", "rm a", "cat .env", "eval $X"])
      assert.equal((await judgeLine(line, { mode })).verdict, "ask", line);
    assert.equal((await judgeLine("npm test", { mode, sandboxed: false })).verdict, "ask");
    assert.equal((await judgeTool("edit_file", writes("a"), { mode })).verdict, "allow");
  });

  it("hold every role to its ceiling, whatever the mode", async () => {
    for (const role of ["planner", "researcher", "reviewer"] as const) {
      assert.equal((await judgeTool("edit_file", writes("a"), { role, mode: "autonomous" })).verdict, "deny");
      assert.equal((await judgeLine("npm test", { role, mode: "autonomous" })).verdict, "deny");
    }
    assert.equal((await judgeLine("npm test", { role: "tester" })).verdict, "ask");
    assert.equal((await judgeLine("npm test > out", { role: "tester" })).verdict, "deny");
    assert.equal((await judgeTool("edit_file", writes("a"), { role: "coder" })).verdict, "ask");
  });

  it("ask again for network, credentials and secrets once foreign text is in the context, grants or not", async () => {
    const shipped = shippedPolicy("/workspace");
    const policy = {
      ...shipped,
      personal: [rule("all", "allow", { trait: undefined }, 1), rule("ssh", "allow", { trait: ["credential"] }, 1), ...shipped.personal],
    };
    const net = { effects: ["network" as const], paths: [], hosts: ["example.com"], reversible: true };
    assert.equal((await judgeTool("fetch", net, { policy })).verdict, "allow");
    assert.equal((await judgeTool("fetch", net, { policy, tainted: true })).verdict, "ask");
    assert.equal((await judgeLine("gh auth token", { policy })).verdict, "allow");
    assert.equal((await judgeLine("gh auth token", { policy, tainted: true })).verdict, "ask");
    assert.equal((await judgeTool("read_file", reads(".env"), { policy })).verdict, "allow");
    assert.equal((await judgeTool("read_file", reads(".env"), { policy, tainted: true })).verdict, "ask");
  });

  it("ask before commands write to temporary folders, not where neither sandbox nor place keeps neighbours safe; tools may not", async () => {
    assert.equal((await judgeLine("echo x > /tmp/x")).rule, "guard.temporary");
    for (const policy of [shippedPolicy("/tmp/work"), shippedPolicy()]) {
      assert.equal((await judgeLine("f=$(mktemp) && echo x > /tmp/x", { policy })).verdict, "ask");
      assert.equal((await judgeLine("echo x > /tmp/x", { policy, sandboxed: false })).rule, "guard.outside");
    }
    assert.equal((await judgeTool("edit_file", writes("/tmp/x"))).rule, "guard.outside");
  });

  it("ask again after a command planted something, grants or not, until then looking goes on", async () => {
    const policy = { ...shippedPolicy("/workspace"), personal: [rule("all", "allow", {}, 1)] };
    assert.equal((await judgeLine("npm test", { policy })).verdict, "allow");
    assert.equal((await judgeLine("npm test", { policy, disturbed: true })).rule, "guard.disturbed");
    assert.equal((await judgeLine("cat .mcp.json", { policy, disturbed: true })).verdict, "allow");
  });

  it("name the least overridable of equally strict reasons", async () => {
    assert.equal((await judgeLine("npm test; sudo ls; curl https://x")).rule, "guard.grave");
  });

  it("have all denials of the guard before all its questions, so that no question hides a denial", () => {
    const verdicts = shippedPolicy("/workspace")
      .guard.map(({ id, verdict }) => ({ id, verdict }))
      .filter(({ id }) => id !== "guard.temporary");
    const firstAsk = verdicts.findIndex(({ verdict }) => verdict === "ask");
    assert.deepEqual(
      verdicts.slice(firstAsk).filter(({ verdict }) => verdict === "deny"),
      [],
    );
    assert.ok(verdicts.every(({ verdict }) => verdict !== "allow"));
  });
});

describe("a child run", () => {
  it("is held to its role as well as to its parent", async () => {
    const policy = narrow({ ...shippedPolicy("/workspace"), personal: [rule("all", "allow", {}, 1)] }, "tester");
    assert.equal((await judgeLine("npm test", { policy })).verdict, "allow");
    assert.deepEqual(await judgeTool("edit_file", writes("a"), { policy }).then(({ verdict, list }) => [verdict, list]), ["deny", "role"]);
  });

  it("keeps the ceilings of all its parents", async () => {
    const policy = narrow(narrow(shippedPolicy("/workspace"), "researcher"), "coder");
    assert.equal((await judgeTool("edit_file", writes("a"), { policy })).verdict, "deny");
  });
});
