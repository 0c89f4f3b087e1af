// Keys as they are pressed. Owns the terminal's raw mode between start and stop; while it is raw nothing is echoed and Ctrl+C is a key.
// What is pasted arrives as one piece, so that no pasted letter ever answers a question.

import { emitKeypressEvents, type Interface } from "node:readline";
import type { Input, Output } from "../io.ts";

export interface Key {
  /** "return", "escape", "left", "y", or "paste". */
  readonly name: string;
  /** What it would write, if anything. */
  readonly text: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

interface Pressed {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/** How long an Escape may be the beginning of a longer sequence. Node waits half a second, which is felt. */
const escapeMs = 50;
const bracketedPaste = { on: "\x1b[?2004h", off: "\x1b[?2004l" };

export class Keyboard {
  readonly #input: Input;
  readonly #output: Output;
  readonly #onKey: (key: Key) => void;
  #pasted: string | undefined;
  #started = false;

  constructor(input: Input, output: Output, onKey: (key: Key) => void) {
    this.#input = input;
    this.#output = output;
    this.#onKey = onKey;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    emitKeypressEvents(this.#input, { escapeCodeTimeout: escapeMs } as unknown as Interface);
    this.#input.on("keypress", this.#press);
    this.#input.setRawMode?.(true);
    this.#input.resume();
    this.#output.write(bracketedPaste.on);
  }

  /** Gives the terminal back as it was. */
  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    this.#input.off("keypress", this.#press);
    this.#input.setRawMode?.(false);
    this.#input.pause();
    this.#output.write(bracketedPaste.off);
  }

  readonly #press = (text: string | undefined, { name, sequence = "", ctrl = false, meta = false }: Pressed): void => {
    if (name === "paste-start") this.#pasted = "";
    else if (name === "paste-end") {
      const pasted = this.#pasted ?? "";
      this.#pasted = undefined;
      this.#onKey({ name: "paste", text: pasted, ctrl: false, meta: false });
    } else if (this.#pasted !== undefined) this.#pasted += text ?? sequence;
    else this.#onKey({ name: name ?? text ?? "", text: isWriting(text, ctrl, meta) ? text : "", ctrl, meta });
  };
}

/** Whether a key writes something: control codes and escape sequences do not. */
const isWriting = (text: string | undefined, ctrl: boolean, meta: boolean): text is string =>
  text !== undefined && !ctrl && !meta && text >= " " && text !== "\x7f" && !text.startsWith("\x1b");
