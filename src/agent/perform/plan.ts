// Performs "plan": makes the plan. A small job gets a plan of one step by rule, without a model; anything else asks the model. The
// rules engine is always asked: it alone knows what it can do, and says so before a person is put to the trouble of approving a plan.
// An invalid plan is put back to the model with the fault, a bounded number of times.

import { consult } from "../consult.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { planPrompt } from "../memory/questions.ts";
import { type Message, rulesModel, type Usage } from "../model/ask.ts";
import { type Plan, Plan as PlanSchema, validatePlan } from "../plan.ts";
import { smallPlan } from "../small-plan.ts";

const tries = 3;

export async function plan(run: Run, _command: { readonly do: "plan" }, signal: AbortSignal): Promise<EventBody> {
  const { state, world } = run;
  const goal = state.run?.goal ?? "";
  const small =
    state.replan.length === 0 && state.run?.model !== rulesModel
      ? smallPlan(goal, { test: state.run?.briefing.test, diagnostics: world.diagnostics !== undefined })
      : undefined;
  const acting = await world.window?.("act", signal);
  const known = acting === undefined ? {} : { window: acting };
  if (small) return { type: "plan.made", plan: small, by: "rule", ...known };

  let messages: readonly Message[] = planPrompt(state, await world.window?.("plan", signal));
  let usage: Usage = { input: 0, output: 0, usd: 0 };
  let fault = { kind: "invalid" as const, message: "No plan was made.", retry: false };
  for (let attempt = 0; attempt < tries; attempt++) {
    const subject = { run: state.run?.id ?? "", goal, editor: world.diagnostics !== undefined, mode: state.run?.mode ?? "" };
    const reply = await consult(
      run,
      { purpose: "plan", messages, tools: [], answer: { name: "plan", schema: PlanSchema.omit({ goal: true }) }, subject },
      signal,
    );
    if (!reply.ok) return { type: "model.failed", purpose: "plan", fault: reply.fault };
    usage = add(usage, reply.value.usage);
    const made: Plan = { ...(reply.value.answer as Omit<Plan, "goal">), goal };
    const valid = validatePlan(made, { diagnostics: world.diagnostics !== undefined });
    if (valid.ok) return { type: "plan.made", plan: valid.value, by: "model", model: reply.value.model, usage, ...known };
    fault = { ...fault, message: valid.fault.message };
    messages = [
      ...messages,
      { role: "assistant", text: JSON.stringify(reply.value.answer), calls: [] },
      { role: "user", text: `${valid.fault.message} Answer with a corrected plan.` },
    ];
  }
  return {
    type: "model.failed",
    purpose: "plan",
    fault: { ...fault, message: `${tries} plans in a row were not usable. The last: ${fault.message}` },
  };
}

const add = (a: Usage, b: Usage): Usage => ({
  ...(b.by === undefined ? {} : { by: b.by }),
  ...(a.counted || b.counted ? { counted: true } : {}),
  input: a.input + b.input,
  output: a.output + b.output,
  ...(a.usd === undefined || b.usd === undefined ? {} : { usd: a.usd + b.usd }),
});
