// A model in process: an Ask that speaks from a script, streams in pieces, heeds cancellation and remembers what it was asked.

import type { Ask, AskRequest, Message, Reply } from "../../src/agent/model/ask.ts";
import { type Fault, ok, type Result } from "../../src/agent/result.ts";
import { type Cue, callsOf, findLine, finishOf, type Line, piecesOf, type Script, usageOf } from "./script.ts";

export interface ScriptedModel {
  readonly ask: Ask;
  /** Every request so far, oldest first. */
  readonly requests: readonly AskRequest[];
}

export function scriptedModel(script: Script): ScriptedModel {
  const requests: AskRequest[] = [];
  const ask: Ask = async (request, signal): Promise<Result<Reply>> => {
    signal.throwIfAborted();
    requests.push(request);
    const cue = cueOf(request);
    const line = findLine(script, cue);
    for (const piece of piecesOf(line)) {
      await Promise.resolve();
      signal.throwIfAborted();
      request.onActivity?.();
      if (line.answer === undefined) request.onText?.(piece);
    }
    return line.fault ? failed(line.fault) : ok(replyOf(line, cue));
  };
  return { ask, requests };
}

const failed = (fault: Fault): Result<Reply> => ({ ok: false, fault });

function replyOf(line: Line, cue: Cue): Reply {
  return {
    text: line.refusal ?? piecesOf(line).join(""),
    calls: callsOf(line, cue.turn),
    ...(line.answer === undefined ? {} : { answer: line.answer }),
    usage: usageOf(line, cue),
    model: line.model ?? "scripted",
    finish: finishOf(line),
  };
}

function cueOf({ purpose, messages, tools, answer, subject }: AskRequest): Cue {
  const texts = messages.map(textOf);
  return {
    purpose,
    step: subject.step?.id,
    attempt: subject.step?.attempt,
    turn: messages.filter((message) => message.role === "assistant").length,
    text: texts.join("\n"),
    last: texts.at(-1) ?? "",
    tools: tools.map((tool) => tool.name),
    answer: answer?.name,
  };
}

const textOf = (message: Message): string =>
  message.role === "assistant" ? [message.text, ...message.calls.map((call) => `${call.tool} ${call.args}`)].join("\n") : message.text;
