import { strict as assert } from "node:assert";
import { type Played, playGoal } from "../../../../support/toy-workspace.ts";

const files = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries));

async function renamed(goal: string, before: Record<string, string>): Promise<Record<string, string>> {
  const workspace = files(before);
  const played = await playGoal(goal, workspace);
  assert.equal(played.fault, undefined, played.fault?.message);
  return Object.fromEntries(workspace);
}

async function refused(goal: string, before: Record<string, string>): Promise<string> {
  const workspace = files(before);
  const played: Played = await playGoal(goal, workspace);
  assert.deepEqual(Object.fromEntries(workspace), before);
  assert.ok(played.fault, played.text);
  return played.fault.message;
}

describe("rename", () => {
  it("changes a function where it is defined, imported and called, in no string or comment", async () => {
    const after = await renamed("rename parse to readAll", {
      "src/a.js": "// parse it\nexport function parse(text) {\n  return text ? parse(text.slice(1)) : 'parse';\n}\n",
      "src/b.js": 'import { parse } from "./a.js";\nconsole.log(parse("parse"));\n',
      "README.md": "call parse\n",
    });
    assert.deepEqual(after, {
      "src/a.js": "// parse it\nexport function readAll(text) {\n  return text ? readAll(text.slice(1)) : 'parse';\n}\n",
      "src/b.js": 'import { readAll } from "./a.js";\nconsole.log(readAll("parse"));\n',
      "README.md": "call parse\n",
    });
  });

  it("follows CommonJS exports and destructured requires", async () => {
    const after = await renamed("rename the function add to plus", {
      "lib/math.js": "function add(a, b) {\n  return a + b;\n}\nmodule.exports = { add };\n",
      "lib/use.js":
        'const { add } = require("./math.js");\nconst math = require("./math.js");\nmodule.exports = add(1, 2) + math.add(3, 4);\n',
    });
    assert.match(after["lib/math.js"] ?? "", /function plus\(a, b\)[\s\S]*exports = \{ plus \}/);
    assert.equal(
      after["lib/use.js"],
      'const { plus } = require("./math.js");\nconst math = require("./math.js");\nmodule.exports = plus(1, 2) + math.plus(3, 4);\n',
    );
  });

  it("leaves a variable of the same name in another function alone", async () => {
    const after = await renamed("rename limit to most", {
      "src/a.js": "const limit = 3;\nexport const f = (xs) => xs.slice(limit);\nexport function g(limit) {\n  return limit + 1;\n}\n",
    });
    assert.equal(
      after["src/a.js"],
      "const most = 3;\nexport const f = (xs) => xs.slice(most);\nexport function g(limit) {\n  return limit + 1;\n}\n",
    );
  });

  it("keeps the key where a shorthand property was the name", async () => {
    const after = await renamed("rename size to width", {
      "src/a.js": "export function box(size) {\n  return { size, other: size };\n}\n",
    });
    assert.equal(after["src/a.js"], "export function box(width) {\n  return { size: width, other: width };\n}\n");
  });

  it("changes methods with their calls", async () => {
    const after = await renamed("rename Cart.addLine to addItem", {
      "src/cart.ts": "export class Cart {\n  addLine(n: number): void {}\n}\n",
      "src/use.ts": 'import { Cart } from "./cart.ts";\nnew Cart().addLine(1);\n',
    });
    assert.match(after["src/cart.ts"] ?? "", /addItem\(n: number\)/);
    assert.match(after["src/use.ts"] ?? "", /\.addItem\(1\)/);
  });

  it("works for Python", async () => {
    const after = await renamed("rename mean to average", {
      "stats.py": 'def mean(xs):\n    """The mean."""\n    return sum(xs) / len(xs)\n',
      "tests/test_stats.py": "import stats\nfrom stats import mean\n\n\ndef test_mean():\n    assert mean([1]) == stats.mean([1])\n",
    });
    assert.equal(after["stats.py"], 'def average(xs):\n    """The mean."""\n    return sum(xs) / len(xs)\n');
    assert.equal(
      after["tests/test_stats.py"],
      "import stats\nfrom stats import average\n\n\ndef test_mean():\n    assert average([1]) == stats.average([1])\n",
    );
  });

  it("refuses a name that is taken, reserved or the same", async () => {
    const before = { "src/a.js": "const one = 1;\nconst two = one;\n" };
    assert.match(await refused("rename one to two", before), /two is already taken at src\/a\.js:2/);
    assert.match(await refused("rename one to class", before), /reserved word/);
    assert.match(await refused("rename one to one", before), /is the old one/);
  });

  it("refuses what means several things until it is told which", async () => {
    const before = { "src/a.js": "export function go() {}\n", "src/b.js": "function go() {}\ngo();\n" };
    assert.match(await refused("rename go to run", before), /go is several things: src\/a\.js:1, src\/b\.js:1\. Say which/);
    const after = await renamed("rename go to run in src/b.js", { "src/b.js": "function go() {}\ngo();\n" });
    assert.equal(after["src/b.js"], "function run() {}\nrun();\n");
  });

  it("refuses what is nowhere, what is only used, and what every object has", async () => {
    assert.match(await refused("rename nothing to thing", { "src/a.js": "const a = 1;\n" }), /Nothing in this workspace/);
    assert.match(await refused("rename fetch to get2", { "src/a.js": "fetch('x');\n" }), /not defined in this workspace, only used/);
    assert.match(
      await refused("rename push to add2", { "src/a.js": "class A {\n  push() {}\n}\nnew A().push();\n" }),
      /built-in objects have too/,
    );
  });
});

describe("where is it", () => {
  const workspace = {
    "src/a.js": "export function load(path) {\n  return path;\n}\n",
    "src/b.js": 'import { load } from "./a.js";\nconst list = [load];\n// load more\nexport const again = load("load");\n',
    "notes.md": "load is slow\n",
  };

  it("used: every place in code, with what it is there, and text elsewhere apart from it", async () => {
    const { text } = await playGoal("find usages of load", files(workspace));
    assert.match(text, /^load is used in 3 places in one file \(one import, one read, one call\)\.\nDefined at src\/a\.js:1\./);
    assert.deepEqual(
      [...text.matchAll(/^- (src\S+) \((\w+)\)/gm)].map(([, place, use]) => `${place} ${use}`),
      ["src/b.js:1 import", "src/b.js:2 read", "src/b.js:4 call"],
    );
    assert.match(text, /files I cannot parse:\n- notes\.md:1/);
  });

  it("defined: the place, cited so that it can be checked", async () => {
    const { text } = await playGoal("where is load defined?", files(workspace));
    assert.match(text, /^load is defined here:\n- src\/a\.js:1 export function load\(path\) \{/);
  });

  it("says so where there is nothing", async () => {
    assert.equal((await playGoal("find usages of ghost", files(workspace))).text, "Nothing in this workspace is called ghost.");
    assert.match((await playGoal("where is again used?", files(workspace))).text, /^again is used in 0 places/);
  });
});
