import { strict as assert } from "node:assert";
import fc from "fast-check";
import picomatch from "picomatch";
import {
  compileGlob,
  compilePath,
  compileShellGlob,
  covers,
  isAnchored,
  isVague,
  meets,
  meetsBelow,
} from "../../../../src/agent/policy/glob.ts";

const fitsPath = (pattern: string, path: string) => meets(compileGlob(pattern), compilePath(path), "exact");

describe("path patterns", () => {
  it("keep stars within a segment and let two stars cross them", () => {
    for (const [pattern, path, fits] of [
      ["a", "a", true],
      ["a", "b", false],
      ["*", "a", true],
      ["*", "a/b", false],
      ["**", "a/b/c", true],
      ["**", "", true],
      ["src/**", "src", true],
      ["src/**", "src/a/b", true],
      ["src/**", "srcs/a", false],
      ["**/a", "a", true],
      ["**/a", "x/y/a", true],
      ["**/a/**/b", "a/b", true],
      ["**/a/**/b", "x/a/y/z/b", true],
      ["**/a/**/b", "x/b", false],
      ["*.ts", ".ts", true],
      ["a?c", "abc", true],
      ["a?c", "ac", false],
      ["{a,b}/c", "b/c", true],
      ["{a,b{c,d}}", "bd", true],
      ["{,.}x", ".x", true],
      ["a\\*b", "a*b", true],
      ["a\\*b", "axb", false],
      ["[ab]c", "ac", true],
      ["/etc/**", "/etc/passwd", true],
      ["/etc/**", "etc/passwd", false],
      ["~/x", "~/x", true],
      ["{a", "{a", true],
      ["a/./b", "a/b", true],
    ] as const) {
      assert.equal(fitsPath(pattern, path), fits, `${pattern} on ${path}`);
    }
  });

  it("agree with picomatch where both speak the same language", () => {
    const segment = fc
      .array(fc.constantFrom("a", "b", ".", "*", "?"), { minLength: 1, maxLength: 4 })
      .map((letters) => letters.join("").replace(/\*+/g, "*"))
      .filter((text) => !/^\.+$/.test(text));
    // Not at the end: whether "a/**" fits "a" itself depends, with picomatch, on what stands before it. Here it does.
    const pattern = fc
      .tuple(fc.array(fc.oneof(segment, fc.constant("**")), { maxLength: 3 }), segment)
      .map(([before, last]) => [...before, last].join("/"))
      // A shortcut of picomatch alone wants a letter after the dot: its "*.*" does not fit "a.", and its "?*.*" does.
      .filter((text) => !/^(\*\*\/)?\*\.\*$/.test(text));
    const path = fc
      .array(
        fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 4 }).filter((text) => !/^\.+$/.test(text)),
        { minLength: 1, maxLength: 4 },
      )
      .map((segments) => segments.join("/"));
    fc.assert(
      fc.property(pattern, path, (glob, text) => {
        assert.equal(fitsPath(glob, text), picomatch.isMatch(text, glob, { dot: true }), `${glob} on ${text}`);
      }),
      { numRuns: 600 },
    );
  });

  it("never miss a path that fits two patterns", () => {
    const letters = fc.constantFrom("a", "b", "*", "?", "/", "**");
    const pattern = fc.array(letters, { minLength: 1, maxLength: 7 }).map((parts) => parts.join("").replace(/\*{3,}/g, "**"));
    const path = fc
      .array(fc.constantFrom("a", "b", "ab", "ba", "aab"), { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join("/"));
    fc.assert(
      fc.property(pattern, pattern, path, (one, two, text) => {
        if (fitsPath(one, text) && fitsPath(two, text))
          assert.ok(meets(compileGlob(one), compileGlob(two), "exact"), `${one} and ${two} on ${text}`);
      }),
      { numRuns: 1000 },
    );
  });

  it("cover only what they fit entirely", () => {
    const part = fc.constantFrom("a", "b", "a/b", "a/*", "*", "b/**", "a/b/c", "a*");
    const rule = fc.constantFrom("a", "a/**", "**", "*", "a/b/**", "b/*", "{a,b}/**");
    const path = fc.array(fc.constantFrom("a", "b", "c", "ab"), { minLength: 1, maxLength: 3 }).map((segments) => segments.join("/"));
    fc.assert(
      fc.property(rule, part, path, fc.boolean(), (outer, inner, text, deep) => {
        const isMeant = fitsPath(inner, text) || (deep && meetsBelow(compileGlob(inner), compilePath(text)));
        if (covers(compileGlob(outer), compileGlob(inner), { deep }) && isMeant)
          assert.ok(fitsPath(outer, text), `${outer} covers ${inner} but not ${text}`);
      }),
      { numRuns: 1000 },
    );
  });

  it("know that a shell's wildcards leave dot files out", () => {
    const fits = (shell: string, pattern: string) => meets(compileShellGlob(shell), compileGlob(pattern), "folded");
    assert.equal(fits("*", "**/.env"), false);
    assert.equal(fits("*.env", "**/.env"), false);
    assert.equal(fits(".e*", "**/.env"), true);
    assert.equal(fits("src/*.pem", "**/*.pem"), true);
    assert.equal(fits("*.ts", "**/*.pem"), false);
    assert.equal(fits(".GIT/*", ".git/**"), true);
  });

  it("tell patterns that say where from those that do not", () => {
    assert.deepEqual(
      ["a/**", "**/a", "/etc/*", "*"].map((pattern) => isAnchored(compileGlob(pattern))),
      [true, false, true, false],
    );
    assert.deepEqual(
      ["a/*", "*", "*.ts", "a/**", "a"].map((pattern) => isVague(compileGlob(pattern))),
      [true, true, false, true, false],
    );
  });

  it("are matched in no time, whatever they look like", () => {
    const started = process.cpuUsage().user;
    meets(compileGlob(`${"*a".repeat(200)}`), compilePath("a".repeat(5000)), "exact");
    meets(compileGlob(`${"**/a/".repeat(80)}b`), compilePath("a/".repeat(400)), "exact");
    meets(compileGlob(`${"*a".repeat(100)}`), compileGlob(`${"a*".repeat(100)}b`), "exact");
    assert.ok(process.cpuUsage().user - started < 2_000_000);
  });
});
