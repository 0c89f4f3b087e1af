// What a command may touch of its process, as one record, so that every command can be run in a test; and what it answers: an exit code.
// Only main.ts knows the real process.

import type { Readable, Writable } from "node:stream";
import type { Fault } from "../agent/result.ts";

export interface Io {
  readonly stdin: Input;
  /** Results, and nothing else when `--json` is given. */
  readonly stdout: Output;
  /** What is not a result: progress of the program itself, faults. */
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What Ctrl+C does, for whoever reads the keys while the terminal does not. */
  readonly interrupt?: () => void;
  /** What Ctrl+Z does: resolves once the shell lets the process go on. */
  readonly suspend?: () => Promise<void>;
}

export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(mode: boolean): unknown };
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** A subcommand: `args` are the words after its name. The signal aborts when the person interrupts; it then rejects or ends soon. */
export type Command = (args: readonly string[], io: Io, signal: AbortSignal) => Promise<number>;

/** What a subcommand's file exports besides its function: the text of `proviso NAME --help`. */
export type Help = string;

/** The exit codes of every subcommand. */
export const exit = { done: 0, failed: 1, usage: 2, stopped: 3, fuse: 4, cancelled: 130 } as const;

/** Says one sentence on stderr and answers the exit code. */
export function refuse(io: Io, fault: Pick<Fault, "message">, code: number = exit.failed): number {
  io.stderr.write(`proviso: ${fault.message}\n`);
  return code;
}

/** One value as one line of JSON. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;
