import { strict as assert } from "node:assert";
import fc from "fast-check";
import { line, marked } from "../../../../src/agent/observe/line.ts";
import { cells, cut, cutStart } from "../../../../src/cli/view/cells.ts";
import { render } from "../../../../src/cli/view/render.ts";
import { plainStyle, type Style, styleFor } from "../../../../src/cli/view/style.ts";
import { visible } from "../../../../src/cli/view/visible.ts";

const narrow: Style = { colour: false, unicode: true, width: 20 };
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

describe("rendering lines", () => {
  it("indents, marks and leaves a pipe's lines whole", () => {
    const rows = render([marked("verified", 0, ["proved", "step 1 verified"], ": ", "x".repeat(300)), line(2, "deeper")], plainStyle);
    assert.deepEqual(rows, [`✔ step 1 verified: ${"x".repeat(300)}`, "    deeper"]);
  });

  it("breaks between words and keeps the indentation of what follows", () => {
    assert.deepEqual(render([marked("failed", 1, "the quick brown fox jumps")], narrow), ["  ✖ the quick brown", "    fox jumps"]);
  });

  it("keeps a label's column free in the rows below it", () => {
    assert.deepEqual(render([{ ...line(1, ["quiet", "why     "], "the quick brown"), hang: 8 }], narrow), [
      "  why     the quick",
      "          brown",
    ]);
  });

  it("breaks inside a word that is longer than a row", () => {
    assert.deepEqual(render([line(0, "a".repeat(45))], narrow), ["a".repeat(20), "a".repeat(20), "a".repeat(5)]);
  });

  it("colours spans where colour is wanted and ends each colour it began", () => {
    const [row] = render([line(0, ["failed", "no"], " ", ["quiet", "why"])], { ...narrow, colour: true });
    assert.equal(row, "\x1b[31mno\x1b[39m \x1b[2mwhy\x1b[22m");
  });

  it("draws letters where icons cannot be drawn", () => {
    assert.deepEqual(render([marked("verified", 0, "a · b − c")], { ...narrow, unicode: false }), ["+ a - b - c"]);
  });

  it("shows what would not be seen", () => {
    assert.equal(visible("rm \u202ex\x1b[2J\r\nok\t\u200b"), "rm <U+202E>x<U+001B>[2J\nok    <U+200B>");
  });

  it("never lets a control code through, and never exceeds the width", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", maxLength: 40 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 12, max: 60 }),
        (texts, width) => {
          const rows = render([marked("run", 1, ...texts)], { colour: false, unicode: true, width });
          for (const row of rows) {
            assert.ok(!control.test(row), JSON.stringify(row));
            assert.ok(cells(row) <= width + 1, `${cells(row)} > ${width}: ${row}`);
          }
        },
      ),
    );
  });

  it("loses nothing but spaces when it breaks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const rows = render([line(0, text)], narrow);
        assert.equal(rows.join("").replaceAll(/\s/g, ""), visible(text).replaceAll(/\s/g, ""));
      }),
    );
  });
});

describe("cutting text to cells", () => {
  it("keeps what fits and marks what does not", () => {
    assert.equal(cut("abcdef", 6), "abcdef");
    assert.equal(cut("abcdefg", 6), "abcde…");
    assert.equal(cutStart("src/very/long.ts", 8), "…long.ts");
    assert.equal(cut("abc", 0), "");
  });

  it("never splits a wide or a joined character", () => {
    assert.equal(cut("日本語", 4), "日…");
    assert.equal(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3), "👩‍👩‍👧‍👦…");
    assert.equal(cells(cut("日本語日本語", 7)) <= 7, true);
  });
});

describe("the style of an output", () => {
  const output = (isTTY: boolean, columns = 100) => ({ isTTY, columns }) as never;
  const utf8 = { LANG: "en_GB.UTF-8", TERM: "xterm-256color" };

  it("has no colour and no width in a pipe", () => {
    assert.deepEqual(styleFor(output(false), utf8), { colour: false, unicode: true, width: undefined });
  });

  it("has colour, icons and a width on a terminal", () => {
    assert.deepEqual(styleFor(output(true), utf8), { colour: true, unicode: true, width: 100 });
  });

  it("respects NO_COLOR, dumb terminals, FORCE_COLOR and locales without Unicode", () => {
    assert.equal(styleFor(output(true), { ...utf8, NO_COLOR: "1" }).colour, false);
    assert.equal(styleFor(output(true), { ...utf8, NO_COLOR: "" }).colour, true);
    assert.deepEqual(styleFor(output(true), { ...utf8, TERM: "dumb" }), { colour: false, unicode: false, width: 100 });
    assert.equal(styleFor(output(false), { ...utf8, FORCE_COLOR: "1" }).colour, true);
    assert.equal(styleFor(output(true), { ...utf8, FORCE_COLOR: "0" }).colour, false);
    assert.equal(styleFor(output(true), { LANG: "C", TERM: "xterm" }).unicode, false);
  });
});
