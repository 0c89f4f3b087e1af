// The ports: everything the mind may ask of the outside. One record, first parameter of whatever touches the world.
// node/ implements them headless, vscode/ over the editor, test/support in memory. No port throws for an expected failure:
// it answers a Fault. Every waiting port takes an AbortSignal last and rejects with its reason when aborted.

import type { Jobs } from "./job.ts";
import type { Git } from "./git.ts";
import type { ApprovalRequest, Resolution } from "./approval.ts";
import type { Ask, Purpose } from "./model/ask.ts";
import type { Policy, Rule } from "./policy/rules.ts";
import type { Result } from "./result.ts";
import type { FileImage } from "./file-image.ts";
import type { Left, Touch } from "./touch.ts";

export interface World {
  readonly clock: Clock;
  readonly files: Files;
  readonly search: Search;
  readonly shell: Shell;
  readonly git: Git;
  readonly jobs: Jobs;
  readonly blobs: Blobs;
  readonly person: Person;
  readonly rules: Rules;
  readonly ask: Ask;
  readonly secrets: Secrets;
  /** Tokens that the model for a purpose takes, request and reply together; undefined, or absent, where nobody knows. */
  readonly window?: (purpose: Purpose, signal: AbortSignal) => Promise<number | undefined>;
  /** SHA-256, hex. */
  readonly digest: (data: string | Uint8Array) => string;
  /** Finds what commands change; absent where nobody looks. */
  readonly lookout?: Lookout;
  /** Problems the editor knows about; absent where no language server runs. */
  readonly diagnostics?: Diagnostics;
  /** Streaming text and live output for whoever watches; never history. */
  readonly watch: (live: Live) => void;
}

/** Takes secrets out of what tools tell, before a model, the journal or a view gets it. */
export interface Secrets {
  /** The text with a label in place of every secret, line for line; the same text always gives the same. Never fails. */
  redact(text: string): Promise<string>;
}

export type Live =
  | { readonly of: "text"; readonly step: string | undefined; readonly delta: string }
  /** All text streamed for the step since its last event is void: the model is asked again. */
  | { readonly of: "restart"; readonly step: string | undefined }
  | { readonly of: "output"; readonly call: string; readonly chunk: string };

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * A path given to `read`, `swap` and `list` is relative to the workspace and followed, or absolute and then one that `locate` made
 * real: where a link has taken the place of a part of it since, that is a `stale` fault. So nothing is touched but what was judged.
 */
export interface Files {
  /** Absolute real path of the workspace folder. */
  readonly root: string;
  /** The user's home folder, where it is known: rules name places below it as "~/…". */
  readonly home?: string;
  /** Makes a path real (symlinks, "..", case) without reading it; works for paths that do not exist yet. */
  locate(path: string): Promise<Result<Place>>;
  /** Whole content. Faults: missing; invalid (a folder, a device, larger than `maxBytes`). */
  read(path: string, options: { readonly maxBytes: number }, signal: AbortSignal): Promise<Result<FileImage>>;
  /**
   * Replaces (or with `after: null` deletes) a file if its content still has the digest `before` (null: does not exist);
   * else a `stale` fault and nothing is touched. Atomic and synced; an existing file keeps its permission bits, a new one gets `mode`
   * or the usual ones. Missing folders are made. Faults: denied (read-only); unavailable (no space), with the old content in place.
   */
  swap(path: string, before: string | null, after: Uint8Array | null, mode?: number): Promise<Result<void>>;
  /**
   * The same for several files, of which all are replaced or none: every one is compared before the first is touched, and where one
   * cannot be written those that were are put back. Answers what each holds then, which an editor that formats on save may have changed.
   */
  swapAll(swaps: readonly FileSwap[]): Promise<Result<readonly Landed[]>>;
  /** Entries below a folder, ignore files respected, sorted; at most `limit`. */
  list(path: string, options: { readonly depth: number; readonly limit: number }, signal: AbortSignal): Promise<Result<Listing>>;
}

export interface FileSwap {
  readonly path: string;
  /** Digest of what it holds now; null: it does not exist. */
  readonly before: string | null;
  /** What it shall hold; null: it shall not exist. */
  readonly after: Uint8Array | null;
  /** Permission bits of a file that is created. */
  readonly mode?: number;
  /** Permission bits that a file which exists gets; without them it keeps its own. */
  readonly chmod?: number;
}
export interface Landed {
  readonly path: string;
  /** Digest of what it holds now; null: it does not exist. */
  readonly digest: string | null;
}

export interface Place {
  /** Absolute, symlinks resolved (for a missing file: its nearest existing parent resolved). */
  readonly real: string;
  /** Relative to the workspace with forward slashes where inside; otherwise absolute. */
  readonly shown: string;
  readonly inside: boolean;
  readonly kind: "file" | "folder" | "other" | "missing";
}

export interface Listing {
  /** Workspace-relative; folders end in "/". */
  readonly entries: readonly string[];
  readonly truncated: boolean;
}

export interface Search {
  text(query: TextQuery, signal: AbortSignal): Promise<Result<TextMatches>>;
}
export interface TextQuery {
  readonly pattern: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  readonly wholeWord: boolean;
  /** Folder or file to search, workspace-relative. */
  readonly path: string;
  /** Globs of files to include. */
  readonly include: readonly string[];
  readonly limit: number;
}
export interface TextMatches {
  readonly matches: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  readonly truncated: boolean;
}

export interface Shell {
  /** Whether commands are confined by the operating system, and if not, why. */
  readonly sandbox: { readonly active: boolean; readonly reason: string };
  /** Runs one shell line in its own process group; the whole tree is dead when this returns. Cancelling kills it and rejects. */
  run(task: Task, signal: AbortSignal): Promise<Result<Ending>>;
  /** Kills what a dead process of ours left running under this call id. */
  reap(call: string): Promise<void>;
  /** Whether something listens on the TCP port where a background command (with or without the network) would. */
  listens(where: { readonly port: number; readonly network: boolean }, signal: AbortSignal): Promise<boolean>;
  /** The whole output of an earlier command that was too long to be told, control characters neutralised. Faults: missing. */
  output(call: string, signal: AbortSignal): Promise<Result<string>>;
  /** Runs a line in private copies of the workspace with some files replaced, several at once; the workspace is never touched. */
  trial(request: TrialRequest, signal: AbortSignal): Promise<Result<readonly TrialOutcome[]>>;
}
export interface Task {
  readonly call: string;
  readonly line: string;
  /** Absolute folder inside the workspace. */
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Connects the command to the network; the file sandbox stays. Only after an approval that named the network. */
  readonly network?: boolean;
  /** Runs it without the sandbox. Only after an approval of exactly that; never taken from a tool's input. */
  readonly outside?: boolean;
  /** Goes on beside others: while it runs, confined commands share one loopback, so that they can talk to it. */
  readonly background?: boolean;
  readonly onOutput?: (chunk: string, stream: "stdout" | "stderr") => void;
}
export interface Ending {
  /** As a shell reports it, so 128 + n after a signal. Null when it was killed by us. */
  readonly exit: number | null;
  readonly signal: string | null;
  readonly killedBy: "timeout" | "output-limit" | "memory-limit" | "process-limit" | null;
  /** Both streams in order of arrival, head and tail where capped, control characters neutralised. */
  readonly output: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  /** Absolute path of the whole output, when it was capped. */
  readonly spill: string | null;
  readonly ms: number;
  readonly sandboxed: boolean;
  /** Executable configuration that changed while the command ran although it is protected; a person must look at it. */
  readonly audit?: readonly Disturbance[];
  /** What to do next where the sandbox may be the cause of a failure. */
  readonly hint?: string;
  /** The sandbox seems to be the cause, and nothing less than a run outside it would help. */
  readonly outsideHelps?: boolean;
}
export interface Disturbance {
  /** Relative to the workspace. */
  readonly path: string;
  readonly change: "created" | "changed" | "removed";
}
export interface TrialRequest {
  readonly line: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Stop starting new trials after this long. */
  readonly budgetMs: number;
  /** Stop as soon as this many passed. */
  readonly enough: number;
  /** Each candidate: files (workspace-relative) with their whole new text. */
  readonly candidates: readonly { readonly files: Readonly<Record<string, string>> }[];
}
/** Candidates never started are absent. */
export interface TrialOutcome {
  readonly candidate: number;
  readonly exit: number | null;
  readonly output: string;
  readonly ms: number;
}

/** Content-addressed store of before-images. */
export interface Blobs {
  /** Answers the digest once the bytes would survive a power cut. Faults: no space, no permission. */
  put(bytes: Uint8Array): Promise<Result<string>>;
  get(digest: string): Promise<Result<Uint8Array>>;
}

/** Sees which files of the workspace something changed that is no change of ours, and keeps what they held where it can. */
export interface Lookout {
  /** Looks before it begins; what is returned looks again once it has ended. Never fails: what cannot be seen is told. */
  watch(signal: AbortSignal): Promise<Watch>;
}
export interface Watch {
  ended(): Promise<Sighting>;
}
export interface Sighting {
  /** Files whose content before and after is kept, so that they can be put back. */
  readonly changed: readonly Touch[];
  /** Files that changed and cannot be put back, with the reason. */
  readonly unkept: readonly Left[];
}

export interface Person {
  /** Whether anybody could be asked; an offer is made only where somebody is. */
  readonly attended: boolean;
  /** Milliseconds that a question waits for its answer, where a person set such a limit. */
  readonly patienceMs?: () => number | undefined;
  /** Puts a question and waits, for days if need be. Where nobody can answer it rejects at once as `unattended`. */
  decide(request: ApprovalRequest, signal: AbortSignal): Promise<Resolution>;
  /** Asks an open question; a fault where nobody can answer. */
  answer(question: string, options: readonly string[], signal: AbortSignal): Promise<Result<string>>;
}

export interface Rules {
  /** The rules in force now. */
  policy(): Policy;
  /** Adds a rule to the personal list, visible and durable where the person chose so. */
  remember(rule: Rule): Promise<Result<void>>;
}

export interface Diagnostics {
  problems(paths: readonly string[], signal: AbortSignal): Promise<Result<readonly Problem[]>>;
  /** What is known of these files (absolute) right now; waits for nothing. Undefined for one that nothing looks at. */
  known(path: string): readonly Problem[] | undefined;
  /** Waits, a second or two at most, until these files, just changed, have been looked at again. */
  caughtUp(paths: readonly string[], signal: AbortSignal): Promise<void>;
}
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly source?: string;
}
