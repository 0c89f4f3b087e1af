import { strict as assert } from "node:assert";
import { propose } from "../../../../../../src/agent/model/rules/repair/candidate.ts";
import { parseUnit, someFailure, variantsOf } from "../../../../../support/proposals.ts";

type Case = readonly [what: string, before: string, after: string];

const javascript: readonly Case[] = [
  ["a comparison's boundary", "function f(a, n) { return a < n; }", "function f(a, n) { return a <= n; }"],
  ["a wrong arithmetic operator", "function f(a, b) { return a + b; }", "function f(a, b) { return a - b; }"],
  ["a wrong logical operator", "function f(a, b) { if (a && b) return 1; }", "function f(a, b) { if (a || b) return 1; }"],
  ["a default for zero", "function f(a) { return a || 3; }", "function f(a) { return a ?? 3; }"],
  ["a compound assignment", "function f(a) { let t = 0; t += a; return t; }", "function f(a) { let t = 0; t -= a; return t; }"],
  ["the way a counter goes", "function f(i) { while (i > 0) { i++; } }", "function f(i) { while (i > 0) { i--; } }"],
  ["a bitwise operator", "function f(a) { return a & 3; }", "function f(a) { return a | 3; }"],
  ["operands the wrong way round", "function f(a, b) { return a / b; }", "function f(a, b) { return b / a; }"],
  ["how operators bind", "function f(a, b) { return a - b * 2; }", "function f(a, b) { return (a - b) * 2; }"],
  ["a number one off", "function f(a) { return a * 10; }", "function f(a) { return a * 11; }"],
  ["a wrong boolean", "function f() { return true; }", "function f() { return false; }"],
  ["an index one off", "function f(xs, n) { return xs[n]; }", "function f(xs, n) { return xs[n - 1]; }"],
  [
    "a bound one off",
    "function f(xs) { for (let i = 0; i < xs.length; i++) use(i); }",
    "function f(xs) { for (let i = 0; i < xs.length - 1; i++) use(i); }",
  ],
  ["arguments in the wrong order", "function f(a, b) { return g(a, b); }", "function f(a, b) { return g(b, a); }"],
  ["a method of the same family", "function f(xs) { return xs.shift(); }", "function f(xs) { return xs.pop(); }"],
  ["a wrong rounding", "function f(x) { return Math.floor(x); }", "function f(x) { return Math.ceil(x); }"],
  ["a wrong variable", "function f(left, right) { return left * left; }", "function f(left, right) { return left * right; }"],
  ["a wrong property", "function f(p, q) { return p.x + p.x + q.y; }", "function f(p, q) { return p.x + p.y + q.y; }"],
  ["a negated condition", "function f(ok) { if (ok) return 1; return 2; }", "function f(ok) { if (!ok) return 1; return 2; }"],
  ["a superfluous negation", "function f(ok) { if (!ok) return 1; return 2; }", "function f(ok) { if (ok) return 1; return 2; }"],
  [
    "a condition that is too weak",
    "function f(n, m) { if (n > 0) return n; return m; }",
    "function f(n, m) { if (n > 0 && n < m) return n; return m; }",
  ],
  ["a superfluous statement", "function f(n) {\n  n = n * 2;\n  return n;\n}\n", "function f(n) {\n  return n;\n}\n"],
  ["statements in the wrong order", "function f(a) {\n  b(a);\n  c(a);\n}\n", "function f(a) {\n  c(a);\n  b(a);\n}\n"],
  ["a missing return", "function f(a) {\n  g(a);\n}\n", "function f(a) {\n  return g(a);\n}\n"],
  ["a result not returned", "function f(a) {\n  const b = a + 1;\n}\n", "function f(a) {\n  const b = a + 1;\n  return b;\n}\n"],
  [
    "a missing guard",
    "function f(items) {\n  return items[0];\n}\n",
    "function f(items) {\n  if (items.length === 0) return 0;\n  return items[0];\n}\n",
  ],
  [
    "a state that is not reset",
    'function f(s) {\n  let w = "";\n  for (const c of s) {\n    out(w);\n  }\n}\n',
    'function f(s) {\n  let w = "";\n  for (const c of s) {\n    out(w);\n    w = "";\n  }\n}\n',
  ],
  [
    "what was seen is not remembered",
    "function f(n, seen) {\n  const all = new Set();\n  use(n);\n}\n",
    "function f(n, seen) {\n  const all = new Set();\n  all.add(n);\n  use(n);\n}\n",
  ],
  ["a call that is missing around a value", "function f(k, v) { return [trim(k), v]; }", "function f(k, v) { return [trim(k), trim(v)]; }"],
  ["a call too many", "function f(a) { return abs(a); }", "function f(a) { return a; }"],
  ["a promise not waited for", "async function f(g) { return g(); }", "async function f(g) { return await g(); }"],
  [
    "a missing argument",
    "function g(a, b) { return a; }\nfunction f(a, b) { return g(a); }",
    "function g(a, b) { return a; }\nfunction f(a, b) { return g(a, b); }",
  ],
  ["branches exchanged", "function f(a) { return a ? 1 : 2; }", "function f(a) { return a ? 2 : 1; }"],
  ["a pattern that matches once", "function f(s) { return s.replace(/a/, 'b'); }", "function f(s) { return s.replace(/a/g, 'b'); }"],
  [
    "a loop left instead of continued",
    "function f(xs) { for (const x of xs) { if (x) break; } }",
    "function f(xs) { for (const x of xs) { if (x) continue; } }",
  ],
  [
    "a wrong string of two",
    "function f(a) { if (a === 'open') return 'open'; return 'shut'; }",
    "function f(a) { if (a === 'open') return 'shut'; return 'shut'; }",
  ],
];

const python: readonly Case[] = [
  ["a boundary", "def f(a, n):\n    return a <= n\n", "def f(a, n):\n    return a < n\n"],
  ["floor division", "def f(a, b):\n    return a / b\n", "def f(a, b):\n    return a // b\n"],
  ["a connective", "def f(a, b):\n    return a and b\n", "def f(a, b):\n    return a or b\n"],
  ["membership", "def f(a, b):\n    if a in b:\n        return 1\n", "def f(a, b):\n    if a not in b:\n        return 1\n"],
  [
    "a range that ends early",
    "def f(n):\n    for i in range(n):\n        print(i)\n",
    "def f(n):\n    for i in range(n + 1):\n        print(i)\n",
  ],
  [
    "a range that begins early",
    "def f(n):\n    for i in range(n):\n        print(i)\n",
    "def f(n):\n    for i in range(1, n):\n        print(i)\n",
  ],
  ["a slice", "def f(xs, i):\n    return xs[:i]\n", "def f(xs, i):\n    return xs[i:]\n"],
  ["the other end", "def f(xs):\n    return xs[0]\n", "def f(xs):\n    return xs[-1]\n"],
  ["a method family", "def f(xs, ys):\n    xs.append(ys)\n", "def f(xs, ys):\n    xs.extend(ys)\n"],
  ["min for max", "def f(a, b):\n    return max(a, b)\n", "def f(a, b):\n    return min(a, b)\n"],
  ["any for all", "def f(xs):\n    return all(xs)\n", "def f(xs):\n    return any(xs)\n"],
  [
    "an attribute of self",
    "class A:\n    def f(self, x):\n        return self.a + x + self.b\n",
    "class A:\n    def f(self, x):\n        return self.b + x + self.b\n",
  ],
  [
    "an owner left out",
    "class A:\n    def f(self, a):\n        self.a = 1\n        return a\n",
    "class A:\n    def f(self, a):\n        self.a = 1\n        return self.a\n",
  ],
  ["a guard", "def f(n):\n    return n * f(n - 1)\n", "def f(n):\n    if n == 0:\n        return 1\n    return n * f(n - 1)\n"],
  ["a delegated generator", "def f(xs):\n    yield xs\n", "def f(xs):\n    yield from xs\n"],
  ["a copy", "def f(xs):\n    ys = xs\n    return ys\n", "def f(xs):\n    ys = list(xs)\n    return ys\n"],
  [
    "a return inside the loop",
    "def f(xs):\n    for x in xs:\n        use(x)\n        return x\n",
    "def f(xs):\n    for x in xs:\n        use(x)\n    return x\n",
  ],
  [
    "a statement only sometimes",
    "def f(c):\n    if c:\n        use(c)\n    yield c\n",
    "def f(c):\n    if c:\n        use(c)\n    if c:\n        yield c\n",
  ],
  ["a default for a missing key", "def f(d, k):\n    return d[k]\n", "def f(d, k):\n    return d.get(k, 0)\n"],
  [
    "a branch that is not exclusive",
    "def f(a):\n    if a > 1:\n        x(a)\n    elif a > 2:\n        y(a)\n",
    "def f(a):\n    if a > 1:\n        x(a)\n    if a > 2:\n        y(a)\n",
  ],
  ["a term missing in a sum", "def f(n, k):\n    return g(n - 1, k - 1)\n", "def f(n, k):\n    return g(n - 1, k)\n"],
];

describe("candidates", () => {
  for (const [language, path, cases] of [
    ["JavaScript", "a.js", javascript],
    ["Python", "a.py", python],
  ] as const) {
    describe(`for ${language}`, () => {
      for (const [what, before, after] of cases) {
        it(`mend ${what}`, async () => {
          const variants = await variantsOf(path, before);
          assert.ok(variants.includes(after), `not among ${variants.length}; the first are\n${variants.slice(0, 8).join("\n")}`);
        });
      }
    });
  }

  it("are the same for TypeScript, types left alone", async () => {
    const variants = await variantsOf(
      "a.ts",
      "export function f(a: number, kind: 'x' | 'y'): boolean {\n  return a < 1 && kind === 'x';\n}\n",
    );
    assert.ok(variants.some((text) => text.includes("a <= 1")));
    assert.ok(variants.every((text) => text.includes("(a: number, kind: 'x' | 'y'): boolean")));
  });

  it("come without repetition, and in the same order every time", async () => {
    const text = "function f(a, b) {\n  if (a > b) return a;\n  return b;\n}\n";
    const [first, second] = [await variantsOf("a.js", text), await variantsOf("a.js", text)];
    assert.equal(new Set(first).size, first.length);
    assert.deepEqual(first, second);
    assert.ok(!first.includes(text));
  });

  it("leave alone what no suspicion falls on", async () => {
    const unit = await parseUnit("a.js", "function f(a) {\n  return a + 1;\n}\nfunction g(a) {\n  return a - 1;\n}\n");
    const found = propose([unit], (_, line) => (line >= 4 ? 1 : 0), someFailure, 1000);
    assert.ok(found.length > 0);
    assert.ok(found.every(({ line }) => line >= 4));
  });

  it("try what the error names before anything else", async () => {
    const misspelt = await variantsOf("a.js", "function f(items) {\n  return items.length + items.lenght;\n}\n", {
      ...someFailure,
      message: "Cannot read properties of undefined (reading 'lenght')",
    });
    assert.match(misspelt[0] ?? "", /length \+ items\.length/);
    const unknown = await variantsOf("a.py", "def area(radius):\n    return math.pi * radius ** 2\n", {
      ...someFailure,
      message: "NameError: name 'math' is not defined",
    });
    assert.ok(unknown.slice(0, 3).includes("import math\ndef area(radius):\n    return math.pi * radius ** 2\n"));
    const constant = await variantsOf("a.js", "function f(a) {\n  const b = 1;\n  b += a;\n  return b;\n}\n", {
      ...someFailure,
      message: "Assignment to constant variable.",
    });
    assert.match(constant[0] ?? "", /let b = 1/);
  });

  it("put the expected text where the wrong one is spelt out", async () => {
    const variants = await variantsOf("a.js", "function f(n) {\n  return n + ' item(s) fond';\n}\n", {
      ...someFailure,
      actual: "'2 item(s) fond'",
      expected: "'2 item(s) found'",
    });
    assert.match(variants[0] ?? "", /found/);
  });
});
