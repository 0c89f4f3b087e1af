// One verb for every model: Ask. Providers implement it, layers wrap it, the rules engine is one of it.
// Owns the shapes of request and reply; knows no provider, no wire format and no retry.

import type * as z from "zod";
import type { Check, RoleName } from "../plan.ts";
import type { Result } from "../result.ts";

/** Asks a model once. Cancelling the signal rejects with the signal's reason within 100 ms; every other failure is a Fault. */
export type Ask = (request: AskRequest, signal: AbortSignal) => Promise<Result<Reply>>;

/** A layer adds one concern (retry, budget, cache, ...) around an Ask. */
export type Layer = (next: Ask) => Ask;

/** What the embedded engine is called where models have names. */
export const rulesModel = "rules";

export type Purpose = "plan" | "act" | "judge" | "reflect" | "summarise";

export interface AskRequest {
  readonly purpose: Purpose;
  /** First the system message, then the conversation in order; every tool message follows the assistant message that called it. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** When set, the reply must be one JSON value of this schema, returned parsed in `Reply.answer`. */
  readonly answer?: { readonly name: string; readonly schema: z.ZodType };
  /** Receives streamed text; it goes to the view and is never history. */
  readonly onText?: (delta: string) => void;
  /** Says that all text streamed so far is void: another try begins and streams its own. */
  readonly onRestart?: () => void;
  /** Called whenever anything at all arrives from the provider; time-outs live on it. */
  readonly onActivity?: () => void;
  /** Says that another model answers than the one that should have. */
  readonly onSwitch?: (change: Switch) => void;
  /** Another opinion is wanted: never answered from a cache. */
  readonly fresh?: true;
  /** How many of the cheaper models to pass over where there is a choice: attempts that failed, opinions already heard. */
  readonly above?: number;
  /** The most tokens the reply may take, where a budget needs that certainty; the provider enforces it. */
  readonly maxOutput?: number;
  /** The longest it may take, where a budget of time is short. */
  readonly maxMs?: number;
  /** What the request is about, for layers and for the rules engine. Never sent over the wire. */
  readonly subject: Subject;
}

/** One model gave way to another. */
export interface Switch {
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

export interface Subject {
  readonly run: string;
  readonly goal: string;
  /** Whether an editor with language servers is there to prove steps by what it reports. */
  readonly editor?: boolean;
  /** What a plan has to be possible in. */
  readonly mode?: string;
  readonly step?: { readonly id: string; readonly goal: string; readonly role: RoleName; readonly check: Check; readonly attempt: number };
}

export type Message =
  | { readonly role: "system"; readonly text: string }
  /** `quoted`: its text is a record of what was done and found, not the words of the user. */
  | { readonly role: "user"; readonly text: string; readonly quoted?: boolean }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly ToolCall[]; readonly native?: unknown }
  /** `data` is the observation's structured part; it stays here, only `text` goes over the wire. */
  | {
      readonly role: "tool";
      readonly call: string;
      readonly tool: string;
      readonly text: string;
      readonly ok: boolean;
      readonly data?: unknown;
      /** Who wrote the text: we or the user (a refusal), the workspace, or anybody at all. Absent: the workspace. */
      readonly trust?: "own" | "workspace" | "foreign";
    };

/** A call the model wants. `args` is the raw JSON text it produced: it may be broken, and is parsed where it is judged. */
export interface ToolCall {
  readonly id: string;
  readonly tool: string;
  readonly args: string;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments object. */
  readonly parameters: Record<string, unknown>;
}

export interface Reply {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** The parsed structured answer, present exactly when the request asked for one. */
  readonly answer?: unknown;
  readonly usage: Usage;
  readonly model: string;
  readonly finish: "stop" | "calls" | "length" | "filter";
  /** Provider items to send back unchanged with this assistant message (reasoning items of the Responses API). JSON-safe. */
  readonly native?: unknown;
}

/** Tokens of one call; `usd` is absent where the price is unknown, never zero by guess. `cached` is part of `input`. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cached?: number | undefined;
  readonly usd?: number | undefined;
  /** Who is paid: "openai/gpt-5.2". Absent where nobody is. */
  readonly by?: string | undefined;
  /** Set where the provider told no numbers and they were counted here. */
  readonly counted?: true | undefined;
}
