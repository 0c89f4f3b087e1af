// Puts a script's line into the two OpenAI wire formats, as a server would: as one object, or as the events of a stream,
// with tool calls' arguments split over many events and parallel calls interleaved. Also reads requests of both formats.

import { type Cue, callsOf, finishOf, type Line, piecesOf, usageOf } from "./script.ts";

export type Api = "chat" | "responses";
export type Json = { readonly [key: string]: unknown };

/** The line as one response object. */
export function wholeOf(api: Api, line: Line, cue: Cue): Json {
  return api === "chat" ? chatWhole(line, cue) : responseObject(line, cue, "completed");
}

/** The line as events, in order; each becomes one server-sent event. */
export function eventsOf(api: Api, line: Line, cue: Cue): readonly Json[] {
  return api === "chat" ? chatChunks(line, cue) : responseEvents(line, cue);
}

const created = 1_750_000_000;
const argumentPieces = (args: string): readonly string[] => args.match(/[\s\S]{1,5}/gu) ?? [];
const chatFinish = { stop: "stop", calls: "tool_calls", length: "length", filter: "content_filter" } as const;

function chatUsage(line: Line, cue: Cue): Json {
  const { input, output, cached } = usageOf(line, cue);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  };
}

function chatWhole(line: Line, cue: Cue): Json {
  const calls = callsOf(line, cue.turn).map(({ id, tool, args }) => ({ id, type: "function", function: { name: tool, arguments: args } }));
  const message = {
    role: "assistant",
    content: piecesOf(line).join("") || null,
    refusal: line.refusal ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: chatFinish[finishOf(line)] };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created,
    model: line.model ?? "scripted",
    choices: [choice],
    usage: chatUsage(line, cue),
  };
}

function chatChunks(line: Line, cue: Cue): readonly Json[] {
  const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created, model: line.model ?? "scripted" };
  const chunk = (delta: Json, finish: string | null = null): Json => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason: finish }],
    usage: null,
  });
  const calls = callsOf(line, cue.turn);
  const opened = calls.map(({ id, tool }, index) =>
    chunk({ tool_calls: [{ index, id, type: "function", function: { name: tool, arguments: "" } }] }),
  );
  const parts = calls.map(({ args }, index) =>
    argumentPieces(args).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  );
  return [
    chunk({ role: "assistant", content: "" }),
    ...piecesOf(line).map((content) => chunk({ content })),
    ...(line.refusal === undefined ? [] : [chunk({ refusal: line.refusal })]),
    ...opened,
    ...interleave(parts),
    chunk({}, chatFinish[finishOf(line)]),
    { ...base, choices: [], usage: chatUsage(line, cue) },
  ];
}

function outputItems(line: Line, cue: Cue): readonly Json[] {
  const text = piecesOf(line).join("");
  const content = [
    ...(text === "" ? [] : [{ type: "output_text", text, annotations: [], logprobs: [] }]),
    ...(line.refusal === undefined ? [] : [{ type: "refusal", refusal: line.refusal }]),
  ];
  const calls = callsOf(line, cue.turn);
  const bare = content.length === 0 && calls.length > 0;
  return [
    ...(line.reasoning === undefined ? [] : [{ type: "reasoning", id: `rs_${cue.turn}`, summary: [], encrypted_content: line.reasoning }]),
    ...(bare ? [] : [{ type: "message", id: `msg_${cue.turn}`, role: "assistant", status: "completed", content }]),
    ...calls.map(({ id, tool, args }) => ({
      type: "function_call",
      id: `fc_${id}`,
      call_id: id,
      name: tool,
      arguments: args,
      status: "completed",
    })),
  ];
}

function responseObject(line: Line, cue: Cue, status: string, output = outputItems(line, cue)): Json {
  const { input, output: written, cached = 0 } = usageOf(line, cue);
  const finish = finishOf(line);
  const reason =
    finish === "length" ? "max_output_tokens" : finish === "filter" && line.refusal === undefined ? "content_filter" : undefined;
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + written,
  };
  return {
    id: "resp_1",
    object: "response",
    created_at: created,
    model: line.model ?? "scripted",
    status: reason ? "incomplete" : status,
    error: null,
    incomplete_details: reason ? { reason } : null,
    output,
    usage: status === "in_progress" ? null : usage,
  };
}

function responseEvents(line: Line, cue: Cue): readonly Json[] {
  const begun = responseObject({ ...line, finish: "stop" }, cue, "in_progress", []);
  const whole = responseObject(line, cue, "completed");
  const items = outputItems(line, cue);
  const ofItem = (item: Json, output_index: number): readonly Json[] => {
    const at = { output_index, item_id: item["id"] };
    const added = { type: "response.output_item.added", output_index, item: { ...item, status: "in_progress" } };
    const done = { type: "response.output_item.done", output_index, item };
    const text = piecesOf(line).map((delta) => ({ type: "response.output_text.delta", ...at, content_index: 0, delta, logprobs: [] }));
    const refused = line.refusal === undefined ? [] : [{ type: "response.refusal.delta", ...at, content_index: 0, delta: line.refusal }];
    const args = argumentPieces(String(item["arguments"])).map((delta) => ({
      type: "response.function_call_arguments.delta",
      ...at,
      delta,
    }));
    return [added, ...(item["type"] === "message" ? [...text, ...refused] : item["type"] === "function_call" ? args : []), done];
  };
  const body = interleave(items.map(ofItem));
  const last = { type: whole["status"] === "incomplete" ? "response.incomplete" : "response.completed", response: whole };
  return [{ type: "response.created", response: begun }, { type: "response.in_progress", response: begun }, ...body, last].map(
    (event, sequence_number) => ({ ...event, sequence_number }),
  );
}

/** One of each in turn, as parallel calls may arrive. */
function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

interface WireBody {
  readonly messages?: readonly Json[];
  readonly input?: string | readonly Json[];
  readonly tools?: readonly { readonly name?: string; readonly function?: { readonly name: string } }[];
  readonly response_format?: { readonly json_schema?: { readonly name: string } };
  readonly text?: { readonly format?: { readonly name?: string } };
}

/** What a request of either format is about. */
export function cueOfBody(api: Api, raw: Json): Cue {
  const body = raw as WireBody;
  const items =
    api === "chat" ? (body.messages ?? []) : typeof body.input === "string" ? [{ role: "user", content: body.input }] : (body.input ?? []);
  const texts = items.map(textOfItem);
  // In the Responses API one turn may be several items: reasoning, text, calls.
  const spoken = items.map((item) => item["role"] === "assistant" || item["type"] === "function_call" || item["type"] === "reasoning");
  return {
    turn: spoken.filter((is, at) => is && !(api === "responses" && spoken[at - 1])).length,
    text: texts.join("\n"),
    last: texts.at(-1) ?? "",
    tools: (body.tools ?? []).map((tool) => tool.function?.name ?? tool.name ?? ""),
    answer: body.response_format?.json_schema?.name ?? body.text?.format?.name,
  };
}

function textOfItem(item: Json): string {
  const { content, output, tool_calls: calls } = item;
  const parts = Array.isArray(content)
    ? (content as readonly { readonly text?: string }[]).map((part) => part.text ?? "").join("")
    : content;
  const called = Array.isArray(calls)
    ? (calls as readonly { readonly function: Json }[]).map((call) => [call.function["name"], call.function["arguments"]].join(" "))
    : [];
  const own = item["type"] === "function_call" ? [[item["name"], item["arguments"]].join(" ")] : [];
  return [...[parts, output].filter((one) => typeof one === "string" && one !== ""), ...called, ...own].join("\n");
}
