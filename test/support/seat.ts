// A person's seat in a test: a terminal to look at, a keyboard to press, and a clock that moves by hand.

import { once } from "node:events";
import { PassThrough } from "node:stream";
import { Terminal } from "../../src/cli/terminal/terminal.ts";
import type { Style } from "../../src/cli/view/style.ts";
import { TinyTerminal } from "./tiny-terminal.ts";

export interface Seat {
  readonly terminal: Terminal;
  readonly screen: TinyTerminal;
  readonly said: string[];
  readonly interrupts: () => number;
  /** Whether keys come raw. */
  readonly raw: () => boolean;
  /** Presses keys, one chunk each, and lets what they cause happen. */
  type(...keys: readonly string[]): Promise<void>;
  wait(ms: number): void;
  readonly now: () => number;
}

export function seat({ columns = 80, rows = 24, status = () => ["status"] as readonly string[] } = {}): Seat {
  const screen = new TinyTerminal(columns, rows);
  const said: string[] = [];
  let interrupts = 0;
  let raw = false;
  let now = 1_000_000;
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => void (raw = mode) });
  const style: Style = { colour: false, unicode: true, width: columns };
  const terminal = new Terminal({
    input,
    output: screen,
    style: () => style,
    status,
    onInterrupt: () => interrupts++,
    onSaid: (text) => said.push(text),
    now: () => now,
  });
  return {
    terminal,
    screen,
    said,
    interrupts: () => interrupts,
    raw: () => raw,
    type: async (...keys) => {
      for (const one of keys) {
        // An Escape could be the beginning of a sequence: it is a key only once nothing follows.
        const pressed = one === key.escape ? once(input, "keypress") : undefined;
        input.write(one);
        await pressed;
        await settled();
      }
    },
    wait: (ms) => void (now += ms),
    now: () => now,
  };
}

/** Lets streams and promises do what is due. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};

export const key = {
  enter: "\r",
  escape: "\x1b",
  backspace: "\x7f",
  left: "\x1b[D",
  interrupt: "\x03",
  clear: "\x15",
  paste: (text: string) => `\x1b[200~${text}\x1b[201~`,
} as const;
