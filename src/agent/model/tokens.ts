// How many tokens a request takes: quickly and on the high side, or exactly where a tokenizer is at hand and it matters. The quick
// measure is the only one there is: budgets, routes, the next prompt and the meter that shows it all count with it.

import type { AskRequest, Message, ToolSpec } from "./ask.ts";

/** Tokens of a text, by a real tokenizer. */
export type CountTokens = (text: string) => Promise<number>;

type Sized = Pick<AskRequest, "messages" | "tools">;

/** What the wire format adds around each message and tool, and around all of it. */
export const messageFrame = 8;
export const framing = 16;

/** Tokens a text may take, on the high side: two and a half characters each for code, one for scripts that tokenizers split finely. */
export const tokensOf = (text: string): number => Math.ceil(tenthsOf(text) / 10);

/** The same in tenths, which add up without rounding. */
export function tenthsOf(text: string): number {
  let wide = 0;
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x300) continue;
    wide++;
    if (isPair(text, at)) at++;
  }
  return 4 * text.length + 6 * wide;
}

/** Whether two units at this place are one character. */
export const isPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/** Tokens a message may take, on the high side. */
export const messageTokens = (message: Message): number => messageFrame + tokensOf(wordsOf(message));

/** Tokens that telling of a tool may take, on the high side. */
export const toolTokens = (tool: ToolSpec): number => messageFrame + tokensOf(JSON.stringify(tool));

/** Tokens a request may take, on the high side. */
export const estimateTokens = ({ messages, tools }: Sized): number =>
  framing + messages.reduce((sum, message) => sum + messageTokens(message), 0) + tools.reduce((sum, tool) => sum + toolTokens(tool), 0);

/** Tokens a request takes as the tokenizer sees it, with what the wire format adds. */
export async function countRequest({ messages, tools }: Sized, count: CountTokens): Promise<number> {
  const texts = [...messages.map(wordsOf), ...tools.map((tool) => JSON.stringify(tool))];
  return (await count(texts.join("\n"))) + messageFrame * (messages.length + tools.length) + framing;
}

/** Everything of a message that a model reads. A provider's own items hold the words and calls once more, and sealed reasoning. */
function wordsOf(message: Message): string {
  if (message.role !== "assistant") return message.text;
  const words = message.text + message.calls.map((call) => call.tool + call.args).join("");
  const native = message.native === undefined ? "" : JSON.stringify(message.native);
  return native.length > words.length ? native : words;
}
