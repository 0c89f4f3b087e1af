// The embedded engine: an Ask like any other that needs no model, no network and no key. It understands a handful of goals, does them
// with the ordinary tools, and refuses everything else plainly. A pure function of the request: killed and resumed, it answers the same.

import { fail, ok, type Result } from "../../result.ts";
import { type Ask, type AskRequest, type Reply, rulesModel, type ToolCall } from "../ask.ts";
import { abilities, isInEditor, needsEditor, refusal } from "./abilities.ts";
import { type Intent, readIntents } from "./intent.ts";
import { organiseImports } from "./imports.ts";
import { findDefinition, findUsages } from "./lookup.ts";
import { makePlan } from "./planning.ts";
import { fixProblem, fixProblems } from "./problems.ts";
import { reflectOn } from "./reflection.ts";
import { rename } from "./rename.ts";
import { mend } from "./repair/mend.ts";
import { replay, type Script } from "./script.ts";
import type { Grammars } from "./syntax.ts";
import { findTestLine, refusedBefore, runTests } from "./testing.ts";

export interface RulesOptions {
  readonly grammars: Grammars;
  /** Seconds that all trials of one repair may take together; 120 where not said. */
  readonly trialSeconds?: number;
}

export function createRules(options: RulesOptions): Ask {
  return async (request, signal) => {
    signal.throwIfAborted();
    switch (request.purpose) {
      case "plan":
        return answering(request, makePlan(request));
      case "reflect":
        return answering(request, ok(reflectOn(request)));
      case "act":
        return act(options, request, signal);
      case "judge":
      case "summarise":
        return fail("unavailable", `Without a language model nothing can ${request.purpose} here. ${abilities(request)}`);
    }
  };
}

async function act(options: RulesOptions, request: AskRequest, signal: AbortSignal): Promise<Result<Reply>> {
  const goal = request.subject.step?.goal ?? request.subject.goal;
  const intents = readIntents(goal);
  if (!intents) return fail("unavailable", refusal(goal, request));
  const progress = await replay(inTurn(intents, options, request, signal), request.messages);
  signal.throwIfAborted();
  if (!progress.done) {
    const missing = progress.calls.find((call) => !request.tools.some((tool) => tool.name === call.tool));
    if (missing)
      return fail(
        "unavailable",
        `This needs the tool ${missing.tool}, which step ${request.subject.step?.id ?? ""} may not use; give it a role that may.`,
      );
    return say(request, progress.say, progress.calls);
  }
  return progress.value.ok ? say(request, progress.value.value, []) : progress.value;
}

/** Every wish of the goal, one after the other; the first that cannot be done ends it. */
async function* inTurn(
  intents: readonly Intent[],
  options: RulesOptions,
  request: AskRequest,
  signal: AbortSignal,
): Script<Result<string>> {
  const said: string[] = [];
  for (const intent of intents) {
    const result = yield* perform(intent, options, request, signal);
    if (!result.ok) return said.length === 0 ? result : fail(result.fault.kind, `${said.join(" ")} ${result.fault.message}`);
    said.push(result.value);
  }
  return ok(said.join("\n\n"));
}

async function* perform(
  intent: Intent,
  { grammars, trialSeconds = 120 }: RulesOptions,
  request: AskRequest,
  signal: AbortSignal,
): Script<Result<string>> {
  const tools = new Set(request.tools.map((tool) => tool.name));
  switch (intent.do) {
    case "help":
      return ok(abilities(request));
    case "usages":
      return yield* findUsages({ grammars, tools }, intent.name, signal);
    case "definition":
      return yield* findDefinition({ grammars, tools }, intent.name, signal);
    case "rename":
      return yield* rename({ grammars, tools }, intent, signal);
    case "problems":
      return isInEditor(request) ? yield* fixProblems(intent) : fail("unavailable", needsEditor);
    case "problem":
      return isInEditor(request) ? yield* fixProblem(intent) : fail("unavailable", needsEditor);
    case "imports":
      return isInEditor(request) ? yield* organiseImports(intent) : fail("unavailable", needsEditor);
    case "test": {
      const line = yield* findTestLine(request);
      return line.ok ? ok(yield* runTests(line.value)) : line;
    }
    case "mend": {
      const line = yield* findTestLine(request);
      if (!line.ok) return line;
      const canTry = request.tools.some((tool) => tool.name === "try_edits");
      const text = yield* mend(
        { grammars, line: line.value, about: intent.about, refused: refusedBefore(request), seconds: trialSeconds, canTry },
        signal,
      );
      // A goal that speaks of a bug and not of tests is not met by tests that pass anyway.
      if (!intent.namesTests && text.endsWith("there is nothing to fix."))
        return fail("invalid", `${text} I can mend only what a failing test shows: write a test that fails because of it first.`);
      return ok(text);
    }
  }
}

const free = { input: 0, output: 0, usd: 0 } as const;

function say(request: AskRequest, text: string, calls: readonly ToolCall[]): Result<Reply> {
  request.onText?.(text);
  return ok({ text, calls, usage: free, model: rulesModel, finish: calls.length > 0 ? "calls" : "stop" });
}

/** A structured answer; it is held against the schema as any model's would be. */
function answering(request: AskRequest, made: Result<unknown>): Result<Reply> {
  if (!made.ok) return made;
  const parsed = request.answer?.schema.safeParse(made.value);
  if (parsed && !parsed.success)
    return fail("broken", `The rules engine's ${request.answer?.name ?? "answer"} does not fit what was asked for; this is a bug.`);
  return ok({ text: "", calls: [], answer: parsed ? parsed.data : made.value, usage: free, model: rulesModel, finish: "stop" });
}
