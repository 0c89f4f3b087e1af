// The models VS Code itself brings along, as an Ask: those of extensions a person has installed, with their own consent and accounts.
// They know no system role, tell no numbers of tokens, and may lack tool calls, which then go in words.

import * as vscode from "vscode";
import { abortable } from "../agent/model/abort.ts";
import { instruction } from "../agent/model/answer.ts";
import type { Ask, AskRequest, Message, Reply, ToolCall } from "../agent/model/ask.ts";
import { inWords } from "../agent/model/react.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { ModelChoice } from "../node/choose-model.ts";

type Hosted = Extract<ModelChoice, { kind: "host" }>;

const prefix = "vscode/";

/** "vscode/vendor/id", as settings name it. */
export const lmName = (model: Pick<vscode.LanguageModelChat, "vendor" | "id">): string => `${prefix}${model.vendor}/${model.id}`;

/** For chooseModel: the model of that name; undefined where the name is none of VS Code's. */
export async function findLm(name: string): Promise<Result<Hosted> | undefined> {
  if (!name.startsWith(prefix)) return undefined;
  const [vendor = "", ...rest] = name.slice(prefix.length).split("/");
  const [model] = await vscode.lm.selectChatModels({ vendor, id: rest.join("/") });
  if (!model)
    return fail(
      "missing",
      `VS Code has no model ${name.slice(prefix.length)} now; install or sign in to what provides it, or choose another model.`,
    );
  return ok({ kind: "host", name, why: "VS Code provides it", ask: lmAsk(model), capability: { context: model.maxInputTokens } });
}

/** Whether a model refuses tools is found out once, by asking. */
function lmAsk(model: vscode.LanguageModelChat): Ask {
  let tools = true;
  const once: Ask = (request, signal) => abortable(exchange(model, request, signal), signal);
  const worded = inWords(once);
  return async (request, signal) => {
    if (!tools) return worded(request, signal);
    const result = await once(request, signal);
    const refused = !result.ok && request.tools.length > 0 && /\btools?\b/i.test(result.fault.message) && result.fault.kind === "broken";
    if (!refused) return result;
    tools = false;
    request.onRestart?.();
    return worded(request, signal);
  };
}

async function exchange(model: vscode.LanguageModelChat, request: AskRequest, signal: AbortSignal): Promise<Result<Reply>> {
  signal.throwIfAborted();
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const messages = messagesOf(request);
    const response = await model.sendRequest(
      messages,
      {
        justification: "Proviso plans and works on the goal you gave it.",
        tools: request.tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters })),
      },
      source.token,
    );
    let text = "";
    const calls: ToolCall[] = [];
    for await (const part of response.stream) {
      request.onActivity?.();
      if (part instanceof vscode.LanguageModelTextPart) {
        text += part.value;
        if (part.value !== "") request.onText?.(part.value);
      } else if (part instanceof vscode.LanguageModelToolCallPart) {
        calls.push({ id: part.callId, tool: part.name, args: JSON.stringify(part.input) });
      }
    }
    signal.throwIfAborted();
    if (text === "" && calls.length === 0)
      return fail("broken", `${model.name} answered with nothing; try again, or choose another model.`, { retry: true });
    const usage = await usageOf(model, messages, `${text}${calls.map((call) => call.tool + call.args).join("")}`, source.token);
    return ok({ text, calls, usage, model: lmName(model), finish: calls.length > 0 ? "calls" : "stop" });
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, fault: faultOf(error, model) };
  } finally {
    signal.removeEventListener("abort", cancel);
    source.dispose();
  }
}

async function usageOf(
  model: vscode.LanguageModelChat,
  messages: readonly vscode.LanguageModelChatMessage[],
  said: string,
  token: vscode.CancellationToken,
): Promise<Reply["usage"]> {
  const counts = await Promise.all([...messages, said].map((one) => model.countTokens(one, token)));
  return { input: counts.slice(0, -1).reduce((sum, count) => sum + count, 0), output: counts.at(-1) ?? 0, counted: true };
}

/** System text goes first, as the user's: there is no other role for it. */
function messagesOf({ messages, answer }: AskRequest): vscode.LanguageModelChatMessage[] {
  const told = messages.map(messageOf);
  return answer ? [...told, vscode.LanguageModelChatMessage.User(instruction(answer.schema))] : told;
}

function messageOf(message: Message): vscode.LanguageModelChatMessage {
  switch (message.role) {
    case "system":
    case "user":
      return vscode.LanguageModelChatMessage.User(message.text);
    case "tool":
      return vscode.LanguageModelChatMessage.User([
        new vscode.LanguageModelToolResultPart(message.call, [new vscode.LanguageModelTextPart(message.text)]),
      ]);
    case "assistant":
      return vscode.LanguageModelChatMessage.Assistant([
        ...(message.text === "" ? [] : [new vscode.LanguageModelTextPart(message.text)]),
        ...message.calls.map(({ id, tool, args }) => new vscode.LanguageModelToolCallPart(id, tool, inputOf(args))),
      ]);
  }
}

/** Arguments that are no JSON object were refused when they were judged; here they only have to be carried. */
function inputOf(args: string): object {
  try {
    const value = JSON.parse(args) as unknown;
    return typeof value === "object" && value !== null ? value : { value };
  } catch {
    return { malformed: args };
  }
}

function faultOf(error: unknown, { name }: vscode.LanguageModelChat): ReturnType<typeof fail>["fault"] {
  const said = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
  const code = error instanceof vscode.LanguageModelError ? error.code : "";
  switch (code) {
    case vscode.LanguageModelError.NoPermissions.name:
      return fail(
        "denied",
        `VS Code does not let Proviso use ${name}; allow it when it asks (Accounts, Manage Language Model Access), or choose another model.`,
      ).fault;
    case vscode.LanguageModelError.NotFound.name:
      return fail("missing", `VS Code has the model ${name} no more; choose another model.`).fault;
    case vscode.LanguageModelError.Blocked.name:
      return fail("unavailable", `${name} refuses requests now (${said}); wait, or choose another model.`).fault;
    default:
      return fail("broken", `${name} failed (${said}); try again, or choose another model.`, { retry: !/\btools?\b/i.test(said) }).fault;
  }
}
