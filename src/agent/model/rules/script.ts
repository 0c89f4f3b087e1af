// Work that spans many turns, written as one function although no state survives between them: each request replays the function over
// the conversation, feeding it the results that are already there, until it wants a call that has no result yet. So an answer depends on
// the messages alone, and a run that was killed goes on where it was. A script must be deterministic.

import type * as z from "zod";
import type { Message, ToolCall } from "../ask.ts";

/** Calls wanted at once, and what to tell the person about them. */
export interface Wish {
  readonly say: string;
  readonly calls: readonly WantedCall[];
}

export interface WantedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly ok: boolean;
  readonly text: string;
  readonly data: unknown;
}

/** Yields wishes, gets their answers in the same order, and returns its last word. */
export type Script<T> = AsyncGenerator<Wish, T, readonly Answer[]>;

export type Progress<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly say: string; readonly calls: readonly ToolCall[] };

/** Runs the script as far as the conversation has answers. A call is known by its tool and arguments, and by how often it was made before. */
export async function replay<T>(script: Script<T>, messages: readonly Message[]): Promise<Progress<T>> {
  const results = collectResults(messages);
  const used = new Map<string, number>();
  let next = await script.next();
  while (!next.done) {
    const { say, calls } = next.value;
    const keyed = calls.map((call) => ({ call, answer: take(results, used, keyOf(call.tool, JSON.stringify(call.args))) }));
    const missing = keyed.filter(({ answer }) => answer === undefined).map(({ call }) => call);
    if (missing.length > 0) {
      const made = messages.reduce((sum, message) => sum + (message.role === "assistant" ? message.calls.length : 0), 0);
      return {
        done: false,
        say,
        calls: missing.map(({ tool, args }, i) => ({ id: `rules-${made + i + 1}`, tool, args: JSON.stringify(args) })),
      };
    }
    next = await script.next(keyed.flatMap(({ answer }) => (answer ? [answer] : [])));
  }
  return { done: true, value: next.value };
}

/** One call alone. */
export async function* ask(say: string, tool: string, args: WantedCall["args"]): Script<Answer> {
  const [answer] = yield { say, calls: [{ tool, args }] };
  return answer ?? { ok: false, text: "", data: undefined };
}

const keyOf = (tool: string, args: string): string => `${tool} ${args}`;

function take(results: ReadonlyMap<string, readonly Answer[]>, used: Map<string, number>, key: string): Answer | undefined {
  const nth = used.get(key) ?? 0;
  const answer = results.get(key)?.[nth];
  if (answer) used.set(key, nth + 1);
  return answer;
}

function collectResults(messages: readonly Message[]): ReadonlyMap<string, readonly Answer[]> {
  const keys = new Map<string, string>();
  const results = new Map<string, Answer[]>();
  for (const message of messages) {
    if (message.role === "assistant") for (const call of message.calls) keys.set(call.id, keyOf(call.tool, call.args));
    if (message.role !== "tool") continue;
    const key = keys.get(message.call);
    if (key !== undefined) results.set(key, [...(results.get(key) ?? []), { ok: message.ok, text: message.text, data: message.data }]);
  }
  return results;
}

/** The part of an answer's data that fits, or undefined. */
export function dataOf<T>(answer: Answer, schema: z.ZodType<T>): T | undefined {
  const parsed = schema.safeParse(answer.data);
  return parsed.success ? parsed.data : undefined;
}
