// A model in process to which anything may happen, by a seed: refusals with and without a wait, silence, streams that break off, broken
// answers, wrong tools. Says the lines of the errand (errand.ts) when it says anything, and charges for what it says.

import type { Ask, AskRequest, Message, Reply, ToolCall } from "../../src/agent/model/ask.ts";
import { fail, ok, type Result } from "../../src/agent/result.ts";
import { errandLine } from "./errand.ts";

const faults = ["429 with a wait", "429", "500", "hang", "stall", "cut", "broken", "empty", "wrong tool", "broken arguments"] as const;
type Weather = (typeof faults)[number] | "fair";

export interface Storm {
  readonly ask: Ask;
  /** How often each kind of weather came. */
  readonly met: Readonly<Record<string, number>>;
}

/** Numbers in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `severity` is the share of requests that meet a fault. */
export function storm(random: () => number, severity: number): Storm {
  const met: Record<string, number> = {};
  const ask: Ask = async (request, signal) => {
    const weather: Weather = random() < severity ? (faults[Math.floor(random() * faults.length)] ?? "500") : "fair";
    met[weather] = (met[weather] ?? 0) + 1;
    const reply = replyTo(request);
    switch (weather) {
      case "429 with a wait":
        return fail("unavailable", "Too many.", { retry: true, retryAfterMs: Math.floor(random() * 9000) });
      case "429":
      case "500":
        return fail("unavailable", weather, { retry: true });
      case "hang":
        return silence(signal);
      case "stall":
        stream(request, reply.text, random());
        return silence(signal);
      case "cut":
      case "broken":
        stream(request, reply.text, random());
        return fail("broken", weather, { retry: true });
      case "empty":
        return fail("broken", "It answered without a choice.", { retry: true });
      case "wrong tool":
        return spoken(request, reply.calls.length > 0 ? { ...reply, calls: reply.calls.map((call) => ({ ...call, tool: "fly" })) } : reply);
      case "broken arguments":
        return spoken(
          request,
          reply.calls.length > 0 ? { ...reply, calls: reply.calls.map((call) => ({ ...call, args: '{"path": ' })) } : reply,
        );
      case "fair":
        return spoken(request, reply);
    }
  };
  return { ask, met };
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

function stream(request: AskRequest, text: string, share = 1): void {
  request.onActivity?.();
  const piece = text.slice(0, Math.ceil(text.length * share));
  if (piece !== "") request.onText?.(piece);
}

function spoken(request: AskRequest, reply: Reply): Result<Reply> {
  stream(request, reply.text);
  return ok(reply);
}

/** The job's next line, given what came of the calls so far: what failed is tried again. */
function replyTo(request: AskRequest): Reply {
  const changed = request.messages.some((message) => message.role === "tool" && message.ok);
  const line = errandLine({ turn: changed ? 1 : 0, text: "", last: "", tools: [], answer: request.answer?.name });
  const turn = request.messages.filter((message) => message.role === "assistant").length;
  const calls = (line.calls ?? []).map(({ tool, args }, i): ToolCall => ({ id: `c${turn}-${i}`, tool, args: JSON.stringify(args) }));
  const text = typeof line.text === "string" ? line.text : (line.text ?? []).join("");
  const input = Math.ceil(request.messages.reduce((sum, message) => sum + sizeOf(message), 0) / 4);
  return {
    text,
    calls,
    ...(line.answer === undefined ? {} : { answer: line.answer }),
    usage: { input, output: 40 },
    model: "storm",
    finish: calls.length > 0 ? "calls" : "stop",
  };
}

const sizeOf = (message: Message): number =>
  message.text.length + (message.role === "assistant" ? message.calls.reduce((sum, { args }) => sum + args.length, 0) : 0);
