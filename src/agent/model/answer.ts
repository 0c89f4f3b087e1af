// Structured answers, for every provider alike: finds the JSON value in the reply, checks it against the schema, and asks the
// model once more, quoting what was wrong, before it gives up. Providers only have to pass the schema on where they can.
// JSON that does not parse is never "repaired" here: a repaired value can mean something the model did not say.

import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import type { Ask, AskRequest, Layer, Message, Reply, Usage } from "./ask.ts";
import { closingBracket } from "./brackets.ts";
import { answerSchema, withoutNulls } from "./schema.ts";

/** A layer; outermost, so that each of its two asks is retried, priced and counted like any other. */
export const structured: Layer = (next) => async (request, signal) => {
  const wanted = request.answer;
  if (!wanted) return next(request, signal);
  const first = await attempt(next, request, wanted.schema, signal);
  if (first.kind !== "unusable") return first.result;
  const { reply, why } = first;
  const messages: readonly Message[] = [
    ...request.messages,
    { role: "assistant", text: reply.text, calls: [] },
    { role: "user", text: `That answer could not be used: ${why}\n${instruction(wanted.schema)}` },
  ];
  request.onRestart?.();
  const second = await attempt(next, { ...request, messages }, wanted.schema, signal);
  if (second.kind !== "unusable")
    return second.result.ok ? ok({ ...second.result.value, usage: sum(reply.usage, second.result.value.usage) }) : second.result;
  return fail("broken", `${second.reply.model} gave no usable ${wanted.name} twice (${second.why}); try again, or choose another model.`);
};

/** Tells the model, in words, the shape its answer must have. For servers that cannot be told by the API. */
export function instruction(schema: z.ZodType): string {
  return `Answer with one JSON value and nothing else. It must fit this JSON schema: ${JSON.stringify(answerSchema(schema).plain)}`;
}

type Attempt =
  | { readonly kind: "settled"; readonly result: Result<Reply> }
  | { readonly kind: "unusable"; readonly reply: Reply; readonly why: string };

async function attempt(next: Ask, request: AskRequest, schema: z.ZodType, signal: AbortSignal): Promise<Attempt> {
  const result = await next(request, signal);
  if (!result.ok) return { kind: "settled", result };
  const reply = result.value;
  if (reply.finish === "filter") {
    return {
      kind: "settled",
      result: fail(
        "denied",
        `${reply.model} refused to answer${reply.text ? `: ${clip(reply.text)}` : ""}; reword the request, or choose another model.`,
      ),
    };
  }
  // The rules engine answers with the value itself.
  const read = reply.answer === undefined ? readAnswer(reply.text, schema) : check(reply.answer, schema);
  if (read.ok) return { kind: "settled", result: ok({ ...reply, answer: read.value }) };
  const why = reply.finish === "length" ? `it was cut off at the output limit. ${read.fault.message}` : read.fault.message;
  return { kind: "unusable", reply, why };
}

/** The JSON value in a text that may wrap it in fences, thoughts and pleasantries. The first that fits the schema wins. */
export function readAnswer(text: string, schema: z.ZodType): Result<unknown> {
  let firstFault: Result<unknown> | undefined;
  for (const candidate of candidates(text)) {
    const value = parse(candidate);
    if (value === undefined) continue;
    const checked = check(value, schema);
    if (checked.ok) return checked;
    firstFault ??= checked;
  }
  return firstFault ?? fail("invalid", text.trim() === "" ? "it was empty." : "it held no complete JSON value.");
}

function check(value: unknown, schema: z.ZodType): Result<unknown> {
  const asIs = schema.safeParse(value);
  if (asIs.success) return ok(asIs.data);
  const pruned = schema.safeParse(withoutNulls(value, answerSchema(schema).plain));
  return pruned.success ? ok(pruned.data) : fail("invalid", `it does not fit the schema: ${z.prettifyError(pruned.error)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const mostCandidates = 20;

function* candidates(text: string): Generator<string> {
  const spoken = text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/g, "");
  yield spoken.trim();
  for (const [, fenced] of spoken.matchAll(/```[\w-]*\s*\n([\s\S]*?)```/g)) yield (fenced ?? "").trim();
  let tried = 0;
  for (let at = 0; at < spoken.length && tried < mostCandidates; at++) {
    if (spoken[at] !== "{" && spoken[at] !== "[") continue;
    tried++;
    const end = closingBracket(spoken, at);
    if (end === undefined) continue;
    yield spoken.slice(at, end + 1);
    at = end;
  }
}

const clip = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

function sum(a: Usage, b: Usage): Usage {
  const optional = (x: number | undefined, y: number | undefined): number | undefined =>
    x === undefined || y === undefined ? undefined : x + y;
  const { cached, usd } = { cached: optional(a.cached, b.cached), usd: optional(a.usd, b.usd) };
  return { ...a, ...b, input: a.input + b.input, output: a.output + b.output, cached, usd };
}
