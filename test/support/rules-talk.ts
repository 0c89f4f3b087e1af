// Talks with the rules engine in memory: it asks for calls, the test's own tools answer, until it has said its last word.

import type { AskRequest, Message } from "../../src/agent/model/ask.ts";
import { createRules } from "../../src/agent/model/rules/engine.ts";
import type { Check } from "../../src/agent/plan.ts";
import type { Fault, Result } from "../../src/agent/result.ts";
import type { Observation } from "../../src/agent/tool/observation.ts";
import { createGrammars } from "../../src/node/grammar.ts";

export type Said = Omit<Observation, "trust">;
export type Answers = Readonly<Record<string, (input: never) => Result<Said>>>;

export interface Talk {
  readonly text: string;
  readonly fault: Fault | undefined;
  readonly calls: readonly { readonly tool: string; readonly input: unknown }[];
  readonly turns: number;
}

const mostTurns = 40;
const signal = new AbortController().signal;
let grammars: ReturnType<typeof createGrammars> | undefined;

export function rulesRequest(goal: string, tools: readonly string[], more: Partial<AskRequest> = {}): AskRequest {
  const check: Check = { by: "citation" };
  const specs = tools.map((name) => ({ name, description: "", parameters: {} }));
  return {
    purpose: "act",
    messages: [],
    tools: specs,
    subject: { run: "r", goal, step: { id: "s", goal, role: "coder", check, attempt: 1 } },
    ...more,
  };
}

export function askRules(request: AskRequest): ReturnType<ReturnType<typeof createRules>> {
  grammars ??= createGrammars();
  return createRules({ grammars })(request, signal);
}

/** The engine is offered exactly the tools that have an answer. */
export async function talk(goal: string, answers: Answers): Promise<Talk> {
  const messages: Message[] = [];
  const calls: { tool: string; input: unknown }[] = [];
  for (let turn = 1; turn <= mostTurns; turn++) {
    const reply = await askRules(rulesRequest(goal, Object.keys(answers), { messages }));
    if (!reply.ok) return { text: "", fault: reply.fault, calls, turns: turn };
    if (reply.value.calls.length === 0) return { text: reply.value.text, fault: undefined, calls, turns: turn };
    messages.push({ role: "assistant", text: reply.value.text, calls: reply.value.calls });
    for (const { id, tool, args } of reply.value.calls) {
      const input: unknown = JSON.parse(args);
      calls.push({ tool, input });
      const result = answers[tool]?.(input as never) ?? { ok: false, fault: { kind: "missing", message: "no such tool", retry: false } };
      const [text, data] = result.ok ? [result.value.text, result.value.data] : [result.fault.message, undefined];
      messages.push({ role: "tool", call: id, tool, ok: result.ok, text, ...(data === undefined ? {} : { data }) });
    }
  }
  throw new Error(`the engine made ${mostTurns} turns and was not done`);
}
