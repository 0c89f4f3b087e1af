// Tries a model with one small request and says exactly what came of it: whether it answers, how it calls tools, how much it takes and what
// it costs; or which of all the things that can be wrong is wrong, and what to do about it.

import type { Ask, AskRequest } from "../agent/model/ask.ts";
import type { Capability } from "../agent/model/capability.ts";
import type { Fault } from "../agent/result.ts";
import type { ModelChoice } from "./choose-model.ts";
import type { Environment } from "./config.ts";
import { modelFacts } from "./model-facts.ts";
import type { Connection } from "./openai/connection.ts";
import { listModels } from "./openai/models.ts";
import { openai } from "./openai/openai.ts";

export type Diagnosis =
  | {
      readonly ok: true;
      readonly ms: number;
      /** The model's own name for itself. */
      readonly answeredBy: string;
      /** How it called the tool it was asked to call; undefined where it did not. */
      readonly tools: "native" | "words" | undefined;
      readonly capability: Capability;
      /** What a person should know although it works. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

const tool = {
  name: "report_ready",
  description: "Says that you are ready.",
  parameters: { type: "object", properties: { ready: { type: "boolean" } }, required: ["ready"], additionalProperties: false },
};

const request: AskRequest = {
  purpose: "act",
  messages: [
    { role: "system", text: "You test a connection. Call tools as you are asked to." },
    { role: "user", text: "Call the tool report_ready with ready set to true." },
  ],
  tools: [tool],
  subject: { run: "test", goal: "test" },
};

export interface DiagnoseParts {
  readonly env: Environment;
  readonly now: () => number;
}

/** Rejects only when cancelled. */
export async function diagnose(
  choice: Exclude<ModelChoice, { kind: "rules" }>,
  { env, now }: DiagnoseParts,
  signal: AbortSignal,
): Promise<Diagnosis> {
  let api = true;
  const ask: Ask =
    choice.kind === "host" ? choice.ask : openai(choice.connection, choice.capability.tools, (features) => (api = features.tools));
  const started = now();
  const result = await ask(request, signal);
  const ms = now() - started;
  if (!result.ok)
    return {
      ok: false,
      message: choice.kind === "host" ? result.fault.message : await exactly(result.fault, choice.connection, env, signal),
    };
  const capability =
    choice.kind === "host" ? choice.capability : (await modelFacts(choice.connection, choice.capability, signal)).capability;
  const called = result.value.calls.some((call) => call.tool === tool.name);
  const tools = called ? (api && choice.capability.tools !== "words" ? "native" : "words") : undefined;
  return { ok: true, ms, answeredBy: result.value.model, tools, capability, notes: notesOn(capability, tools) };
}

/** A step, its tools and a few files fit from here on. */
const usableContext = 16_000;

function notesOn({ context, price }: Capability, tools: "native" | "words" | undefined): readonly string[] {
  return [
    ...(tools === undefined
      ? ["It answered in words although it was asked to call a tool; expect it to plan and explain better than to act."]
      : tools === "words"
        ? ["It has no tool calls of its own, so tools are told to it in words."]
        : []),
    ...(context !== undefined && context < usableContext
      ? [`Its context of ${context} tokens is small for this work; give it more (for Ollama: OLLAMA_CONTEXT_LENGTH).`]
      : []),
    ...(context === undefined ? ["Its context is not known; set it under capabilities of its provider."] : []),
    ...(price === undefined ? ["Its price is not known, so what it costs is not counted and money limits do not hold it."] : []),
  ];
}

/** The fault in the words that fit this server: what a 404 means depends on what else is there. */
async function exactly(fault: Fault, connection: Connection, env: Environment, signal: AbortSignal): Promise<string> {
  const { baseURL, headers, key, model } = connection;
  if (fault.kind === "missing") {
    const list = await listModels(baseURL, { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers }, signal);
    if (!list.ok)
      return `Nothing of the API is at ${baseURL}: neither the model ${model} nor a list of models; correct the base URL (most end in /v1).`;
    return list.value.includes(model)
      ? `${fault.message} It lists that model, so it may only not serve it over this API; set "api" to the other one.`
      : `There is no model ${model} at ${baseURL}; it has ${named(list.value)}.`;
  }
  const proxy = proxyOf(baseURL, env);
  return proxy !== undefined && fault.kind === "unavailable" && /Nothing answers|not known|could not be looked up|broke/.test(fault.message)
    ? `${fault.message} A proxy is set (${proxy}), which Node follows only with NODE_USE_ENV_PROXY=1 (Node 24 and later).`
    : fault.message;
}

const named = (models: readonly string[]): string =>
  models.length === 0 ? "none" : `${models.slice(0, 8).join(", ")}${models.length > 8 ? ` and ${models.length - 8} more` : ""}`;

/** The proxy variable that is meant for this address, where Node is not told to follow it. */
function proxyOf(baseURL: string, env: Environment): string | undefined {
  if (env["NODE_USE_ENV_PROXY"]) return undefined;
  const names = baseURL.startsWith("https:") ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  return names.find((name) => env[name]);
}
