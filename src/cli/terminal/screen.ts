// The bottom of a terminal as two parts: lines above, which are printed once and scroll away for good, and a footer of a few rows
// that is drawn again in place. Owns the cursor between its creation and close. Rows of the footer must fit the width.

import type { Output } from "../io.ts";
import { cells } from "../view/cells.ts";

/** Held back and shown at once by terminals that know it; others ignore it. */
const frame = { begin: "\x1b[?2026h", end: "\x1b[?2026l" };

export class Screen {
  readonly #output: Output;
  #footer: readonly string[] = [];
  /** Row of the footer that holds the cursor. */
  #cursorRow = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  get columns(): number {
    return Math.max(20, this.#output.columns ?? 80);
  }

  /** Rows a footer may have, so that it never scrolls. */
  get mostRows(): number {
    return Math.max(2, (this.#output.rows ?? 24) - 2);
  }

  /** Prints lines above the footer and draws the footer anew. `column` puts the cursor into its last row; else it stays at its end. */
  draw(lines: readonly string[], footer: readonly string[], column?: number): void {
    const rows = footer.slice(-this.mostRows);
    const above = lines.map((line) => `${line}\n`).join("");
    const place = column === undefined || rows.length === 0 ? "" : `\r${column > 0 ? `\x1b[${column}C` : ""}`;
    this.#output.write(frame.begin + this.#erase() + above + rows.join("\n") + place + frame.end);
    this.#footer = rows;
    this.#cursorRow = Math.max(0, rows.length - 1);
  }

  /** Takes the footer away; the cursor then stands at the beginning of an empty line. */
  close(): void {
    if (this.#footer.length > 0) this.#output.write(this.#erase());
    this.#footer = [];
  }

  /** A terminal that became narrower has broken our rows: how many lines they take now is counted anew. */
  #erase(): string {
    if (this.#footer.length === 0) return "";
    const lines = this.#footer
      .slice(0, this.#cursorRow + 1)
      .reduce((sum, row) => sum + Math.max(1, Math.ceil(cells(row) / this.columns)), 0);
    return `\r${lines > 1 ? `\x1b[${lines - 1}A` : ""}\x1b[J`;
  }
}
