// A message of the conversation with what it counts as and how large it is; and the last resort: shorter texts, whatever they say.

import type { Message } from "../model/ask.ts";
import { messageTokens } from "../model/tokens.ts";
import { type Category, fitParts } from "./part.ts";

export interface Piece {
  readonly category: Category;
  readonly message: Message;
  readonly tokens: number;
}

export const pieceOf = (category: Category, message: Message): Piece => ({ category, message, tokens: messageTokens(message) });

export const total = (pieces: readonly Piece[]): number => pieces.reduce((sum, { tokens }) => sum + tokens, 0);

/**
 * The pieces with texts so short that all fit; calls keep their arguments, which are no text to be cut. What the user said is cut last,
 * of the rest what is older first. Undefined where not even messages without a text fit.
 */
export function cutTo(pieces: readonly Piece[], room: number): readonly Piece[] | undefined {
  const spare = room - total(pieces.map(({ category, message }) => pieceOf(category, bare(message)))) - pieces.length;
  if (spare < 0) return undefined;
  const parts = pieces.map(({ category, message: { text, ...message } }, at) => ({
    category,
    text,
    at,
    rank: (message.role === "user" ? ("quoted" in message ? 0 : 2) : 1) + at / pieces.length,
  }));
  const texts = new Map(fitParts(parts, spare).map(({ at, text }) => [at, text]));
  return pieces.map(({ category, message }, at) => pieceOf(category, { ...bare(message), text: texts.get(at) ?? "" }));
}

/** Without a text, and without what the provider holds of it. */
const bare = (message: Message): Message =>
  message.role === "assistant" ? { role: "assistant", text: "", calls: message.calls } : { ...message, text: "" };
