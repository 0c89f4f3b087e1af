import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { isPure } from "../../../../../../src/agent/model/rules/repair/alternatives.ts";
import { propose } from "../../../../../../src/agent/model/rules/repair/candidate.ts";
import { ochiai, promises, readSpectrum, type Spectrum } from "../../../../../../src/agent/model/rules/repair/spectrum.ts";
import { placeProbes, type Probes } from "../../../../../../src/agent/model/rules/repair/trace.ts";
import { applyEdits } from "../../../../../../src/agent/model/rules/text.ts";
import { parseUnit, someFailure } from "../../../../../support/proposals.ts";
import { tempFolder } from "../../../../../support/temp-folder.ts";
import { toyRun } from "../../../../../support/toy-runner.ts";

const javascript = {
  code: `function grade(points) {
  if (points >= 90) return "A";
  if (points > 80) {
    return "B";
  }
  const rest = [1, 2].map((n) => n * points);
  return rest.length > 5 ? "?" : "C";
}
module.exports = { grade };
`,
  tests: `const { test } = require("node:test");
const assert = require("node:assert/strict");
const { grade } = require("../src/grade.js");
test("an A", () => assert.equal(grade(95), "A"));
test("a B", () => assert.equal(grade(80), "B"));
`,
};

const python = {
  code: `"""Grades."""
from __future__ import annotations


class Book:
    LEAST = 80

    def grade(self, points):
        if points >= 90: return "A"
        if points > self.LEAST:
            return "B"
        for n in range(2):
            points += n
        return f"{points}" if points < 0 else "C"
`,
  tests: `import unittest
from grade import Book


class BookTest(unittest.TestCase):
    def test_a(self):
        self.assertEqual(Book().grade(95), "A")

    def test_b(self):
        self.assertEqual(Book().grade(80), "B")


unittest.main()
`,
};

interface Traced {
  readonly probes: Probes;
  readonly spectrum: Spectrum;
  readonly output: string;
}

async function probesFor(path: string, code: string, testPath: string, tests: string): Promise<Probes> {
  const [unit, test] = [await parseUnit(path, code), await parseUnit(testPath, tests)];
  const candidates = propose([unit], () => 1, someFailure, 3000);
  return placeProbes(
    [unit],
    [test],
    candidates.flatMap(({ alternative }) => alternative ?? []),
  );
}

const put = (probes: Probes, path: string, text: string): string => applyEdits(text, probes.edits.get(path) ?? []);

function read(output: string): Spectrum {
  const spectrum = readSpectrum(output);
  assert.ok(spectrum, output.slice(-2000));
  return spectrum;
}

async function traceJavascript(): Promise<Traced> {
  const probes = await probesFor("src/grade.js", javascript.code, "test/grade.test.js", javascript.tests);
  const files = new Map([
    ["src/grade.js", put(probes, "src/grade.js", javascript.code)],
    ["test/grade.test.js", put(probes, "test/grade.test.js", javascript.tests)],
  ]);
  const { output } = toyRun(files, "npm test");
  return { probes, spectrum: read(output), output };
}

const hasPython = spawnSync("python3", ["-c", "pass"]).status === 0;

describe("a traced run", () => {
  const folder = tempFolder();

  async function tracePython(): Promise<Traced> {
    const probes = await probesFor("grade.py", python.code, "test_grade.py", python.tests);
    writeFileSync(folder.in("grade.py"), put(probes, "grade.py", python.code));
    writeFileSync(folder.in("test_grade.py"), put(probes, "test_grade.py", python.tests));
    const { stderr } = spawnSync("python3", ["test_grade.py"], {
      cwd: folder.path,
      encoding: "utf8",
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    return { probes, spectrum: read(stderr), output: stderr };
  }

  const languages = [
    ["JavaScript", traceJavascript, ["an A", "a B"], [3, 4]] as const,
    ["Python", tracePython, ["test_a", "test_b"], [10, 11]] as const,
  ];
  for (const [language, trace, titles, [condition, inside]] of languages) {
    describe(`of ${language}`, () => {
      before(function () {
        if (language === "Python" && !hasPython) this.skip();
      });

      it("leaves the tests' own results alone", async () => {
        const { output } = await trace();
        if (language === "Python") assert.match(output, /FAIL: test_b[\s\S]*Ran 2 tests[\s\S]*failures=1/);
        else assert.match(output, /ok 1 - an A[\s\S]*not ok 2 - a B/);
      });

      it("tells for each test how it ended and which statements it ran", async () => {
        const { probes, spectrum } = await trace();
        const runs = spectrum.runs.filter((run) => run.test !== undefined);
        assert.deepEqual(
          runs.map((run) => [probes.tests[run.test ?? -1]?.titles.at(-1), run.ended]),
          [
            [titles[0], "passed"],
            [titles[1], "failed"],
          ],
        );
        const linesOf = (n: number): (number | undefined)[] => [...(runs[n]?.hits ?? [])].map((hit) => probes.statements[hit]?.from);
        assert.ok(linesOf(1).includes(condition));
        assert.ok(!linesOf(0).includes(condition));
        assert.ok(!linesOf(1).includes(inside));
      });

      it("makes what only the failing test runs the most suspicious", async () => {
        const { probes, spectrum } = await trace();
        const ranks = ochiai(spectrum, probes.statements.length, () => false);
        const at = (line: number): number => ranks[probes.statements.findIndex(({ from }) => from === line)] ?? -1;
        assert.equal(at(condition), 1);
        assert.equal(at(inside), 0);
        assert.ok(at(condition - 1) > 0 && at(condition - 1) < 1);
      });

      it("tells which alternatives could not have mattered", async () => {
        const { probes, spectrum } = await trace();
        const promise = promises(probes, spectrum);
        const alternatives = probes.watches.flat();
        const worth = (text: string): number => {
          const alternative = alternatives.find((one) => one.text === text);
          assert.ok(
            alternative,
            `${text} was not watched; ${alternatives
              .map((one) => one.text)
              .slice(0, 40)
              .join(" | ")}`,
          );
          return promise(alternative);
        };
        const least = language === "Python" ? "self.LEAST" : "80";
        // 80 >= 80 decides otherwise than 80 > 80; 80 !== 90 as 80 >= 90 does not.
        assert.ok(worth(`points >= ${least}`) > 0);
        assert.equal(worth("points > 90"), 0);
      });
    });
  }

  it("prints what it has when a test seems to run for ever", async () => {
    const code = "function spin(n) {\n  let at = 0;\n  while (at < n) {\n    at += 0;\n  }\n  return at;\n}\nmodule.exports = { spin };\n";
    const tests = `const { test } = require("node:test");\nconst { spin } = require("../src/spin.js");\ntest("ends", () => spin(0));\ntest("spins", () => spin(2));\n`;
    const probes = await probesFor("src/spin.js", code, "test/spin.test.js", tests);
    const unwatched = placeProbes([await parseUnit("src/spin.js", code)], [await parseUnit("test/spin.test.js", tests)], []);
    const files = new Map([
      ["src/spin.js", put(unwatched, "src/spin.js", code)],
      ["test/spin.test.js", put(unwatched, "test/spin.test.js", tests)],
    ]);
    const ended = toyRun(files, "npm test");
    assert.equal(ended.exit, null);
    const hanging = read(ended.output).runs.find((run) => run.ended === "hanging");
    assert.equal(unwatched.tests[hanging?.test ?? -1]?.titles[0], "spins");
    assert.ok(probes.watches.length > 0);
  });

  it("is not to be had from output without probes", () => {
    assert.equal(readSpectrum("1 passing"), undefined);
  });
});

describe("an alternative", () => {
  it("is computed only where that has no effect", () => {
    for (const text of [
      "a + b",
      "xs[i - 1]",
      "len(xs) - 1",
      "Math.floor(a / b)",
      "a <= b and not c",
      "self.x.y",
      "d.get(k, 0)",
      "'text' + a",
      "a != b",
    ])
      assert.equal(isPure(text), true, text);
    for (const text of [
      "f(a)",
      "xs.pop()",
      "a = b",
      "a += 1",
      "i++",
      "await a",
      "yield a",
      "...xs",
      "new A()",
      "list(xs)",
      "x => x",
      "lambda: a",
      "a ** b",
      "xs[0](a)",
      "`${a()}`",
      "",
      "{ ...a }",
    ])
      assert.equal(isPure(text), false, text);
  });

  it("is not looked at where moving the expression would change it", async () => {
    const unmovable = async (path: string, text: string, of: string): Promise<void> => {
      const unit = await parseUnit(path, text);
      const found = propose([unit], () => 1, someFailure, 5000).filter(
        ({ alternative }) => alternative && text.slice(alternative.start, alternative.end) === of && alternative.mode !== "guard",
      );
      assert.deepEqual(
        found.map(({ alternative }) => alternative?.text),
        [],
        `${of} in ${text}`,
      );
    };
    await unmovable("a.py", "class A:\n    n = 1\n    m = n + 2\n", "n + 2");
    await unmovable("a.py", "def f(a):\n    return f'{a.b}'\n", "a.b");
    await unmovable("a.js", "async function f(a) { return (await a) + 1; }", "(await a) + 1");
    await unmovable("a.js", "function f(a) { delete a.b; }", "a.b");
    await unmovable("a.js", "function f(a) { return a?.b.c; }", "a?.b");
  });

  it("keeps guards apart by when they would change what happens", async () => {
    const unit = await parseUnit("a.js", "function f(n) {\n  use(n);\n  return n;\n}\n");
    const guards = propose([unit], () => 1, someFailure, 5000).flatMap(({ alternative }) =>
      alternative?.mode === "guard" ? [alternative.changes] : [],
    );
    assert.deepEqual([...new Set(guards)].sort(), ["when false", "when true"]);
  });
});
