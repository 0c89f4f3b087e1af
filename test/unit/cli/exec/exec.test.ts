import { strict as assert } from "node:assert";
import type { Decision, Verdict } from "../../../../src/agent/policy/rules.ts";
import { passage } from "../../../../src/cli/exec/gate.ts";
import { exitCodeOf, notRun, resultOf } from "../../../../src/cli/exec/result.ts";
import { durationOf, lineOf } from "../../../../src/cli/exec/words.ts";
import type { Ending } from "../../../../src/agent/world.ts";

const decision = (verdict: Verdict): Decision => ({ verdict, list: "guard", rule: "some.rule", reason: "Because.", parts: [] });
const ending: Ending = {
  exit: 0,
  signal: null,
  killedBy: null,
  output: "o",
  stdout: "o",
  stderr: "",
  truncated: false,
  spill: null,
  ms: 1.6,
  sandboxed: true,
};

describe("the words after --", () => {
  it("are one command when there are several, and reach it unchanged", () => {
    const line = lineOf(["printf", "%s|", "a b", "it's", "$HOME", "`x`", "", "--flag=a,b", "*"]);
    assert.ok(line.ok);
    assert.equal(line.value, "printf '%s|' 'a b' 'it'\\''s' '$HOME' '`x`' '' --flag=a,b '*'");
  });

  it("are a shell line when there is one", () => {
    const line = lineOf(["npm test && echo done > out"]);
    assert.ok(line.ok && line.value === "npm test && echo done > out");
  });

  it("must be there", () => {
    assert.equal(lineOf([]).ok, false);
    assert.equal(lineOf(["  "]).ok, false);
  });
});

describe("a time", () => {
  it("is in seconds unless it says otherwise", () => {
    const times = ["90", "1.5", "500ms", "90s", "2m", "1h"].map((text) => durationOf(text));
    assert.deepEqual(
      times.map((time) => time.ok && time.value),
      [90_000, 1500, 500, 90_000, 120_000, 3_600_000],
    );
  });

  it("is refused when it is none, or longer than a timer can wait", () => {
    for (const text of ["", "soon", "-1", "0", "5d", "1e9", "999999999999"]) assert.equal(durationOf(text).ok, false, text);
  });
});

describe("the gate of exec", () => {
  const confined = { confined: true, network: false };
  it("never lets pass what the policy denies", () => {
    for (const approval of ["none", "all", undefined] as const) assert.equal(passage(decision("deny"), confined, approval).is, "shut");
  });

  it("lets pass what the policy would ask about while the sandbox holds, since a person typed it", () => {
    assert.equal(passage(decision("ask"), confined, undefined).is, "open");
    assert.equal(passage(decision("ask"), confined, "none").is, "shut");
  });

  it("asks, or needs a yes beforehand, where nothing confines it", () => {
    const loose = { confined: false, network: false };
    assert.equal(passage(decision("ask"), loose, undefined).is, "question");
    assert.equal(passage(decision("ask"), loose, "all").is, "open");
    assert.equal(passage(decision("ask"), loose, "none").is, "shut");
  });

  it("asks for the network even for what the policy allows", () => {
    const connected = { confined: true, network: true };
    assert.equal(passage(decision("allow"), connected, undefined).is, "question");
    assert.equal(passage(decision("allow"), connected, "all").is, "open");
    assert.equal(passage(decision("allow"), confined, undefined).is, "open");
  });
});

describe("what exec answers", () => {
  it("has its fields whatever happened", () => {
    const fields = ["exit", "stdout", "stderr", "timedOut", "truncated", "sandbox", "decision"];
    const results = [
      resultOf(ending, decision("ask"), "/w"),
      notRun(decision("deny"), true, { refused: "no" }),
      notRun(decision("ask"), false, { failed: "x" }),
    ];
    for (const result of results)
      assert.deepEqual(
        fields.filter((field) => !(field in result)),
        [],
      );
  });

  it("names disturbed files by their whole path", () => {
    const result = resultOf({ ...ending, audit: [{ path: ".mcp.json", change: "created" }] }, decision("allow"), "/w");
    assert.deepEqual(result.audit, [{ path: "/w/.mcp.json", change: "created" }]);
  });

  it("exits as the command did, or as timeout and env do", () => {
    const code = (more: Partial<Ending>): number => exitCodeOf(resultOf({ ...ending, ...more }, decision("allow"), "/w"));
    assert.deepEqual(
      [code({}), code({ exit: 7 }), code({ exit: null, killedBy: "timeout" }), code({ exit: null, killedBy: "output-limit" })],
      [0, 7, 124, 137],
    );
    assert.equal(exitCodeOf(notRun(decision("deny"), true, { refused: "no" })), 3);
    assert.equal(exitCodeOf(notRun(decision("ask"), true, { failed: "x" })), 125);
  });
});
