// What a model can take and do, as far as anyone knows, and whether a request fits it. What is not known is not held against it:
// the server will say, and the next in the chain is asked.

import type { AskRequest } from "./ask.ts";

export interface Capability {
  /** Tokens that request and reply may take together. */
  readonly context?: number | undefined;
  /** How it calls tools: by the API, in words (react.ts), or not at all. */
  readonly tools?: "native" | "words" | "none" | undefined;
  readonly vision?: boolean | undefined;
  /** US dollars per million tokens. */
  readonly price?: { readonly input: number; readonly output: number } | undefined;
}

/** What one request takes. */
export interface Needs {
  /** Tokens of the request. */
  readonly input: number;
  /** Tokens its reply should have room for. */
  readonly output: number;
  readonly tools: boolean;
}

/** A reply with less room than this is likely to be cut off. */
const usualReply = 4000;

export const needsOf = (request: AskRequest, input: number): Needs => ({
  input,
  output: request.maxOutput ?? usualReply,
  tools: request.tools.length > 0,
});

/** Why a model of this capability cannot serve, to follow its name: "has room for 4096 tokens, and this takes 9000"; undefined where it can. */
export function lacking({ context, tools }: Capability, needs: Needs): string | undefined {
  if (needs.tools && tools === "none") return "cannot call tools";
  const least = needs.input + Math.min(needs.output, 1000);
  if (context !== undefined && least > context) return `has room for ${context} tokens, and this takes ${least}`;
  return undefined;
}

/** US dollars that a request and a usual reply cost; undefined where the price is unknown. */
export const costOf = ({ price }: Capability, { input, output }: Needs): number | undefined =>
  price && (input * price.input + output * price.output) / 1e6;
