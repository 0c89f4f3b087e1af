// What is known of a model before it is asked: its context, whether it calls tools and sees images, its price. A person's word goes first,
// then what a local server says of itself (its real, allocated context, not what the model could take), then the maintained table.
// What nobody knows stays unknown. Never rejects but when cancelled.

import * as z from "zod";
import type { Capability } from "../agent/model/capability.ts";
import type { Connection } from "./openai/connection.ts";
import { send } from "./openai/transport.ts";

export interface ModelFacts {
  readonly capability: Capability;
  /** False where a local model is not loaded yet: once it is, more is known. */
  readonly settled: boolean;
}

type Place = Pick<Connection, "baseURL" | "model" | "headers" | "key">;

const patienceMs = 1500;

export async function modelFacts(place: Place, configured: Capability, signal: AbortSignal): Promise<ModelFacts> {
  const { baseURL, model } = place;
  const own = new URL(baseURL).protocol === "http:" ? await ownWord(place, signal) : undefined;
  const known = own ? own.capability : await tableFacts(baseURL, model);
  return { capability: { ...known, ...configured }, settled: own?.settled ?? true };
}

/** What the maintained table of prices and contexts holds of a model; empty where it holds nothing. */
export async function tableFacts(baseURL: string, model: string): Promise<Capability> {
  const { calcPrice } = await import("@pydantic/genai-prices");
  const of = (usage: { readonly input_tokens?: number; readonly output_tokens?: number }) =>
    calcPrice(usage, model, { providerApiUrl: baseURL });
  const input = of({ input_tokens: 1000 });
  if (!input) return {};
  const output = of({ output_tokens: 1000 })?.total_price ?? 0;
  const { context_window: context } = input.model;
  return { ...(context ? { context } : {}), price: { input: input.total_price * 1000, output: output * 1000 } };
}

/** Ollama, LM Studio, llama.cpp and vLLM each tell in their own way; whoever answers is believed. */
async function ownWord(place: Place, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const found = await Promise.all([ollama, lmStudio, llamaCpp, vllm].map((ask) => ask(place, signal)));
  signal.throwIfAborted();
  return found.find((facts) => facts !== undefined);
}

/** Where Ollama was not told otherwise, it gives a model this much, whatever the model could take, and cuts off the rest unsaid. */
const ollamaUsual = 4096;
const Running = z.object({
  models: z.array(z.object({ name: z.string().optional(), model: z.string().optional(), context_length: z.number().optional() })),
});
const Shown = z.object({ capabilities: z.array(z.string()).optional(), parameters: z.string().optional() });

async function ollama(place: Place, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const { model } = place;
  const [running, shown] = await Promise.all([get(place, "/api/ps", Running, signal), get(place, "/api/show", Shown, signal, { model })]);
  if (!running || !shown) return undefined;
  const same = (name: string | undefined): boolean => name === model || name === `${model}:latest`;
  const loaded = running.models.find((one) => same(one.name) || same(one.model))?.context_length;
  const asked = /^num_ctx\s+(\d+)/m.exec(shown.parameters ?? "")?.[1];
  const can = shown.capabilities;
  return {
    capability: {
      context: loaded ?? (asked === undefined ? ollamaUsual : Number(asked)),
      ...(can ? { tools: can.includes("tools") ? "native" : "words", vision: can.includes("vision") } : {}),
    },
    settled: loaded !== undefined,
  };
}

const Studio = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string().optional(),
      loaded_context_length: z.number().optional(),
      max_context_length: z.number().optional(),
      capabilities: z.array(z.string()).optional(),
    }),
  ),
});

async function lmStudio(place: Place, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const list = await get(place, "/api/v0/models", Studio, signal);
  const one = list?.data.find(({ id }) => id === place.model);
  if (!one) return undefined;
  const { loaded_context_length: loaded, max_context_length: most, capabilities: can, type } = one;
  const context = loaded ?? most;
  return {
    capability: {
      ...(context === undefined ? {} : { context }),
      // It translates tools for every model; those trained for them are only better at it.
      ...(can ? { tools: "native" } : {}),
      ...(type === undefined ? {} : { vision: type === "vlm" }),
    },
    settled: loaded !== undefined,
  };
}

const Props = z.object({
  default_generation_settings: z.object({ n_ctx: z.number() }),
  modalities: z.object({ vision: z.boolean().optional() }).optional(),
});

async function llamaCpp(place: Place, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const props = await get(place, "/props", Props, signal);
  return (
    props && {
      capability: {
        context: props.default_generation_settings.n_ctx,
        ...(props.modalities?.vision === undefined ? {} : { vision: props.modalities.vision }),
      },
      settled: true,
    }
  );
}

const Served = z.object({ data: z.array(z.object({ id: z.string(), max_model_len: z.number() })) });

async function vllm(place: Place, signal: AbortSignal): Promise<ModelFacts | undefined> {
  const list = await get(place, `${new URL(place.baseURL).pathname.replace(/\/$/, "")}/models`, Served, signal);
  const one = list?.data.find(({ id }) => id === place.model);
  return one && { capability: { context: one.max_model_len }, settled: true };
}

/** An answer of the server, at a path from its root; undefined where there is none of that shape. */
async function get<T>(
  { baseURL, key, headers }: Place,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  body?: unknown,
): Promise<T | undefined> {
  try {
    const response = await send(new URL(path, baseURL).href, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    const text = await response.text();
    return response.ok ? schema.safeParse(JSON.parse(text)).data : undefined;
  } catch {
    // Another kind of server, or none: nothing is learnt.
    return undefined;
  }
}
