// The port to git, as the typed tools need it.

import type { Result } from "./result.ts";

/** The repository that the workspace is, or is a part of. Nothing that its configuration names is run: no hook, filter or helper. */
export interface Git {
  /** Faults: there is no repository; it may not be written from here. A command that fails is no fault. */
  run(request: GitRequest, signal: AbortSignal): Promise<Result<GitSaid>>;
}
export interface GitRequest {
  readonly call: string;
  /** A subcommand and its words, every option of our own choosing. */
  readonly args: readonly string[];
  /** Whether git may write: its own files but configuration and hooks, and the files it tracks. */
  readonly access: "read" | "write";
  /** What the command reads from its input. */
  readonly message?: string;
  /** The output is wanted as bytes, whole. */
  readonly binary?: boolean;
}
export interface GitSaid {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly truncated: boolean;
  readonly bytes?: Uint8Array;
  /** A commit that the person's own settings would have had signed. */
  readonly unsigned?: boolean;
}
