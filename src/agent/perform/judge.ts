// Performs "judge": parses the call's arguments, computes its risk and asks the policy. Bad arguments end the call here,
// with a fault that tells the model what to send instead.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { judgeCall } from "../judgement.ts";
import type { Fault } from "../result.ts";
import { findCall } from "../state.ts";

export async function judge(run: Run, command: { readonly do: "judge"; readonly call: string }): Promise<EventBody | undefined> {
  const found = findCall(run.state, command.call);
  if (!found) return undefined;
  const { call, step } = found;
  const parsed = call.amended === undefined ? run.tools.parseArgs(call.tool, call.args) : run.tools.parseInput(call.tool, call.amended);
  if (!parsed.ok) return endedBadly(call.call, parsed.fault);
  const { tool, input } = parsed.value;
  const judged = await judgeCall(run, { tool: tool.name, risk: tool.risk(input), role: step.step.role });
  return { type: "call.judged", call: call.call, input, risk: judged.risk, decision: judged.decision };
}

const endedBadly = (call: string, fault: Fault): EventBody => ({ type: "call.ended", call, outcome: { ok: false, fault }, changed: [], effects: [], ms: 0 });
