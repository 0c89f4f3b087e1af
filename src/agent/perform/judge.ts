// Performs "judge": parses the call's arguments, computes its risk and asks the policy. Bad arguments end the call here,
// with a fault that tells the model what to send instead.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { measure } from "../gate.ts";
import { judgeCall } from "../judgement.ts";
import { type Fault, ok, type Result } from "../result.ts";
import { findCall } from "../state.ts";
import type { Risk } from "../tool/risk.ts";
import type { AnyChangingTool } from "../tool/tool.ts";

export async function judge(
  run: Run,
  command: { readonly do: "judge"; readonly call: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const found = findCall(run.state, command.call);
  if (!found) return undefined;
  const { call, step } = found;
  const parsed = call.amended === undefined ? run.tools.parseArgs(call.tool, call.args) : run.tools.parseInput(call.tool, call.amended);
  if (!parsed.ok) return endedBadly(call.call, parsed.fault);
  const { tool, input } = parsed.value;
  const role = step.step.role;
  const declared = (tool.risk as (input: unknown) => Risk)(input);
  const judged = await judgeCall(run, { tool: tool.name, risk: declared, role });
  const ending = { type: "call.judged", call: call.call, input } as const;
  if (tool.kind !== "change" || tool.reach === undefined || judged.decision.verdict === "deny") return { ...ending, ...judged };
  const whole = await wholeRisk(run, tool, { input, declared }, signal);
  return whole.ok
    ? { ...ending, ...(await judgeCall(run, { tool: tool.name, risk: whole.value, role })) }
    : endedBadly(call.call, whole.fault);
}

/** What was declared, with every file that the change, now computed, would touch. */
async function wholeRisk(
  { world }: Run,
  tool: AnyChangingTool,
  call: { readonly input: unknown; readonly declared: Risk },
  signal: AbortSignal,
): Promise<Result<Risk>> {
  const measured = await measure(world, tool, call.input, signal);
  if (!measured.ok) return measured;
  return ok({ ...call.declared, paths: [...new Set([...call.declared.paths, ...measured.value.touches.map((touch) => touch.shown)])] });
}

const endedBadly = (call: string, fault: Fault): EventBody => ({
  type: "call.ended",
  call,
  outcome: { ok: false, fault },
  changed: [],
  effects: [],
  ms: 0,
});
