// One turn as messages: whole, with its results shrunk to references that can be read again, with its own words and arguments shrunk too,
// or as one line for each call. The journal keeps all of it; only the prompt gets shorter.
// Turns never change once all their calls have ended, so neither do their forms: a long run costs no more to fold than a short one.

import type { Message } from "../model/ask.ts";
import { messageTokens } from "../model/tokens.ts";
import type { CallState, Turn } from "../state.ts";
import { outputPrefix } from "../tool/earlier.ts";
import { clip } from "./part.ts";
import { type Piece, pieceOf } from "./piece.ts";

export type Form = "whole" | "referred" | "short";

/** What stands in place of a call's result; by the call's id. */
export type Stands = ReadonlyMap<string, string>;

/** Tokens of a result that is worth a reference to the whole of it; of a shortened text. */
const worth = 150;
const shortly = 80;

/** The messages of the turn, the model's first. `stands` puts words of ours in place of some of its results. */
export function turnPieces(turn: Turn, form: Form, stands: Stands): readonly Piece[] {
  const forms = known.get(turn) ?? new Map<Form, readonly Piece[]>();
  known.set(turn, forms);
  const pieces = forms.get(form) ?? made(turn, form);
  forms.set(form, pieces);
  return turn.calls.some(({ call }) => stands.has(call)) ? pieces.map((piece, at) => standing(piece, turn.calls[at - 1], stands)) : pieces;
}

const known = new WeakMap<Turn, Map<Form, readonly Piece[]>>();

function made(turn: Turn, form: Form): readonly Piece[] {
  const said = spoken(turn, form);
  const cut: Message[] =
    turn.finish === "length" && turn.calls.length === 0
      ? [{ role: "user", text: "Your reply was cut off at its length limit. Go on, in smaller pieces." }]
      : [];
  return [
    pieceOf("conversation", said),
    ...turn.calls.map((call) => pieceOf("results", form === "whole" ? resultOf(call) : referenceTo(call))),
    ...cut.map((message) => pieceOf("conversation", message)),
  ];
}

function standing(piece: Piece, call: CallState | undefined, stands: Stands): Piece {
  const words = call && stands.get(call.call);
  return words === undefined || piece.message.role !== "tool" ? piece : pieceOf("results", { ...piece.message, text: words });
}

/** Sealed items of the provider hold the whole once more: a shortened turn goes without. */
function spoken(turn: Turn, form: Form): Message {
  const calls = turn.calls.map((call) => ({ id: call.ref, tool: call.tool, args: form === "short" ? shortArgs(call.args) : call.args }));
  if (form === "short") return { role: "assistant", text: clip(turn.text, shortly), calls };
  return { role: "assistant", text: turn.text, calls, ...(turn.native === undefined ? {} : { native: turn.native }) };
}

/** Still one JSON value: servers refuse a call of theirs whose arguments are not. */
function shortArgs(args: string): string {
  if (args.length <= 200) return args;
  try {
    const short = JSON.stringify(shorten(JSON.parse(args)));
    return short.length <= 2000 ? short : JSON.stringify({ shortened: clip(args, shortly) });
  } catch {
    return JSON.stringify({ shortened: clip(args, shortly) });
  }
}

function shorten(value: unknown): unknown {
  if (typeof value === "string") return clip(value, 40);
  if (Array.isArray(value)) return value.slice(0, 8).map(shorten);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shorten(one)]));
}

function resultOf(call: CallState): Message {
  const { ref, tool, ended } = call;
  if (!ended) return { role: "tool", call: ref, tool, ok: false, text: "Not run.", trust: "own" };
  if (!ended.outcome.ok) {
    const { kind, message } = ended.outcome.fault;
    // A refusal is told in our words and the user's, which the model shall heed; other faults may quote files.
    return { role: "tool", call: ref, tool, ok: false, text: message, trust: kind === "denied" ? "own" : "workspace" };
  }
  const { text, data, trust } = ended.outcome.observation;
  const amended =
    call.amended === undefined ? "" : `The user changed this call before it ran; it ran with ${JSON.stringify(call.judged?.input)}.\n`;
  return { role: "tool", call: ref, tool, ok: true, text: `${amended}${text}`, trust, ...(data === undefined ? {} : { data }) };
}

function referenceTo(call: CallState): Message {
  const whole = resultOf(call);
  if (whole.role !== "tool" || messageTokens(whole) <= worth) return whole;
  return { ...whole, text: `${clip(whole.text, shortly)} ${wayBack(call)}` };
}

/** How the whole of a result is seen again: a file as it is now, anything else as it was told. */
export function wayBack(call: CallState): string {
  const path = call.tool === "read_file" ? readPath(call) : undefined;
  return path === undefined
    ? `[Shortened; the whole of it: read_file ${outputPrefix}${call.call}]`
    : `[Shortened; read_file ${path} again for the rest.]`;
}

function readPath(call: CallState): string | undefined {
  const input = call.judged?.input;
  return typeof input === "object" && input !== null && "path" in input && typeof input.path === "string" ? input.path : undefined;
}

/** What a call was and came to, each in at most so many characters. */
export function callLine(call: CallState, most: number): string {
  const outcome = call.ended?.outcome;
  const said = outcome === undefined ? "not run" : outcome.ok ? outcome.observation.text : `failed: ${outcome.fault.message}`;
  return `- ${call.tool} ${cut(call.args, most)} -> ${cut(said, most)}`;
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)} […]`);
