import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { type Failure, nameOf } from "../../../../../../src/agent/model/rules/report/failure.ts";
import { readReport } from "../../../../../../src/agent/model/rules/report/report.ts";

const read = (name: string) => readReport(readFileSync(`test/fixtures/report/${name}.txt`, "utf8"));
const named = (name: string, part: string): Failure => {
  const failure = read(name).failures.find((one) => nameOf(one).includes(part));
  assert.ok(failure, `${name} has no failure named ${part}`);
  return failure;
};

/** The same four tests fail in every runner: a mean that is NaN, an exception in code, a wrong string, a deep difference. */
const suites: readonly (readonly [file: string, format: string, failures: number])[] = [
  ["tap", "tap", 4],
  ["node-spec", "node", 4],
  ["mocha", "mocha", 5],
  ["mocha-tap", "tap", 5],
  ["jest", "jest", 3],
  ["vitest", "vitest", 3],
  ["pytest", "pytest", 6],
  ["pytest-short", "pytest", 6],
  ["unittest", "unittest", 3],
];

describe("a test report", () => {
  for (const [file, format, count] of suites) {
    it(`of the kind ${file} is recognised, with every failure in it`, () => {
      const report = read(file);
      assert.equal(report.format, format);
      assert.equal(report.failures.length, count);
      assert.ok(report.failures.every((failure) => failure.titles.length > 0 && failure.message !== ""));
    });
  }

  for (const file of ["tap", "mocha", "jest", "vitest", "node-spec"]) {
    it(`of the kind ${file} tells what came out and what was wanted`, () => {
      const { actual, expected } = named(file, "mean of three");
      assert.deepEqual({ actual, expected }, { actual: "NaN", expected: "2" });
    });

    it(`of the kind ${file} tells where code threw, innermost first`, () => {
      const [first, second] = named(file, "reads first").frames;
      assert.match(first?.path ?? "", /src\/stats\.js$/);
      assert.equal(first?.line, 6);
      assert.match(second?.path ?? "", /stats\.(?:test|spec)\.m?js$/);
    });
  }

  it("names suites around a test where the runner does", () => {
    assert.deepEqual(named("tap", "deep").titles, ["group", "deep"]);
    assert.deepEqual(named("mocha", "reads first").titles, ["group", "inner", "reads first"]);
    assert.deepEqual(named("jest", "deep").titles, ["group", "deep"]);
    assert.deepEqual(named("vitest", "deep").titles, ["group", "deep"]);
  });

  it("keeps the ids by which Python runners select a test", () => {
    assert.equal(named("pytest", "test_three").id, "tests/test_stats.py::TestMean::test_three");
    assert.equal(named("pytest", "test_name[a b").id, "tests/test_stats.py::test_name[a b-True]");
    assert.equal(named("unittest", "test_mean").id, "tests.test_unit.T.test_mean");
  });

  it("turns Python's tracebacks around", () => {
    for (const file of ["pytest", "pytest-short"]) {
      const lines = named(file, "test_three").frames.map(({ path, line }) => `${path}:${line}`);
      assert.deepEqual(lines, ["stats.py:4", "tests/test_stats.py:5", "tests/test_stats.py:9"]);
    }
    assert.equal(named("unittest", "test_mean").frames[0]?.name, "mean");
  });

  it("compares Python values", () => {
    const { actual, expected } = named("unittest", "test_name");
    assert.deepEqual({ actual, expected }, { actual: "'Bob'", expected: "'Rob'" });
    assert.equal(named("pytest", "test_list").expected?.startsWith("[1,"), true);
  });

  it("is read from the trace alone where a script asserts by itself", () => {
    const [script] = read("uncaught-node").failures;
    assert.equal(script?.frames[0]?.line, 1);
    assert.deepEqual([script?.actual, script?.expected], ["NaN", "1"]);
    const [python] = read("uncaught-python").failures;
    assert.equal(python?.message, "IndexError: list index out of range");
    assert.equal(python?.frames[0]?.line, 4);
  });

  it("is the same with colours and carriage returns", () => {
    const plain = readFileSync("test/fixtures/report/mocha.txt", "utf8");
    const coloured = plain.replaceAll("failing", "\u001b[31mfailing\u001b[0m").replaceAll("\n", "\r\n");
    assert.deepEqual(readReport(coloured), readReport(plain));
  });

  it("names nothing where there is nothing to name", () => {
    assert.deepEqual(readReport("").failures, []);
    assert.deepEqual(readReport("make: *** [test] Error 2").failures, []);
    assert.deepEqual(readReport("TAP version 13\nok 1 - fine\n1..1\n").failures, []);
    assert.deepEqual(readReport("TAP version 13\nnot ok 1 - later # TODO not done\n1..1\n").failures, []);
  });

  it("does not choke on garbage", () => {
    for (const text of [
      "not ok",
      "not ok 1",
      "✖ failing tests:\n\ntest at ",
      "  1) \n",
      "FAILED x.py::",
      "=".repeat(70),
      "\u0000\u001b[",
    ]) {
      assert.ok(Array.isArray(readReport(text).failures));
    }
  });
});
