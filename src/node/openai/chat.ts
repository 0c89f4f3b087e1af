// The Chat Completions wire format: a request's body, and a reply gathered from its chunks.
// Forgiving in what it reads: compatible servers leave out indexes, ids and types, send whole calls in one chunk, or do not
// stream at all. Strict in one thing: a reply without a finish reason was cut off, and is never taken for an answer.

import type { ChatCompletionCreateParams, ChatCompletionMessageParam } from "openai/resources/chat/completions";
import * as z from "zod";
import type { AskRequest, Message, Reply, ToolCall } from "../../agent/model/ask.ts";
import { instruction } from "../../agent/model/answer.ts";
import { answerSchema } from "../../agent/model/schema.ts";
import { WireFault } from "./faults.ts";
import { capFor, type Features } from "./features.ts";

export function chatBody(request: AskRequest, model: string, features: Features): ChatCompletionCreateParams {
  const { tools, answer } = request;
  const cap = capFor(request.maxOutput, features);
  return {
    model,
    messages: chatMessages(request, features),
    ...(features.stream ? { stream: true, ...(features.usage ? { stream_options: { include_usage: true } } : {}) } : {}),
    ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: "function" as const, function: tool })) } : {}),
    ...(answer && features.schema ? { response_format: { type: "json_schema" as const, json_schema: namedSchema(answer) } } : {}),
    ...(cap === undefined ? {} : { [features.capName]: cap }),
  };
}

/** The schema as both APIs take it. */
export function namedSchema({ name, schema }: NonNullable<AskRequest["answer"]>): {
  name: string;
  schema: Record<string, unknown>;
  strict: boolean;
} {
  const { plain, strict } = answerSchema(schema);
  return { name, schema: strict ?? plain, strict: strict !== undefined };
}

function chatMessages({ messages, answer }: AskRequest, features: Features): ChatCompletionMessageParam[] {
  const wire = messages.map(chatMessage);
  return answer && !features.schema ? [...wire, { role: "user", content: instruction(answer.schema) }] : wire;
}

function chatMessage(message: Message): ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: message.text };
    case "tool":
      return { role: "tool", tool_call_id: message.call, content: message.text };
    case "assistant": {
      const calls = message.calls.map(({ id, tool, args }) => ({
        id,
        type: "function" as const,
        function: { name: tool, arguments: args },
      }));
      // Some servers refuse an empty text beside calls, others a missing one without.
      return calls.length > 0
        ? { role: "assistant", content: message.text || null, tool_calls: calls }
        : { role: "assistant", content: message.text };
    }
  }
}

const Text = z
  .union([
    z.string(),
    z.array(z.object({ text: z.string().optional() })).transform((parts) => parts.map((part) => part.text ?? "").join("")),
  ])
  .nullish();
const Delta = z.object({
  content: Text,
  refusal: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({
        index: z.number().nullish(),
        id: z.string().nullish(),
        function: z.object({ name: z.string().nullish(), arguments: z.unknown().optional() }).nullish(),
      }),
    )
    .nullish(),
});
const Choice = z.object({ delta: Delta.nullish(), message: Delta.nullish(), finish_reason: z.string().nullish() });
const Chunk = z.object({
  model: z.string().nullish(),
  choices: z.array(Choice).nullish(),
  usage: z
    .object({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});

interface OpenCall {
  readonly index: number | undefined;
  id: string;
  tool: string;
  args: string;
}

/** Gathers one reply. Feed it every chunk, or the one object of a server that does not stream; then ask for the reply. */
export class ChatReader {
  readonly #request: AskRequest;
  readonly #calls: OpenCall[] = [];
  #text = "";
  #refusal = "";
  #finish: string | undefined;
  #model: string;
  #usage: Reply["usage"] = { input: 0, output: 0 };
  #heard = false;

  constructor(request: AskRequest, model: string) {
    this.#request = request;
    this.#model = model;
  }

  read(raw: unknown): void {
    const parsed = Chunk.safeParse(raw);
    if (!parsed.success) throw new WireFault("sent an answer that is not in the format of Chat Completions");
    const { model, choices, usage } = parsed.data;
    if (model) this.#model = model;
    if (usage) {
      const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = usage;
      this.#usage = {
        input: input ?? 0,
        output: output ?? 0,
        ...(typeof details?.cached_tokens === "number" ? { cached: details.cached_tokens } : {}),
      };
    }
    const choice = choices?.[0];
    if (!choice) return;
    this.#heard = true;
    if (choice.finish_reason) this.#finish = choice.finish_reason;
    const delta = choice.delta ?? choice.message;
    if (!delta) return;
    if (delta.content) {
      this.#text += delta.content;
      this.#request.onText?.(delta.content);
    }
    if (delta.refusal) this.#refusal += delta.refusal;
    for (const { index, id, function: named } of delta.tool_calls ?? []) {
      const call = this.#callFor(index ?? undefined, id ?? "", named?.name ?? "");
      const args = named?.arguments ?? "";
      call.args += typeof args === "string" ? args : JSON.stringify(args);
    }
  }

  /** The whole reply. Throws a WireFault where the answer was empty or cut off. */
  reply(): Reply {
    if (!this.#heard) throw new WireFault("answered without a choice");
    if (this.#finish === undefined) throw new WireFault("broke off in the middle of its answer");
    const refused = this.#refusal !== "" || this.#finish === "content_filter";
    const calls = refused ? [] : this.#calls.map((call, index) => this.#closed(call, index));
    return {
      text: this.#text || this.#refusal,
      calls,
      usage: this.#usage,
      model: this.#model,
      finish: refused ? "filter" : this.#finish === "length" ? "length" : calls.length > 0 ? "calls" : "stop",
    };
  }

  /** A new call begins with a new index, or with a new id or a second name where a server numbers badly or not at all. */
  #callFor(index: number | undefined, id: string, name: string): OpenCall {
    const known = index === undefined ? this.#calls.at(-1) : this.#calls.findLast((call) => call.index === index);
    const another =
      known === undefined ||
      (id !== "" && known.id !== "" && id !== known.id) ||
      (id === "" && index === undefined && name !== "" && known.tool !== "");
    if (!another) {
      known.id ||= id;
      known.tool ||= name;
      return known;
    }
    const call = { index, id, tool: name, args: "" };
    this.#calls.push(call);
    return call;
  }

  #closed({ id, tool, args }: OpenCall, index: number): ToolCall {
    const turn = this.#request.messages.filter((message) => message.role === "assistant").length;
    return { id: id || `call_${turn}_${index}`, tool, args: args.trim() === "" ? "{}" : args };
  }
}
