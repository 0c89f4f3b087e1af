// Performs "think": one turn of the step's model, given all that happened in the step so far.

import { confidenceIn } from "../confidence.ts";
import { consult } from "../consult.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { stepRequest } from "../memory/working.ts";
import { callId } from "../state.ts";
import { offeredTools } from "../tool/offer.ts";

/** Less confidence than this calls for a stronger model. */
const doubtful = 0.4;

export async function think(
  run: Run,
  command: { readonly do: "think"; readonly step: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const { state, world, tools } = run;
  const step = state.steps[command.step];
  if (!step) return undefined;
  const { id, goal, role, check } = step.step;
  const window = await world.window?.("act", signal);
  const { messages, tools: offered } = stepRequest(state, step, window, offeredTools(state, tools, role));
  // A step that failed before, or that goes badly, is tried with a stronger model, where there is one.
  const above = step.attempt - 1 + ((confidenceIn(step, state.steps) ?? 1) < doubtful ? 1 : 0);
  const reply = await consult(
    run,
    {
      purpose: "act",
      messages,
      tools: offered,
      ...(above > 0 ? { above } : {}),
      onText: (delta) => world.watch({ of: "text", step: id, delta }),
      onRestart: () => world.watch({ of: "restart", step: id }),
      subject: { run: state.run?.id ?? "", goal: state.run?.goal ?? goal, step: { id, goal, role, check, attempt: step.attempt } },
    },
    signal,
  );
  if (!reply.ok) return { type: "model.failed", purpose: "act", step: id, fault: reply.fault };
  const { text, calls, model, usage, finish, native } = reply.value;
  const turn = step.turns.length;
  return {
    type: "model.replied",
    step: id,
    attempt: step.attempt,
    turn,
    text,
    calls: calls.map((call, index) => ({ call: callId(id, step.attempt, turn, index), ref: call.id, tool: call.tool, args: call.args })),
    model,
    usage,
    finish,
    ...(window === undefined ? {} : { window }),
    ...(native === undefined ? {} : { native: toJson(native) }),
  };
}

/** Provider items are JSON by contract; a copy keeps later changes to them out of the journal. */
const toJson = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;
