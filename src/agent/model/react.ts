// Tools in words, for models and servers that cannot call them by the API: thought, action, action input, observation. A request with
// tools becomes one without, its tools described in the system message, which never changes within a step; the reply is read by
// react-read.ts. The words are ReAct's, because most models have seen them.

import { ok } from "../result.ts";
import type { AskRequest, Layer, Message, ToolSpec } from "./ask.ts";
import { readWords } from "./react-read.ts";

/** A layer that is put around a model which has no tools of its own. */
export const inWords: Layer = (next) => async (request, signal) => {
  if (request.tools.length === 0) return next({ ...request, messages: retold(request.messages) }, signal);
  const stream = request.onText && sieve(request.onText);
  const asked = { ...requestInWords(request), ...(stream ? { onText: stream.hear } : {}) };
  const result = await next(asked, signal);
  if (!result.ok) return result;
  stream?.end();
  const turn = request.messages.filter((message) => message.role === "assistant").length;
  const { text, calls } = readWords(
    result.value.text,
    request.tools.map(({ name }) => name),
  );
  if (result.value.finish === "filter" || calls.length === 0) return ok({ ...result.value, text });
  const numbered = calls.map(({ tool, args }, i) => ({ id: `words_${turn}_${i}`, tool, args }));
  return ok({ ...result.value, text, calls: numbered, finish: "calls" });
};

/** The same request without tools, which are told in words. */
function requestInWords(request: AskRequest): AskRequest {
  const [first, ...rest] = request.messages;
  const told = protocol(request.tools);
  const system: Message = first?.role === "system" ? { role: "system", text: `${first.text}\n\n${told}` } : { role: "system", text: told };
  return { ...request, tools: [], messages: [system, ...retold(first?.role === "system" ? rest : request.messages)] };
}

const protocol = (tools: readonly ToolSpec[]): string =>
  [
    "You act through tools. To use one, end your reply with exactly this form:",
    "Thought: why, in a sentence",
    "Action: the tool's name",
    "Action Input: its arguments, one JSON object that fits the schema",
    "Several independent actions may follow each other. Then stop: the results come as observations; never write one yourself.",
    "When you need no tool any more, answer in plain words without an action.",
    "Tools:",
    ...tools.map(({ name, description, parameters }) => `- ${name}: ${description} Arguments: ${JSON.stringify(parameters)}`),
  ].join("\n");

/** Calls and results as text; results that belong together in one message, because many servers want roles to alternate. */
function retold(messages: readonly Message[]): readonly Message[] {
  const told: Message[] = [];
  for (const message of messages) {
    const last = told.at(-1);
    if (message.role === "assistant") {
      const acts = message.calls.map(({ tool, args }) => `Action: ${tool}\nAction Input: ${args}`);
      told.push({ role: "assistant", text: [message.text, ...acts].filter((part) => part !== "").join("\n"), calls: [] });
    } else if (message.role === "tool") {
      const text = `Observation from ${message.tool}${message.ok ? "" : " (failed)"}: ${message.text}`;
      if (last?.role === "user") told[told.length - 1] = { role: "user", text: `${last.text}\n\n${text}` };
      else told.push({ role: "user", text });
    } else if (message.role === "user" && last?.role === "user") {
      told[told.length - 1] = { role: "user", text: `${last.text}\n\n${message.text}` };
    } else told.push(message);
  }
  return told;
}

/** Where an action, or what passes for one, begins. */
const actionLine = /^\W*(?:action\b|observation\b|<\|?\w|\{|```|\[)/i;

/** Lets whole lines of prose through as they come, and nothing from the first action on. */
function sieve(onText: (delta: string) => void): { readonly hear: (delta: string) => void; readonly end: () => void } {
  let held = "";
  let acting = false;
  const pass = (line: string): void => {
    acting ||= actionLine.test(line);
    if (!acting) onText(line.replace(/^(?:\*\*)?(?:Thought|Final Answer)(?:\*\*)?:\s*/i, ""));
  };
  return {
    hear: (delta) => {
      held += delta;
      const whole = held.lastIndexOf("\n") + 1;
      for (const line of held.slice(0, whole).split(/(?<=\n)/)) if (line !== "") pass(line);
      held = held.slice(whole);
    },
    end: () => {
      if (held !== "") pass(held);
      held = "";
    },
  };
}
