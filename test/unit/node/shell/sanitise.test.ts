import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Sanitiser, sanitise } from "../../../../src/node/shell/sanitise.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("sanitise", () => {
  const removed: readonly (readonly [string, string, string])[] = [
    ["colours", "a\x1b[1;31mred\x1b[0m", "ared"],
    ["cursor movement and clearing", "a\x1b[2J\x1b[Hb", "ab"],
    ["a window title", "\x1b]0;evil\x07shown", "shown"],
    ["a clipboard write", "\x1b]52;c;UFdORUQ=\x07", ""],
    ["hyperlinks, leaving their text", "\x1b]8;;http://evil.invalid/\x1b\\click\x1b]8;;\x1b\\", "click"],
    ["device controls and application commands", "\x1bPq#0\x1b\\\x1b_Gf=24;AAAA\x1b\\\x1b^x\x1b\\ok", "ok"],
    ["eight-bit control sequences", "\u009b2Ja\u009d52;c;UFdORUQ=\u009cb", "ab"],
    ["bell, backspace, NUL and delete", "a\x07b\x08c\x00d\x7fe", "abcde"],
    ["bidirectional overrides and isolates", "a\u202eb\u2066c\u2069", "abc"],
    ["zero-width characters and a byte-order mark", "a\u200bb\u200dc\ufeffd", "abcd"],
    ["tag characters", "ok\u{e0049}\u{e0067}\u{e006e}", "ok"],
    ["soft hyphens", "pass\u00adword", "password"],
  ];
  for (const [what, given, expected] of removed) {
    it(`removes ${what}`, () => assert.equal(sanitise(given), expected));
  }

  it("keeps line breaks, tabs and every visible character", () => {
    const text = "a\tb\n\nünïcödé 日本語 🙂 é\n";
    assert.equal(sanitise(text), text);
  });

  it("turns a carriage return into a line break, so that it hides nothing", () => {
    assert.equal(sanitise("rm -rf /\rls\n"), "rm -rf /\nls\n");
    assert.equal(sanitise("one\r\ntwo\r\r\nthree"), "one\ntwo\nthree");
  });

  it("shows what follows a string sequence that does not end on its line", () => {
    assert.equal(sanitise("\x1b]0;never ends\nnext line"), "0;never ends\nnext line");
    assert.equal(sanitise("\x1b]0;cancelled\x18 visible\x07"), "0;cancelled visible");
  });

  it("leaves no control character whatever comes in, however it is cut", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("\x1b[", "\x1b]", "\x07", "\x1b\\", "\r", "\r\n", "\u009b", "\x1b", "31m", "\n"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat({ max: 64 }), { maxLength: 6 }), (pieces, cuts) => {
        const filter = new Sanitiser();
        const all = bytes(pieces.join(""));
        const borders = [0, ...cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b), all.length];
        const out = borders.slice(1).map((to, index) => filter.push(all.subarray(borders[index], to)));
        assert.doesNotMatch(out.join("") + filter.end(), /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u);
      }),
    );
  });

  it("says the same for a text in one piece and in single bytes", () => {
    const text = "é\x1b[1mbold\x1b[0m \x1b]52;c;QQ==\x07🙂\r\nnext\rlast\x1b";
    const filter = new Sanitiser();
    const pieces = [...bytes(text)].map((byte) => filter.push(Uint8Array.of(byte)));
    assert.equal(pieces.join("") + filter.end(), sanitise(text));
  });

  it("does not slow down on input made to confuse it", () => {
    const evil = ["\x1b]", "\u009d", "\x1b[", "\r", "\x1bP\x1b"].map((unit) => unit.repeat(50_000)).join("");
    assert.equal(new Sanitiser().push(bytes(evil)).includes("\x1b"), false);
  });
});
