// How many tokens a request takes: quickly and on the high side, or exactly where a tokenizer is at hand and it matters.

import type { AskRequest } from "./ask.ts";

/** Tokens of a text, by a real tokenizer. */
export type CountTokens = (text: string) => Promise<number>;

type Sized = Pick<AskRequest, "messages" | "tools">;

/** Tokens a request may take, on the high side: two and a half characters each for code, one for scripts that tokenizers split finely. */
export function estimateTokens(request: Sized): number {
  const wide = /[\u0300-\u{10ffff}]/gu;
  const tokens = textsOf(request).reduce((sum, text) => sum + 0.4 * text.length + 0.6 * (text.match(wide)?.length ?? 0), 0);
  return Math.ceil(tokens) + framing(request);
}

/** Tokens a request takes as the tokenizer sees it, with what the wire format adds around each message. */
export async function countRequest(request: Sized, count: CountTokens): Promise<number> {
  return (await count(textsOf(request).join("\n"))) + framing(request);
}

/** Everything of a request that a model reads, in order. */
const textsOf = ({ messages, tools }: Sized): readonly string[] => [
  ...messages.map(
    (message) => message.text + (message.role === "assistant" ? message.calls.map((call) => call.tool + call.args).join("") : ""),
  ),
  ...tools.map((tool) => JSON.stringify(tool)),
];

const framing = ({ messages, tools }: Sized): number => 8 * (messages.length + tools.length) + 16;
