import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Screen } from "../../../../src/cli/terminal/screen.ts";
import { TinyTerminal } from "../../../support/tiny-terminal.ts";

describe("the screen", () => {
  it("keeps what was printed and draws the footer in place", () => {
    const terminal = new TinyTerminal(40, 10);
    const screen = new Screen(terminal);
    screen.draw(["one"], ["a", "b"]);
    screen.draw([], ["c"]);
    screen.draw(["two", "three"], ["d", "e", "f"]);
    assert.equal(terminal.text, "one\ntwo\nthree\nd\ne\nf");
    screen.close();
    assert.equal(terminal.text, "one\ntwo\nthree");
    assert.deepEqual(terminal.cursor, { row: 3, column: 0 });
  });

  it("puts the cursor where it is asked to, and finds its way back", () => {
    const terminal = new TinyTerminal(40, 10);
    const screen = new Screen(terminal);
    screen.draw([], ["status", "> text"], 2);
    assert.deepEqual(terminal.cursor, { row: 1, column: 2 });
    screen.draw(["line"], ["status", "> text"], 0);
    assert.equal(terminal.text, "line\nstatus\n> text");
    assert.deepEqual(terminal.cursor, { row: 2, column: 0 });
  });

  it("never lets the footer outgrow the screen", () => {
    const terminal = new TinyTerminal(40, 6);
    const screen = new Screen(terminal);
    const footer = Array.from({ length: 20 }, (_, i) => `row ${i}`);
    screen.draw(["top"], footer);
    screen.draw([], footer);
    assert.equal(terminal.text, "top\nrow 16\nrow 17\nrow 18\nrow 19");
  });

  it("leaves no rubbish behind, whatever is drawn after whatever", () => {
    const row = fc.string({ unit: fc.constantFrom("a", "b", " ", "x"), maxLength: 19 });
    const draw = fc.record({ lines: fc.array(row, { maxLength: 3 }), footer: fc.array(row, { maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(draw, { minLength: 1, maxLength: 12 }), (draws) => {
        const terminal = new TinyTerminal(20, 8);
        const screen = new Screen(terminal);
        for (const { lines, footer } of draws) screen.draw(lines, footer);
        const expected = [...draws.flatMap(({ lines }) => lines), ...(draws.at(-1)?.footer ?? [])]
          .map((one) => one.trimEnd())
          .join("\n")
          .trimEnd();
        assert.equal(terminal.text, expected);
      }),
    );
  });
});
