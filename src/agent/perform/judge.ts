// Performs "judge": parses the call's arguments, computes its risk and asks the policy. Bad arguments end the call here,
// with a fault that tells the model what to send instead.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { measure } from "../gate.ts";
import { judgeCall } from "../judgement.ts";
import { type Fault, ok, type Result } from "../result.ts";
import type { Policy } from "../policy/rules.ts";
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
  const about = { tool: tool.name, role: step.step.role, step };
  const declared = (tool.risk as (input: unknown) => Risk)(input);
  const judged = await judgeCall(run, { ...about, risk: declared });
  const ending = { type: "call.judged", call: call.call, input } as const;
  if (tool.kind !== "change" || judged.decision.verdict === "deny") return { ...ending, ...judged };
  if (tool.reach === undefined && !weighs(run.world.rules.policy())) return { ...ending, ...judged };
  const whole = await whatItWrites(run, tool, { input, declared }, signal);
  return whole.ok ? { ...ending, ...(await judgeCall(run, { ...about, ...whole.value })) } : endedBadly(call.call, whole.fault);
}

/** Whether any rule looks at how much a call would write. */
const weighs = ({ guard, workspace, personal, ceilings = [] }: Policy): boolean =>
  [guard, workspace, personal, ...ceilings].some((rules) => rules.some(({ match }) => match.bytesAtLeast !== undefined));

/** What was declared, with every file that the change, now computed, would touch, and how much it would write. */
async function whatItWrites(
  { world }: Run,
  tool: AnyChangingTool,
  { input, declared }: { readonly input: unknown; readonly declared: Risk },
  signal: AbortSignal,
): Promise<Result<{ readonly risk: Risk; readonly bytes: number }>> {
  const measured = await measure(world, tool, input, signal);
  if (!measured.ok) return measured;
  const { changes, touches } = measured.value;
  const paths = tool.reach === undefined ? declared.paths : [...new Set([...declared.paths, ...touches.map((touch) => touch.shown)])];
  return ok({ risk: { ...declared, paths }, bytes: changes.reduce((sum, { after }) => sum + (after?.length ?? 0), 0) });
}

const endedBadly = (call: string, fault: Fault): EventBody => ({
  type: "call.ended",
  call,
  outcome: { ok: false, fault },
  changed: [],
  effects: [],
  ms: 0,
});
