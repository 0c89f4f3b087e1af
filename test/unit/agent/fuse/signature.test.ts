import { strict as assert } from "node:assert";
import fc from "fast-check";
import { errorLine, failuresIn, signatureOf } from "../../../../src/agent/fuse/signature.ts";

const same = (a: string, b: string): void => assert.equal(signatureOf(a), signatureOf(b), `${a}\n---\n${b}`);
const differ = (a: string, b: string): void => assert.notEqual(signatureOf(a), signatureOf(b), `${a}\n---\n${b}`);

describe("the signature of an error", () => {
  it("is the same wherever and whenever it happens", () => {
    same("TypeError: x is undefined\n    at f (/home/a/src/f.ts:3:9)", "TypeError: x is undefined\n    at f (/tmp/b/lib/g.ts:44:1)");
    same("f.test.ts:12 expected 5", "g.test.ts:130 expected 7");
    same("2026-11-30T09:40:47.123Z failed after 1.8 s", "2025-01-02T23:00:00Z failed after 340 ms");
    same("connect ECONNREFUSED 127.0.0.1:5432", "connect ECONNREFUSED 10.0.0.7:80");
    same("no answer from http://localhost:3000/health", "no answer from https://example.com/x?y=1");
    same("object at 0x7f3a00b2 in d41d8cd98f00b204", "object at 0x1 in 900150983cd24fb0");
    same("C:\\Users\\a\\f.ts: no such file", "/var/lib/f.ts: no such file");
  });

  it("does not depend on colours, on spaces or on the order of lines", () => {
    same("\u001B[31mnot ok\u001B[0m a\nnot ok b", "not   ok b\n\nnot ok a");
  });

  it("is another one for another error, and for another number of failures", () => {
    differ("TypeError: x is undefined", "ReferenceError: x is not defined");
    differ("Tests: 3 failed, 9 passed", "Tests: 2 failed, 10 passed");
    differ("# fail 3", "# fail 2");
    differ("FAILED (failures=2)", "FAILED (failures=1)");
    same("Tests: 3 failed, 9 passed", "Tests: 3 failed, 12 passed");
    differ("not ok one\nnot ok two", "not ok two");
  });

  it("is none where nothing is told", () => {
    assert.equal(signatureOf(""), undefined);
    assert.equal(signatureOf(" \n\t\n"), undefined);
  });

  it("never changes with the numbers in a text that counts no failures", () => {
    const words = fc.constantFrom("expected", "got", "at line", "value");
    const text = fc.array(fc.tuple(words, fc.nat()), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(text, fc.nat(), (parts, other) => {
        const told = (change: (n: number) => number): string => parts.map(([word, n]) => `${word} ${change(n)}`).join("\n");
        same(
          told((n) => n),
          told(() => other),
        );
      }),
    );
  });

  it("is found quickly in whatever is printed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000, unit: fc.constantFrom("a", "1", "/", ".", ":", "-", " ", "\n") }), (text) => {
        signatureOf(text.repeat(30));
      }),
    );
  });
});

describe("an output", () => {
  it("says how many things failed, or not", () => {
    assert.equal(failuresIn("1 failing\n\n  2) it works\n2 failed"), 2);
    assert.equal(failuresIn("# pass 3\n# fail 0"), 0);
    assert.equal(failuresIn("Found 4 errors in 2 files."), 4);
    assert.equal(failuresIn("it did not work"), undefined);
  });

  it("is told by the line that says best what is wrong", () => {
    assert.equal(errorLine("exit 1\nrunning\nTypeError: x is undefined\nbye"), "TypeError: x is undefined");
    assert.equal(errorLine("exit 1\nit was wrong"), "it was wrong");
    assert.equal(errorLine(`error ${"x".repeat(300)}`).length, 161);
  });
});
