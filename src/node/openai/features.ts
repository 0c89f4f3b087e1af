// What a server turned out not to understand. Compatible servers differ in details nobody can know beforehand; each starts with
// everything, and a rejection that names a detail switches just that one off, once, for as long as the process lives.

import type { Capability } from "../../agent/model/capability.ts";
import type { Connection } from "./connection.ts";
import type { Refusal } from "./refusal.ts";

export interface Features {
  readonly api: "responses" | "chat";
  readonly stream: boolean;
  /** Tools can be called by the API; else in words. */
  readonly tools: boolean;
  /** Answers can be held to a JSON schema by the server. */
  readonly schema: boolean;
  /** Token counts at the end of a stream, where they have to be asked for. */
  readonly usage: boolean;
  /** Reasoning can be returned sealed, and sent back. */
  readonly reasoning: boolean;
  /** The name of the field that caps a reply's tokens in Chat Completions. */
  readonly capName: "max_completion_tokens" | "max_tokens";
  /** The highest cap it takes; 0 where it takes none. */
  readonly highestCap: number;
  /** Responses need not be kept by the provider. */
  readonly store: boolean;
}

export const isOpenAI = (baseURL: string): boolean => new URL(baseURL).hostname.endsWith(".openai.com");

export function initialFeatures(
  { baseURL, api, stream, model }: Pick<Connection, "baseURL" | "api" | "stream" | "model">,
  tools: Capability["tools"] = "native",
): Features {
  const own = isOpenAI(baseURL);
  return {
    api: api === "auto" ? (own ? "responses" : "chat") : api,
    stream,
    tools: tools === "native",
    schema: true,
    usage: true,
    // OpenAI rejects the question for models that do not reason; not asking them saves the round trip.
    reasoning: !own || !/^(gpt-3|gpt-4|chatgpt)/.test(model),
    capName: own ? "max_completion_tokens" : "max_tokens",
    highestCap: Number.POSITIVE_INFINITY,
    store: true,
  };
}

/** The features without what this refusal complains about; undefined where it complains of something else. */
export function withoutRefused(
  features: Features,
  refusal: Refusal,
  { api, model }: Pick<Connection, "api" | "model">,
): Features | undefined {
  const { status, said, code } = refusal;
  const words = `${code} ${said}`;
  if (status === 404 || status === 405) {
    const path = !words.includes(model) && !/model/i.test(words);
    return api === "auto" && path && features.api === "chat" ? { ...features, api: "responses" } : undefined;
  }
  if (status === undefined || ![400, 413, 415, 422, 500, 501].includes(status)) return undefined;
  for (const [mentions, lesson] of lessons) {
    const better = mentions.test(words) ? lesson(features, words) : undefined;
    if (better) return better;
  }
  return undefined;
}

/** The cap as this server takes it; undefined where none is to be sent. */
export function capFor(maxOutput: number | undefined, { highestCap }: Features): number | undefined {
  return maxOutput === undefined || highestCap === 0 ? undefined : Math.min(maxOutput, highestCap);
}

/** Gives the features without what the words complain about, or undefined where that is off already. */
type Lesson = (now: Features, words: string) => Features | undefined;
const without =
  (feature: "reasoning" | "usage" | "schema" | "store" | "stream" | "tools"): Lesson =>
  (now) =>
    now[feature] ? { ...now, [feature]: false } : undefined;

const lowerCap: Lesson = (now, words) => {
  const most = Number(/at most (\d+)/i.exec(words)?.[1] ?? 0);
  return most < now.highestCap ? { ...now, highestCap: most } : undefined;
};

const lessons: readonly (readonly [RegExp, Lesson])[] = [
  [/encrypted|\binclude\b/i, without("reasoning")],
  [/stream_options|include_usage/i, without("usage")],
  [/response_format|json_schema|json schema|text\.format|structured output/i, without("schema")],
  // The room that a cap asks for counts as part of the request where the context is small.
  [/max_(completion_|output_)?tokens.*(too large|at most|exceed|less than)|(maximum context|context (length|window|size))/i, lowerCap],
  [/max_completion_tokens/i, (now) => (now.capName === "max_completion_tokens" ? { ...now, capName: "max_tokens" } : undefined)],
  [/max_tokens/i, (now) => (now.capName === "max_tokens" ? { ...now, capName: "max_completion_tokens" } : undefined)],
  [/max_output_tokens/i, lowerCap],
  [
    /\btools?\b.*\b(not? support|not? allowed|unsupported|requires?)|(not? support|unsupported|unknown|unrecognized)\w*\W.*\btool(s|_choice)?\b/i,
    without("tools"),
  ],
  [/\bstore\b/i, without("store")],
  [/\bstream(ing)?\b.*not (supported|available)|not support.*\bstream/i, without("stream")],
];
