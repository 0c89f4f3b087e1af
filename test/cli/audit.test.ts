// The audit as a person meets it: written by real runs, tampered with on disk, verified and exported by the real command line.

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { call, oneGoal, oneStep } from "../support/one-step.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { assertPlainWords, Stranger } from "../support/stranger.ts";

describe("proviso audit", () => {
  let server: ScriptedServer;
  let cli: Stranger;
  let id = "";
  before(async () => {
    server = await startScriptedServer(
      oneStep(
        { role: "coder", check: { by: "command", line: "test -f made.txt" } },
        call("create_file", { path: "made.txt", text: "made\n" }),
        call("run_command", { line: "echo '=1+1'; exit 3" }),
        { text: "Done." },
      ),
    );
    cli = new Stranger({ "a.txt": "a\n" }, server.url);
    assert.equal((await cli.run(["run", oneGoal, "--approve", "all", "--json"])).code, 0);
    id = basename(dirname(cli.journal));
  });
  after(async () => {
    cli.remove();
    await server.close();
  });

  it("verifies what a run wrote, and tells the digest it ends in", async () => {
    const told = await cli.run(["audit", "verify"]);
    assert.equal(told.code, 0, told.err);
    const [, head = ""] = /ok, \d+ lines {2}ends in ([0-9a-f]{64})\n/.exec(told.out) ?? [];
    assert.equal((await cli.run(["audit", "verify", id, "--head", head])).code, 0);
    const other = await cli.run(["audit", "verify", id, "--head", "0123456789abcdef"]);
    assert.equal(other.code, 1);
    assert.match(other.out, /none up to it has the digest 0123456789abcdef/);
    assert.equal((await cli.run(["audit", "verify", "--head", head])).code, 2);
  });

  it("names the first line that was tampered with, and exports what stands before it", async () => {
    const whole = readFileSync(cli.journal, "utf8");
    writeFileSync(cli.journal, whole.replace("made.txt", "fake.txt"));
    const bad = whole.split("\n").findIndex((line) => line.includes("made.txt")) + 2;
    try {
      const told = await cli.run(["audit", "verify", "--json"]);
      assert.equal(told.code, 1);
      const [answer] = told.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { ok: boolean; problems: { line: number }[] });
      assert.deepEqual([answer?.ok, answer?.problems[0]?.line], [false, bad]);
      assert.match((await cli.run(["audit", "verify"])).out, new RegExp(`line ${bad} does not follow the line before it`));
      const exported = await cli.run(["audit", "export", "--json"]);
      assert.equal(exported.code, 1);
      assertPlainWords(exported);
      assert.match(exported.err, new RegExp(`does not verify: line ${bad} does not follow`));
    } finally {
      writeFileSync(cli.journal, whole);
    }
  });

  it("exports who asked, which rule decided, who approved, what was shown and what came of it", async () => {
    const exported = await cli.run(["audit", "export", id]);
    assert.equal(exported.code, 0, exported.err);
    const entries = JSON.parse(exported.out) as Record<string, unknown>[];
    const of = (kind: string, tool: string) => entries.find((entry) => entry["kind"] === kind && entry["tool"] === tool) ?? {};
    const decision = of("decision", "create_file");
    assert.equal(decision["said"], "ask");
    assert.deepEqual([decision["list"], decision["askedBy"]], ["personal", "coder of only, scripted"]);
    assert.ok(typeof decision["rule"] === "string" && decision["why"] !== "");
    const [question, approval, begun, effect] = ["question", "approval", "begun", "effect"].map((kind) => of(kind, "create_file"));
    assert.equal(approval?.["by"], "--approve");
    for (const entry of [approval, begun, effect]) assert.equal(entry?.["digest"], question?.["digest"]);
    const [file] = (effect?.["files"] ?? []) as { path: string; before: unknown; after: unknown }[];
    assert.deepEqual([file?.path, file?.before], ["made.txt", null]);
    assert.match(String(file?.after), /^[0-9a-f]{64}$/);
    assert.equal(of("effect", "run_command")["exit"], 3);
    assert.match(String(of("effect", "run_command")["output"]), /^[0-9a-f]{64}$/);
    assert.ok(entries.every((entry) => entry["run"] === id && /^[0-9a-f]{64}$/.test(String(entry["line"]))));
  });

  it("exports a table in which no cell is a formula", async () => {
    const { code, out } = await cli.run(["audit", "export", "--format", "csv"]);
    assert.equal(code, 0);
    const [header, ...rows] = out.split("\r\n");
    assert.match(header ?? "", /^run,seq,time,kind,of,by,said,why,/);
    assert.ok(rows.length > 8);
    assert.doesNotMatch(out, /(?:^|,|\r\n)"?[=+@]/);
  });

  it("chains the next run to this one", async () => {
    const first = cli.journal;
    const before = readFileSync(first, "utf8").trimEnd().split("\n").length;
    assert.equal((await cli.run(["run", oneGoal, "--approve", "all", "--json"])).code, 0);
    const told = await cli.run(["audit", "verify", "--json"]);
    assert.equal(told.code, 0, told.out);
    assert.equal(told.out.trim().split("\n").length, 2);
    const runs = dirname(dirname(first));
    const next = readdirSync(runs).find((name) => name !== id) ?? "";
    const [line = ""] = readFileSync(join(runs, next, "journal.jsonl"), "utf8").split("\n");
    assert.deepEqual((JSON.parse(line) as { after?: unknown }).after, { run: id, line: before });
  });

  it("says in one sentence what it does not know", async () => {
    for (const [args, code, words] of [
      [["audit", "burn"], 2, /There is no "audit burn"; there are verify and export/],
      [["audit", "export", "--format", "xml"], 2, /--format takes json or csv/],
      [["audit", "verify", "nosuchrun"], 1, /There is no run "nosuchrun"/],
    ] as const) {
      const ended = await cli.run(args);
      assert.equal(ended.code, code);
      assert.match(ended.err, words);
    }
  });
});
