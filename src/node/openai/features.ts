// What a server turned out not to understand. Compatible servers differ in details nobody can know beforehand; each starts with
// everything, and a rejection that names a detail switches just that one off, once, for as long as the process lives.

import type { Connection } from "./connection.ts";
import type { Refusal } from "./refusal.ts";

export interface Features {
  readonly api: "responses" | "chat";
  readonly stream: boolean;
  /** Answers can be held to a JSON schema by the server. */
  readonly schema: boolean;
  /** Token counts at the end of a stream, where they have to be asked for. */
  readonly usage: boolean;
  /** Reasoning can be returned sealed, and sent back. */
  readonly reasoning: boolean;
  /** The name of the field that caps a reply's tokens in Chat Completions. */
  readonly outputCap: "max_completion_tokens" | "max_tokens";
  /** Responses need not be kept by the provider. */
  readonly store: boolean;
}

export const isOpenAI = (baseURL: string): boolean => new URL(baseURL).hostname.endsWith(".openai.com");

export function initialFeatures({ baseURL, api, stream, model }: Pick<Connection, "baseURL" | "api" | "stream" | "model">): Features {
  const own = isOpenAI(baseURL);
  return {
    api: api === "auto" ? (own ? "responses" : "chat") : api,
    stream,
    schema: true,
    usage: true,
    // OpenAI rejects the question for models that do not reason; not asking them saves the round trip.
    reasoning: !own || !/^(gpt-3|gpt-4|chatgpt)/.test(model),
    outputCap: own ? "max_completion_tokens" : "max_tokens",
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
  if (status === undefined || ![400, 415, 422, 500, 501].includes(status)) return undefined;
  const [, better] = lessons.find(([mentions, lesson]) => mentions.test(words) && lesson(features) !== undefined) ?? [];
  return better?.(features);
}

type Lesson = (features: Features) => Features | undefined;
const lessons: readonly (readonly [RegExp, Lesson])[] = [
  [/encrypted|\binclude\b/i, (now) => (now.reasoning ? { ...now, reasoning: false } : undefined)],
  [/stream_options|include_usage/i, (now) => (now.usage ? { ...now, usage: false } : undefined)],
  [
    /response_format|json_schema|json schema|text\.format|structured output/i,
    (now) => (now.schema ? { ...now, schema: false } : undefined),
  ],
  [/max_completion_tokens/i, (now) => (now.outputCap === "max_completion_tokens" ? { ...now, outputCap: "max_tokens" } : undefined)],
  [/max_tokens/i, (now) => (now.outputCap === "max_tokens" ? { ...now, outputCap: "max_completion_tokens" } : undefined)],
  [/\bstore\b/i, (now) => (now.store ? { ...now, store: false } : undefined)],
  [/\bstream(ing)?\b.*not (supported|available)|not support.*\bstream/i, (now) => (now.stream ? { ...now, stream: false } : undefined)],
];
