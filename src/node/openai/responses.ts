// The Responses wire format: a request's body, and a reply gathered from its events.
// Nothing is kept by the provider (store: false); reasoning comes back sealed, rides in `Reply.native`, and is sent back unchanged
// with the message it belongs to, to the model that made it, as long as that message still has the very same calls.

import type { ResponseCreateParams, ResponseInputItem } from "openai/resources/responses/responses";
import * as z from "zod";
import { instruction } from "../../agent/model/answer.ts";
import type { AskRequest, Message, Reply } from "../../agent/model/ask.ts";
import { namedSchema } from "./chat.ts";
import { WireFault } from "./faults.ts";
import { capFor, type Features } from "./features.ts";
import { Refused, refusalInStream } from "./refusal.ts";

/** Who made native items; nobody else can read them. */
export interface Maker {
  readonly provider: string;
  readonly model: string;
}

export function responsesBody(request: AskRequest, maker: Maker, features: Features): ResponseCreateParams {
  const { messages, tools, answer } = request;
  const cap = capFor(request.maxOutput, features);
  const input = messages.flatMap((message) => inputItems(message, maker, features));
  return {
    model: maker.model,
    input: answer && !features.schema ? [...input, { role: "user", content: instruction(answer.schema) }] : input,
    ...(features.stream ? { stream: true } : {}),
    ...(features.store ? { store: false } : {}),
    ...(features.reasoning ? { include: ["reasoning.encrypted_content"] } : {}),
    ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: "function" as const, ...tool, strict: false })) } : {}),
    ...(answer && features.schema ? { text: { format: { type: "json_schema" as const, ...namedSchema(answer) } } } : {}),
    ...(cap === undefined ? {} : { max_output_tokens: cap }),
  };
}

function inputItems(message: Message, maker: Maker, features: Features): ResponseInputItem[] {
  switch (message.role) {
    case "system":
    case "user":
      return [{ role: message.role, content: message.text }];
    case "tool":
      return [{ type: "function_call_output", call_id: message.call, output: message.text }];
    case "assistant": {
      const native = features.reasoning ? nativeItems(message, maker) : undefined;
      if (native) return native;
      const said: ResponseInputItem[] = message.text === "" ? [] : [{ role: "assistant", content: message.text }];
      return [
        ...said,
        ...message.calls.map(({ id, tool, args }) => ({ type: "function_call" as const, call_id: id, name: tool, arguments: args })),
      ];
    }
  }
}

const Native = z.object({
  api: z.literal("responses"),
  provider: z.string(),
  model: z.string(),
  items: z.array(z.looseObject({ type: z.string() })),
});

function nativeItems(message: Extract<Message, { role: "assistant" }>, maker: Maker): ResponseInputItem[] | undefined {
  const native = Native.safeParse(message.native);
  if (!native.success || native.data.provider !== maker.provider || native.data.model !== maker.model) return undefined;
  const made = native.data.items
    .filter((item) => item.type === "function_call")
    .map((item) => [item["call_id"], item["arguments"]].join(" "));
  const kept = message.calls.map((call) => `${call.id} ${call.args}`);
  // Items are the provider's own words, only carried here.
  return made.join("\n") === kept.join("\n") ? (native.data.items as unknown as ResponseInputItem[]) : undefined;
}

const Part = z.looseObject({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() });
const Item = z.looseObject({
  type: z.string(),
  content: z.array(Part).nullish(),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().nullish(),
  encrypted_content: z.string().nullish(),
});
type Item = z.infer<typeof Item>;
const Response = z.object({
  model: z.string().nullish(),
  status: z.string().nullish(),
  error: z.unknown().optional(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  output: z.array(Item).nullish(),
  usage: z
    .object({
      input_tokens: z.number().nullish(),
      output_tokens: z.number().nullish(),
      input_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});
const StreamEvent = z.looseObject({
  type: z.string(),
  delta: z.unknown().optional(),
  item: z.unknown().optional(),
  response: z.unknown().optional(),
});

/** Gathers one reply. Feed it every event, or the one object of a server that does not stream; then ask for the reply. */
export class ResponsesReader {
  readonly #request: AskRequest;
  readonly #maker: Maker;
  #text = "";
  #items: Item[] = [];
  #end: z.infer<typeof Response> | undefined;

  constructor(request: AskRequest, maker: Maker) {
    this.#request = request;
    this.#maker = maker;
  }

  /** One event of a stream. */
  read(raw: unknown): void {
    const event = parse(StreamEvent, raw);
    switch (event.type) {
      case "response.output_text.delta":
        if (typeof event.delta !== "string") return;
        this.#text += event.delta;
        this.#request.onText?.(event.delta);
        return;
      case "response.output_item.done":
        this.#items.push(parse(Item, event.item));
        return;
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        this.#end = parse(Response, event.response);
        return;
      case "error":
        throw new Refused(refusalInStream(raw));
    }
  }

  /** The object of a server that does not stream. */
  readWhole(raw: unknown): void {
    this.#end = parse(Response, raw);
    const text = textOf(this.#end.output ?? []);
    if (text !== "") this.#request.onText?.(text);
  }

  /** The whole reply. Throws a WireFault where the answer was empty or cut off, Refused where the server gave up on it. */
  reply(): Reply {
    const end = this.#end;
    if (!end)
      throw new WireFault(
        this.#text === "" && this.#items.length === 0 ? "answered without a response" : "broke off in the middle of its answer",
      );
    if (end.error || end.status === "failed" || end.status === "cancelled") throw new Refused(refusalInStream(end.error));
    const items = end.output && end.output.length > 0 ? end.output : this.#items;
    if (items.length === 0 && this.#text === "" && end.status !== "incomplete") throw new WireFault("answered without any output");
    const refusal = items
      .flatMap((item) => item.content ?? [])
      .map((part) => part.refusal ?? "")
      .join("");
    const reason = end.incomplete_details?.reason;
    const refused = refusal !== "" || reason === "content_filter";
    const calls = items
      .filter((item) => item.type === "function_call")
      .map((item) => ({ id: item.call_id ?? "", tool: item.name ?? "", args: item.arguments?.trim() ? item.arguments : "{}" }));
    const { input_tokens: input, output_tokens: output, input_tokens_details: details } = end.usage ?? {};
    const native = this.#native(items);
    return {
      text: textOf(items) || this.#text || refusal,
      calls: refused ? [] : calls,
      usage: {
        input: input ?? 0,
        output: output ?? 0,
        ...(typeof details?.cached_tokens === "number" ? { cached: details.cached_tokens } : {}),
      },
      model: end.model ?? this.#maker.model,
      finish: refused ? "filter" : reason === "max_output_tokens" ? "length" : calls.length > 0 ? "calls" : "stop",
      ...(native && !refused ? { native } : {}),
    };
  }

  /** Only sealed reasoning is worth keeping; text and calls are in the reply anyway. Ids of things nobody stored are left out. */
  #native(items: readonly Item[]): unknown {
    if (!items.some((item) => item.type === "reasoning" && item.encrypted_content)) return undefined;
    const kept = items.flatMap(({ status: _status, ...item }) => {
      if (item.type === "reasoning") return item.encrypted_content ? [item] : [];
      const { id: _id, ...rest } = item;
      return [rest];
    });
    return { api: "responses", ...this.#maker, items: kept };
  }
}

const textOf = (items: readonly Item[]): string =>
  items
    .flatMap((item) => (item.type === "message" ? (item.content ?? []) : []))
    .map((part) => part.text ?? "")
    .join("");

function parse<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw new WireFault("sent an answer that is not in the format of the Responses API");
  return parsed.data;
}
