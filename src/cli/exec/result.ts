// What `proviso exec` answers: the JSON that outside programs read, and the exit code.

import { join } from "node:path";
import type { Decision } from "../../agent/policy/rules.ts";
import type { Disturbance, Ending } from "../../agent/world.ts";
import { exit } from "../io.ts";

/** One object on one line. The first six fields are there whatever happened. */
export interface ExecResult {
  /** As a shell reports it; null when the command was stopped, or never ran. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  /** Whether the command was confined by the operating system. */
  readonly sandbox: boolean;
  readonly decision: Decision;
  readonly signal?: string | null;
  readonly killedBy?: Ending["killedBy"];
  readonly ms?: number;
  /** Where the whole output is, when it was too long to be here. */
  readonly spill?: string | null;
  /** Executable configuration that changed while the command ran; absolute paths. */
  readonly audit?: readonly Disturbance[];
  readonly hint?: string;
  /** Why it did not run: policy or person, or what went wrong. */
  readonly refused?: string;
  readonly failed?: string;
}

export function resultOf(ending: Ending, decision: Decision, root: string): ExecResult {
  const { exit: code, stdout, stderr, truncated, sandboxed, signal, killedBy, ms, spill, audit = [], hint } = ending;
  return {
    exit: code,
    stdout,
    stderr,
    timedOut: killedBy === "timeout",
    truncated,
    sandbox: sandboxed,
    decision,
    signal,
    killedBy,
    ms: Math.round(ms),
    spill,
    audit: audit.map(({ path, change }) => ({ path: join(root, path), change })),
    ...(hint === undefined ? {} : { hint }),
  };
}

export function notRun(decision: Decision, sandbox: boolean, why: { readonly refused: string } | { readonly failed: string }): ExecResult {
  return { exit: null, stdout: "", stderr: "", timedOut: false, truncated: false, sandbox, decision, ...why };
}

/** The command's own, else what `timeout` and `env` answer in such a case. */
export function exitCodeOf(result: ExecResult): number {
  if (result.refused !== undefined) return exit.stopped;
  if (result.failed !== undefined) return 125;
  if (result.timedOut) return 124;
  return result.exit ?? 137;
}
