// Performs "reflect": turns a failed check into a lesson and a way on. On the last attempt no model is asked: there is nothing left to choose.

import * as z from "zod";
import { consult } from "../consult.ts";
import { type EventBody, Remedy } from "../event.ts";
import type { Run } from "../engine.ts";
import { reflectPrompt } from "../memory/questions.ts";
import { isLastAttempt, permittedRemedy } from "../next.ts";

const Reflection = z.object({ because: z.string(), lesson: z.string(), then: Remedy });

export async function reflect(
  run: Run,
  command: { readonly do: "reflect"; readonly step: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const { state } = run;
  const step = state.steps[command.step];
  if (!step) return undefined;
  const { id, goal, role, check } = step.step;
  const said = step.proof?.evidence.said ?? "the check failed";
  if (isLastAttempt(state, step)) {
    return {
      type: "step.reflected",
      step: id,
      attempt: step.attempt,
      because: said,
      lesson: `${step.attempt} attempts did not pass the check.`,
      then: "give up",
    };
  }
  const subject = { run: state.run?.id ?? "", goal: state.run?.goal ?? goal, step: { id, goal, role, check, attempt: step.attempt } };
  const messages = reflectPrompt(state, step, await run.world.window?.("reflect", signal));
  const reply = await consult(
    run,
    { purpose: "reflect", messages, tools: [], answer: { name: "reflection", schema: Reflection }, subject },
    signal,
  );
  if (!reply.ok) return { type: "model.failed", purpose: "reflect", step: id, fault: reply.fault };
  const { because, lesson, then } = Reflection.parse(reply.value.answer);
  return {
    type: "step.reflected",
    step: id,
    attempt: step.attempt,
    because,
    lesson,
    then: permittedRemedy(state, step, then),
    usage: reply.value.usage,
  };
}
