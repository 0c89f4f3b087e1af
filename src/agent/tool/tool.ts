// What a tool is. A tool either observes (it runs and tells) or proposes a change (it computes the files' next content,
// purely against what it read); all changes then go through one write gate: preview, approval, before-images,
// compare-and-swap, recovery and rollback are the same for every changing tool.

import type * as z from "zod";
import type { FileImage } from "../file-image.ts";
import type { Result } from "../result.ts";
import type { World } from "../world.ts";
import type { Observation, Preview } from "./observation.ts";
import type { Risk } from "./risk.ts";

export type Tool<Input = never> = ObservingTool<Input> | ChangingTool<Input>;
// oxlint-disable-next-line typescript/no-explicit-any -- a catalog holds tools of unrelated inputs; each parses its own before use
export type AnyTool = Tool<any>;
export type AnyObservingTool = Extract<AnyTool, { readonly kind: "observe" }>;
export type AnyChangingTool = Extract<AnyTool, { readonly kind: "change" }>;

export type Recovery = "rerun" | "ask";

interface ToolBase<Input> {
  readonly name: string;
  /** One or two sentences for the model; every word is sent with every request. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** Milliseconds after which the call is cancelled and ends in a `timeout` fault. */
  readonly timeoutMs: number;
  /** The most characters of its result that reach the model and the journal. */
  readonly outputChars: number;
  /** The question to ask before it, where the effects alone would not name the act: "Commit 3 files?" */
  title?(input: Input): string;
  /** What this very input may do. Pure; paths as the input names them (the judge makes them real). */
  risk(input: Input): Risk;
}

export interface ObservingTool<Input> extends ToolBase<Input> {
  readonly kind: "observe";
  /** Shown before approval instead of a diff, e.g. the command line. */
  preview?(world: World, input: Input, signal: AbortSignal): Promise<Result<Preview>>;
  execute(world: World, input: Input, signal: AbortSignal, context: CallContext): Promise<Result<Observation>>;
  /** What undoes it, in words for whoever approves it; absent: nothing does. */
  readonly undo?: string;
  /** How a call begun by a dead process is settled: run again (it has no lasting effect), or ask a person. */
  readonly recovery: Recovery | ((input: Input) => Recovery);
}

export interface ChangingTool<Input> extends ToolBase<Input> {
  readonly kind: "change";
  /** Which files it touches is known only once the change is computed; then the policy judges every one of them. */
  readonly reach?: "computed";
  /** Computes the files' next content without touching anything. A failing edit names the nearest real text. */
  change(world: World, input: Input, signal: AbortSignal): Promise<Result<Change[]>>;
}

/** One file's proposed content. `null` before = did not exist; `null` after = to be deleted. */
export interface Change {
  /** Absolute real path. */
  readonly path: string;
  /** As shown to people and models: relative to the workspace where it is inside. */
  readonly shown: string;
  readonly before: FileImage | null;
  readonly after: Uint8Array | null;
  /** Permission bits it gets; absent: those it has, or the usual ones. */
  readonly mode?: number;
}

export interface CallContext {
  readonly call: string;
  /** Live output for the view; never history. */
  readonly onOutput: (chunk: string) => void;
  /** What an earlier call of the run told; absent where nothing remembers. */
  readonly earlier?: (call: string) => Observation | undefined;
  /** What was approved of this very call beyond the usual confinement; never taken from its input. */
  readonly grant: Grant;
}

export interface Grant {
  /** Its risk, as it was judged, names the network. */
  readonly network: boolean;
  /** A person let it run without the sandbox, this once. */
  readonly outside: boolean;
}

export const noGrant: Grant = { network: false, outside: false };
