import { strict as assert } from "node:assert";
import type { Failure } from "../../../../../../src/agent/model/rules/report/failure.ts";
import { detectRunner } from "../../../../../../src/agent/model/rules/report/runner.ts";

const failure = (more: Partial<Failure> = {}): Failure => ({
  titles: ["group", "it's (is) right"],
  file: undefined,
  id: undefined,
  message: "",
  expected: undefined,
  actual: undefined,
  frames: [],
  ...more,
});
const narrow = (line: string, scripts: Record<string, string> = {}, more: Partial<Failure> = {}): readonly string[] =>
  detectRunner(line, scripts).narrow(failure(more), "test/a.test.js");

describe("a runner", () => {
  it("is found behind package scripts, wrappers and module switches", () => {
    const kinds: readonly (readonly [line: string, kind: string, test?: string])[] = [
      ["npm test", "node", "node --test"],
      ["npm run unit", "other"],
      ["yarn test", "jest", "NODE_ENV=test jest --coverage"],
      ["pnpm test", "vitest", "vitest"],
      ["npm t", "mocha", "tsc && c8 mocha dist/test"],
      ["npx vitest run", "vitest"],
      ["pytest -q", "pytest"],
      ["python3 -m pytest tests", "pytest"],
      ["poetry run pytest", "pytest"],
      ["python -m unittest discover", "unittest"],
      ["node --import tsx --test test/*.ts", "node"],
      ["node node_modules/mocha/bin/mocha.js", "mocha"],
      ["make test", "other"],
      ["node test.js", "other"],
    ];
    for (const [line, kind, test] of kinds) assert.equal(detectRunner(line, test === undefined ? {} : { test }).kind, kind, line);
  });

  it("follows scripts that call scripts, but not for ever", () => {
    assert.equal(detectRunner("npm test", { test: "npm run unit", unit: "mocha" }).kind, "mocha");
    assert.equal(detectRunner("npm test", { test: "npm test" }).kind, "other");
  });

  it("narrows node's own runner, first without a process for each file", () => {
    assert.deepEqual(narrow("npm test", { test: "node --import tsx --test test/**/*.test.ts" }), [
      "node --import tsx --test-name-pattern='^it'\\''s \\(is\\) right$' test/a.test.js",
      "node --import tsx --test --test-name-pattern='^it'\\''s \\(is\\) right$' test/a.test.js",
    ]);
  });

  it("narrows mocha, jest and vitest by the whole title", () => {
    assert.deepEqual(narrow("npm test", { test: "mocha --require x.js test" }), [
      "node_modules/.bin/mocha --require x.js -f 'group it'\\''s (is) right' test/a.test.js",
    ]);
    assert.deepEqual(narrow("npm test", { test: "NODE_ENV=test jest --coverage" }), [
      "NODE_ENV=test node_modules/.bin/jest -t '^group it'\\''s \\(is\\) right$' --runTestsByPath test/a.test.js",
    ]);
    assert.deepEqual(
      narrow("npx vitest"),
      ["node_modules/.bin/vitest run test/a.test.js -t '^group it'\\''s \\(is\\) right$'"].map((line) =>
        line.replace("node_modules/.bin/", "node_modules/.bin/"),
      ),
    );
  });

  it("keeps what is built before the tests, and then the files the script names", () => {
    assert.deepEqual(narrow("npm test", { test: "tsc && mocha dist/test" }), [
      "tsc && node_modules/.bin/mocha dist/test -f 'group it'\\''s (is) right'",
    ]);
  });

  it("narrows Python runners by id, pytest first without its plugins", () => {
    assert.deepEqual(narrow("python3 -m pytest -v tests", {}, { id: "tests/a.py::T::x[a b]" }), [
      "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m pytest -x -q -p no:cacheprovider 'tests/a.py::T::x[a b]'",
      "python3 -m pytest -x -q -p no:cacheprovider 'tests/a.py::T::x[a b]'",
    ]);
    assert.deepEqual(narrow("python -m unittest discover -s tests", {}, { id: "tests.a.T.x" }), ["python -m unittest -f tests.a.T.x"]);
    assert.deepEqual(narrow("python -m unittest discover -s tests"), []);
  });

  it("does not narrow what it does not understand", () => {
    for (const line of ["make test", "mocha; echo done", "mocha | tee log", "node test.js"]) assert.deepEqual(narrow(line), [], line);
  });
});
