import { strict as assert } from "node:assert";
import { line } from "../../../../src/agent/observe/line.ts";
import { type Key } from "../../../../src/cli/terminal/keyboard.ts";
import { key, seat, settled } from "../../../support/seat.ts";

const never = new AbortController().signal;
const yes = { offer: () => [line(0, "? y or n")], answer: ({ text }: Key) => (text === "y" || text === "n" ? text : undefined) };

describe("the terminal", () => {
  it("prints above the status and takes both away at the end", async () => {
    const { terminal, screen, raw } = seat();
    terminal.print([line(0, "first")]);
    assert.equal(screen.text, "first\nstatus");
    assert.equal(raw(), true);
    terminal.close();
    assert.equal(screen.text, "first");
    assert.equal(raw(), false);
  });

  it("sends a line that was written while it works", async () => {
    const { screen, said, type } = seat();
    await type("u", "s", "e", " ", "tabs", key.left, key.backspace, "x");
    assert.equal(screen.text, "status\n› use taxs");
    await type(key.enter, key.enter);
    assert.deepEqual(said, ["use taxs"]);
    assert.equal(screen.text, "status");
  });

  it("forgets the line on Escape, and keeps what is pasted on one line", async () => {
    const { said, type } = seat();
    await type("nonsense", key.escape);
    await type(key.paste("two\rlines"), key.enter);
    assert.deepEqual(said, ["two lines"]);
  });

  it("hands Ctrl+C on, also while a question is open", async () => {
    const { terminal, interrupts, type } = seat();
    await type(key.interrupt);
    void terminal.choose(yes, never);
    await type(key.interrupt);
    assert.equal(interrupts(), 2);
  });

  it("answers with a key that was pressed after the question was read", async () => {
    const { terminal, screen, type, wait } = seat();
    const asked = terminal.choose(yes, never);
    assert.equal(screen.text, "status\n? y or n");
    wait(300);
    await type("y");
    assert.equal(await asked, "y");
    assert.equal(screen.text, "status");
  });

  it("ignores a key that comes too soon, and a person who is still typing", async () => {
    const { terminal, type, wait } = seat();
    let answer: string | undefined;
    void terminal.choose(yes, never).then((one) => (answer = one));
    await type("y");
    wait(250);
    await type("y");
    wait(250);
    await type("y");
    assert.equal(answer, undefined);
    wait(300);
    await type("n");
    assert.equal(answer, "n");
  });

  it("takes neither Enter nor a pasted letter for an answer", async () => {
    const { terminal, type, wait } = seat();
    let answer: string | undefined;
    void terminal.choose(yes, never).then((one) => (answer = one));
    for (const pressed of [key.enter, key.paste("y"), " "]) {
      wait(1000);
      await type(pressed);
    }
    assert.equal(answer, undefined);
  });

  it("holds back what would push a question out of sight, and shows it afterwards", async () => {
    const { terminal, screen, type, wait } = seat();
    terminal.show([line(0, "the card")]);
    const asked = terminal.choose(yes, never);
    terminal.print([line(0, "meanwhile")]);
    assert.equal(screen.text, "the card\nstatus\n? y or n");
    wait(300);
    await type("y");
    await asked;
    assert.equal(screen.text, "the card\nmeanwhile\nstatus");
  });

  it("takes a line, with what it begins with, and steps back on Escape", async () => {
    const { terminal, screen, type } = seat();
    const written = terminal.write("command ›", "npm test", never);
    assert.equal(screen.text, "status\ncommand › npm test");
    await type(" -- -w", key.enter);
    assert.equal(await written, "npm test -- -w");
    const back = terminal.write("why ›", "", never);
    await type("x", key.escape);
    assert.equal(await back, undefined);
  });

  it("shows the part of a long line where the cursor stands", async () => {
    const { terminal, screen, type } = seat({ columns: 30 });
    void terminal.write("›", "a".repeat(40), never);
    await type("END");
    assert.equal(screen.text, `status\n› …${"a".repeat(22)}END`);
    assert.equal(screen.cursor.column, 28);
  });

  it("lets go of a question when it is cancelled", async () => {
    const { terminal, screen } = seat();
    const stop = new AbortController();
    const asked = terminal.choose(yes, stop.signal);
    const outcome = asked.catch((error: unknown) => error);
    stop.abort(new Error("stopped"));
    assert.match(String(await outcome), /stopped/);
    await settled();
    assert.equal(screen.text, "status");
  });

  it("gives the terminal to another program and takes it back", async () => {
    const { terminal, screen, raw } = seat();
    terminal.print([line(0, "before")]);
    const inside = await terminal.lend(async () => {
      terminal.print([line(0, "meanwhile")]);
      return { raw: raw(), text: screen.text };
    });
    assert.deepEqual(inside, { raw: false, text: "before" });
    assert.equal(raw(), true);
    assert.equal(screen.text, "before\nmeanwhile\nstatus");
  });
});
