import { strict as assert } from "node:assert";
import { findTestCommand } from "../../../src/agent/test-command.ts";

/** A workspace as paths and texts. */
function find(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const list = async (folder: string): Promise<string[]> => {
    const below = folder === "." ? "" : `${folder}/`;
    const names = Object.keys(files)
      .filter((path) => path.startsWith(below))
      .map((path) => path.slice(below.length).replace(/\/.*/, "/"));
    return [...new Set(names)];
  };
  return findTestCommand(async (path) => files[path], list);
}

const manifest = (value: object): string => JSON.stringify(value);

describe("the test command of a workspace", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
    ["is the test script of package.json", { "package.json": manifest({ scripts: { test: "node --test" } }) }, "npm test"],
    [
      "is not what npm init wrote",
      { "package.json": manifest({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) },
      undefined,
    ],
    [
      "is the declared runner where there is no script",
      { "package.json": manifest({ devDependencies: { vitest: "^3" } }) },
      "npx vitest run",
    ],
    ["is cargo's for a crate", { "Cargo.toml": "[package]" }, "cargo test"],
    ["is go's for a module", { "go.mod": "module x" }, "go test ./..."],
    ["is pytest where pyproject.toml names it", { "pyproject.toml": "[tool.pytest.ini_options]\n" }, "python3 -m pytest"],
    ["is pytest where there is an empty pytest.ini", { "pytest.ini": "" }, "python3 -m pytest"],
    ["is pytest where requirements name it", { "requirements-dev.txt": "black\npytest==8\n" }, "python3 -m pytest"],
    ["is unittest where the tests are written for it", { "tests/test_a.py": "import unittest\n" }, "python3 -m unittest discover -s tests"],
    [
      "keeps the top folder for tests that are a package",
      { "tests/__init__.py": "", "tests/test_a.py": "import unittest\n" },
      "python3 -m unittest discover -s tests -t .",
    ],
    ["is unittest for test files at the top", { "test_a.py": "from unittest import TestCase\n" }, "python3 -m unittest"],
    ["is pytest for plain test functions", { "tests/test_a.py": "def test_a():\n    assert True\n" }, "python3 -m pytest"],
    ["is make's where the Makefile has such a target", { Makefile: "build:\n\tcc x.c\n\ntest: build\n\t./x\n" }, "make test"],
    ["is not make's where test is only a variable", { Makefile: "test:=1\n" }, undefined],
    ["falls through a package.json that is not JSON", { "package.json": "{", Makefile: "test:\n\ttrue\n" }, "make test"],
    ["falls through a package.json that tests nothing", { "package.json": manifest({ name: "x" }), "go.mod": "module x" }, "go test ./..."],
    ["is unknown for an empty workspace", {}, undefined],
    ["is unknown for a tests folder of another language", { "tests/a.lua": "" }, undefined],
  ];
  for (const [name, files, expected] of cases) {
    it(name, async () => {
      assert.equal(await find(files), expected);
    });
  }
});
