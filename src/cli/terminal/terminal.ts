// A terminal a person works at while a run goes on: lines that scroll away, a footer that lives, and one line of input.
// Owns who gets the keys: a question when one is open, else the composer. While a question is open nothing is printed, so that what
// is being decided stays in view. No key that was pressed before a question was on screen answers it.

import type { Line } from "../../agent/observe/line.ts";
import type { Input, Output } from "../io.ts";
import { cells, characters, cut, cutStart } from "../view/cells.ts";
import { render } from "../view/render.ts";
import { paint, type Style } from "../view/style.ts";
import { visible } from "../view/visible.ts";
import { type Key, Keyboard } from "./keyboard.ts";
import { type LineEdit, lineOf, press } from "./line-edit.ts";
import { Screen } from "./screen.ts";

export interface TerminalParts {
  readonly input: Input;
  readonly output: Output;
  readonly style: () => Style;
  /** Rows of what is going on, as wide as the screen at most; drawn above the input. */
  readonly status: (columns: number) => readonly string[];
  /** Ctrl+C. */
  readonly onInterrupt: () => void;
  /** Ctrl+Z; absent where nobody could bring it back. */
  readonly suspend?: (() => Promise<void>) | undefined;
  /** A line was written while no question was open. */
  readonly onSaid: (text: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** A question for one key: what is offered, and what a key answers; undefined for a key that means nothing. */
export interface KeyQuestion<Answer> {
  /** The rows that name the keys, drawn anew whenever the footer is. */
  readonly offer: () => readonly Line[];
  readonly answer: (key: Key) => Answer | undefined;
}

interface Prompt {
  readonly rows: (columns: number) => { readonly rows: readonly string[]; readonly column?: number };
  readonly key: (key: Key) => void;
}

/** How long the keys must have been at rest, and the question on screen, before a key counts as its answer. */
const armingMs = 300;

export class Terminal {
  readonly #parts: TerminalParts;
  readonly #screen: Screen;
  readonly #keyboard: Keyboard;
  readonly #held: Line[] = [];
  #prompt: Prompt | undefined;
  #composer: LineEdit = lineOf("");
  #suspended = false;
  #closed = false;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.#screen = new Screen(parts.output);
    this.#keyboard = new Keyboard(parts.input, parts.output, (key) => this.#press(key));
    this.#keyboard.start();
    parts.output.on("resize", this.#redraw);
  }

  /** A question is open. */
  get asking(): boolean {
    return this.#prompt !== undefined;
  }

  /** Prints lines above the footer; while a question is open they wait for its answer. */
  print(lines: readonly Line[]): void {
    if (this.#prompt || this.#suspended) this.#held.push(...lines);
    else this.#draw(lines);
  }

  /** Prints lines at once: what a question is about. */
  show(lines: readonly Line[]): void {
    this.#draw([...this.#held.splice(0), ...lines]);
  }

  /** Draws the footer again, because time or state went on. */
  refresh(): void {
    if (!this.#suspended && !this.#closed) this.#draw([]);
  }

  /** Asks for one key. Enter, Escape and whatever was typed before mean nothing unless the question says so. */
  choose<Answer>(question: KeyQuestion<Answer>, signal: AbortSignal): Promise<Answer> {
    const shown = this.#parts.now();
    let lastKey = shown;
    return this.#ask<Answer>(signal, (resolve) => ({
      rows: (columns) => ({ rows: render(question.offer(), { ...this.#parts.style(), width: columns }) }),
      key: (key) => {
        const now = this.#parts.now();
        const armed = now - shown >= armingMs && now - lastKey >= armingMs;
        lastKey = armed ? lastKey : now;
        const answer = armed && key.name !== "paste" ? question.answer(key) : undefined;
        if (answer !== undefined) resolve(answer);
      },
    }));
  }

  /** Asks for a line; undefined when the person steps back with Escape. */
  write(label: string, initial: string, signal: AbortSignal): Promise<string | undefined> {
    let line = lineOf(initial);
    return this.#ask<string | undefined>(signal, (resolve) => ({
      rows: (columns) => this.#inputRow(label, line, columns),
      key: (key) => {
        if (key.name === "return" || key.name === "enter") resolve(line.text);
        else if (key.name === "escape") resolve(undefined);
        else line = press(line, key);
      },
    }));
  }

  /** Gives the terminal to another program until `work` is over. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    this.#screen.close();
    this.#keyboard.stop();
    this.#suspended = true;
    try {
      return await work();
    } finally {
      this.#suspended = false;
      if (!this.#closed) {
        this.#keyboard.start();
        this.#draw(this.#prompt ? [] : this.#held.splice(0));
      }
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#draw(this.#held.splice(0));
    this.#closed = true;
    this.#screen.close();
    this.#keyboard.stop();
    this.#parts.output.off("resize", this.#redraw);
  }

  readonly #redraw = (): void => this.refresh();

  #ask<Answer>(signal: AbortSignal, open: (resolve: (answer: Answer) => void) => Prompt): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener("abort", cancel);
        this.#prompt = undefined;
        if (!this.#suspended) this.#draw(this.#held.splice(0));
      };
      const cancel = (): void => {
        end();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", cancel, { once: true });
      this.#prompt = open((answer) => {
        end();
        resolve(answer);
      });
      this.refresh();
    });
  }

  #press(key: Key): void {
    if (key.ctrl && key.name === "c") return this.#parts.onInterrupt();
    if (key.ctrl && key.name === "z" && this.#parts.suspend) return void this.lend(this.#parts.suspend);
    if (this.#prompt) this.#prompt.key(key);
    else if (key.name === "return" || key.name === "enter") this.#say();
    else if (key.name === "escape") this.#composer = lineOf("");
    else this.#composer = press(this.#composer, key);
    this.refresh();
  }

  #say(): void {
    const text = this.#composer.text.trim();
    this.#composer = lineOf("");
    if (text !== "") this.#parts.onSaid(text);
  }

  #draw(lines: readonly Line[]): void {
    const columns = this.#screen.columns - 1;
    const printed = render(lines, { ...this.#parts.style(), width: columns });
    const status = this.#parts.status(columns);
    const composing = this.#composer.text === "" ? { rows: [] } : this.#inputRow("›", this.#composer, columns);
    const { rows, column } = { column: undefined, ...(this.#prompt?.rows(columns) ?? composing) };
    this.#screen.draw(printed, [...status, ...rows], column);
  }

  /** A label and a line of input, scrolled so that the cursor is seen. */
  #inputRow(label: string, line: LineEdit, columns: number): { readonly rows: readonly string[]; readonly column: number } {
    const room = Math.max(4, columns - cells(label) - 2);
    const all = characters(visible(line.text));
    const before = cutStart(all.slice(0, line.at).join(""), room);
    const after = cut(all.slice(line.at).join(""), room - cells(before));
    const head = `${paint("moving", label, this.#parts.style())} `;
    return { rows: [head + before + after], column: cells(label) + 1 + cells(before) };
  }
}
