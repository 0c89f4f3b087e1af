// A terminal as a grid of cells: enough of one to see what a person would see. Knows what our screen uses (line feed, carriage
// return, cursor up, down, right and left, erasing below and to the end of the line), wraps at its width, scrolls, and ignores
// colours and modes. Every other escape sequence is a mistake, and says so. One cell per character.

import { Writable } from "node:stream";

export class TinyTerminal extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  /** Everything written, as it was. */
  raw = "";
  #begun = "";
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns = 80, rows = 24) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.feed(chunk.toString());
    this.emit("written");
    done();
  }

  /** All lines ever, those that scrolled away included, without trailing spaces. */
  get text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
  }

  /** Resolves once the text matches; after waiting in vain it says what was seen instead. */
  async shows(pattern: RegExp, patienceMs = 20_000): Promise<void> {
    const until = Date.now() + patienceMs;
    while (!pattern.test(this.text)) {
      const left = until - Date.now();
      if (left <= 0) throw new Error(`${String(pattern)} did not appear in ${patienceMs} ms:\n${this.text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.once("written", () => (clearTimeout(timer), resolve()));
      });
    }
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column };
  }

  /** Takes text in any pieces: a sequence that a piece ends in the middle of waits for the next one. */
  feed(text: string): void {
    this.raw += text;
    const whole = this.#begun + text;
    this.#begun = /\x1b(\[[0-9;?]*)?$/.exec(whole)?.[0] ?? "";
    const complete = whole.slice(0, whole.length - this.#begun.length);
    for (const [token] of complete.matchAll(/\x1b\[[0-9;?]*[A-Za-z]|\x1b.?|[\s\S]/gu)) this.#take(token);
  }

  #take(token: string): void {
    if (token === "\n") return this.#down();
    if (token === "\r") {
      this.#column = 0;
      return;
    }
    if (!token.startsWith("\x1b")) return this.#put(token);
    const [, digits = "", letter = ""] = /^\x1b\[([0-9;?]*)([A-Za-z])$/.exec(token) ?? [];
    const n = Number(digits) || 1;
    if (letter === "m" || ((letter === "h" || letter === "l") && digits.startsWith("?"))) return;
    if (letter === "A") this.#row = Math.max(this.#top, this.#row - n);
    else if (letter === "B") this.#row = Math.min(this.#lines.length - 1, this.#row + n);
    else if (letter === "C") this.#column = Math.min(this.columns - 1, this.#column + n);
    else if (letter === "D") this.#column = Math.max(0, this.#column - n);
    else if (letter === "J" && digits === "") this.#eraseBelow();
    else if (letter === "K" && digits === "") this.#lines[this.#row]?.splice(this.#column);
    else throw new Error(`a sequence this terminal does not know: ${JSON.stringify(token)}`);
  }

  /** The first line that is still on the screen. */
  get #top(): number {
    return Math.max(0, this.#lines.length - this.rows);
  }

  /** A line feed; as terminals do it for programs, it also returns the carriage. */
  #down(): void {
    this.#row++;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push([]);
  }

  #put(character: string): void {
    if (this.#column === this.columns) this.#down();
    const line = this.#lines[this.#row];
    if (line) line[this.#column] = character;
    this.#column++;
  }

  #eraseBelow(): void {
    this.#lines[this.#row]?.splice(this.#column);
    this.#lines.splice(this.#row + 1);
  }
}
