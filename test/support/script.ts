// The language in which tests write what a model says. A line is found by the content of the request alone, never by counting
// requests, so that an interrupted and resumed run hears the same again, in process and over the wire.

import type { Purpose, Usage } from "../../src/agent/model/ask.ts";
import type { Fault } from "../../src/agent/result.ts";

/** A list (the first line whose `when` holds; lines without `when` are the turns of a conversation, in order), or a function. */
export type Script = readonly Line[] | ((cue: Cue) => Line | undefined);

/** What can be seen of a request on both sides of the wire. */
export interface Cue {
  /** Assistant messages so far. */
  readonly turn: number;
  /** All messages as text, oldest first. */
  readonly text: string;
  /** The last message's text. */
  readonly last: string;
  readonly tools: readonly string[];
  /** Name of the structured answer wanted. */
  readonly answer: string | undefined;
  /** In process only; a server does not learn these. */
  readonly purpose?: Purpose | undefined;
  readonly step?: string | undefined;
  readonly attempt?: number | undefined;
}

export interface When {
  readonly purpose?: Purpose;
  readonly step?: string;
  readonly attempt?: number;
  readonly turn?: number;
  readonly answer?: string;
  /** The request's text holds this. */
  readonly says?: string;
  /** The last message holds this. */
  readonly hears?: string;
}

export interface Line {
  readonly when?: When;
  /** Streamed piece by piece where it is a list. */
  readonly text?: string | readonly string[];
  readonly calls?: readonly { readonly tool: string; readonly args: unknown; readonly id?: string }[];
  /** A structured answer, sent as JSON text. */
  readonly answer?: unknown;
  readonly usage?: Partial<Usage>;
  readonly finish?: "stop" | "calls" | "length" | "filter";
  readonly refusal?: string;
  /** Sealed reasoning of the Responses API. */
  readonly reasoning?: string;
  readonly model?: string;
  /** In process: the model fails with this. */
  readonly fault?: Fault;
  /** Over the wire: what goes wrong. A list: the first requests of this very content fare so, one each, later ones get the line. */
  readonly trouble?: Trouble | readonly Trouble[];
}

/** What a server can do wrong. `after` counts pieces of the reply sent before it happens. */
export type Trouble =
  | { readonly is: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | { readonly is: "hang" }
  | { readonly is: "stall"; readonly after: number }
  | { readonly is: "cut"; readonly after: number }
  | { readonly is: "early end"; readonly after: number }
  | { readonly is: "broken events" }
  | { readonly is: "invalid json"; readonly after: number }
  | { readonly is: "error event"; readonly after: number; readonly error: unknown }
  | { readonly is: "no choice" }
  | { readonly is: "page"; readonly status?: number }
  | { readonly is: "wrong shape" };

/** The line for a request. A script that has none is a mistake in the test, and says so. */
export function findLine(script: Script, cue: Cue): Line {
  const line =
    typeof script === "function"
      ? script(cue)
      : (script.find(({ when }) => when && holds(when, cue)) ?? script.filter(({ when }) => !when)[cue.turn]);
  if (!line)
    throw new Error(`The script has no line for turn ${cue.turn} (${cue.answer ?? "no answer wanted"}): ${cue.last.slice(0, 200)}`);
  return line;
}

function holds({ says, hears, ...exact }: When, cue: Cue): boolean {
  const same = Object.entries(exact).every(([key, value]) => cue[key as keyof typeof exact] === value);
  return same && (says === undefined || cue.text.includes(says)) && (hears === undefined || cue.last.includes(hears));
}

/** The line's text in the pieces it is streamed in. */
export function piecesOf({ text = [], answer }: Line): readonly string[] {
  const pieces = answer === undefined ? text : JSON.stringify(answer);
  if (typeof pieces !== "string") return pieces;
  return pieces.match(/[\s\S]{1,24}/gu) ?? [];
}

export function callsOf(
  { calls = [] }: Line,
  turn: number,
): readonly { readonly id: string; readonly tool: string; readonly args: string }[] {
  return calls.map(({ tool, args, id }, index) => ({
    id: id ?? `call_${turn}_${index}`,
    tool,
    args: typeof args === "string" ? args : JSON.stringify(args),
  }));
}

export function finishOf(line: Line): "stop" | "calls" | "length" | "filter" {
  if (line.finish) return line.finish;
  if (line.refusal !== undefined) return "filter";
  return (line.calls ?? []).length > 0 ? "calls" : "stop";
}

/** About four characters to a token, like a server would count. */
export function usageOf(line: Line, cue: Cue): Usage {
  const said = piecesOf(line).join("") + JSON.stringify(line.calls ?? []);
  return { input: Math.ceil(cue.text.length / 4), output: Math.ceil(said.length / 4), ...line.usage };
}
