// Performs "summarise": the older turns of a step in a model's words. Where no model can, the run goes on without: the prompt is cut then.

import { consult } from "../consult.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { clip } from "../memory/part.ts";
import { summaryPrompt } from "../memory/questions.ts";

/** A summary longer than this, in tokens, would be none. */
const longest = 2000;

export async function summarise(
  run: Run,
  command: { readonly do: "summarise"; readonly step: string; readonly turns: number },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const { state, world } = run;
  const step = state.steps[command.step];
  if (!step) return undefined;
  const { id, goal, role, check } = step.step;
  const { turns } = command;
  const messages = summaryPrompt(state, step, turns, await world.window?.("summarise", signal));
  const subject = { run: state.run?.id ?? "", goal: state.run?.goal ?? goal, step: { id, goal, role, check, attempt: step.attempt } };
  const reply = await consult(run, { purpose: "summarise", messages, tools: [], subject }, signal);
  const done = { type: "step.summarised" as const, step: id, attempt: step.attempt, turns };
  if (!reply.ok) return done;
  const { text, model, usage } = reply.value;
  return { ...done, ...(text.trim() === "" ? {} : { text: clip(text.trim(), longest) }), model, usage };
}
