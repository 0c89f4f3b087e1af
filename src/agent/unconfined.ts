// One run outside the sandbox: when it is offered, and how it is asked. Only to a person who is there, only for a command that the
// sandbox broke, never where the policy denies such a run, never again once it was declined for the same call. No input asks for it.

import type { ApprovalRequest } from "./approval.ts";
import type { CallOutcome } from "./event.ts";
import type { Run } from "./engine.ts";
import { inputDigest } from "./gate.ts";
import { judgeCall } from "./judgement.ts";
import { type CallState, findCall } from "./state.ts";
import type { Decision } from "./policy/rules.ts";
import type { Risk } from "./tool/risk.ts";
import type { AnyObservingTool } from "./tool/tool.ts";

/** Whether the call, which has just ended so, is to be put to the person once more. */
export async function offersOutside(run: Run, call: CallState, outcome: CallOutcome): Promise<boolean> {
  if (!run.world.person.attended || call.outside !== undefined || !isBroken(outcome)) return false;
  const asked = Object.values(run.state.steps).flatMap(({ past, turns }) => [...past.flatMap((attempt) => attempt.turns), ...turns]);
  const same = asked.flatMap(({ calls }) => calls).filter(({ tool, args }) => tool === call.tool && args === call.args);
  if (same.some(({ outside }) => outside === "declined")) return false;
  return (await judgedOutside(run, call))?.decision.verdict === "ask";
}

/** The question; undefined where the policy has come to deny it. */
export async function outsideRequest(
  run: Run,
  call: CallState,
  tool: AnyObservingTool,
  signal: AbortSignal,
): Promise<ApprovalRequest | undefined> {
  const judged = await judgedOutside(run, call);
  if (!call.judged || judged?.decision.verdict !== "ask") return undefined;
  const { input } = call.judged;
  const preview = await tool.preview?.(run.world, input, signal);
  return {
    subject: { of: "outside", call: call.call },
    digest: run.world.digest(JSON.stringify(["outside", call.call, inputDigest(run.world, tool.name, input)])),
    title: "Leave the sandbox once?",
    why: "Inside it failed, and the sandbox seems to be why. Outside, nothing keeps it from your files, your keys and the network.",
    tool: tool.name,
    input: input as never,
    ...judged,
    ...(preview?.ok ? { preview: preview.value } : {}),
    grade: "critical",
    undo: "Nothing undoes what a command does outside the sandbox.",
    spend: run.state.spend,
  };
}

const isBroken = (outcome: CallOutcome): boolean => {
  if (!outcome.ok) return outcome.fault.outsideHelps === true;
  const { data } = outcome.observation;
  return typeof data === "object" && data !== null && !Array.isArray(data) && data["outsideHelps"] === true;
};

/** What the policy says of the same call where nothing confines it: it may reach everything. */
async function judgedOutside(run: Run, call: CallState): Promise<{ readonly decision: Decision; readonly risk: Risk } | undefined> {
  const role = findCall(run.state, call.call)?.step.step.role;
  const tool = run.tools.find(call.tool);
  if (!call.judged || !tool || role === undefined) return undefined;
  const told = (tool.risk as (input: unknown) => Risk)(call.judged.input);
  const { decision, risk } = await judgeCall(run, { tool: call.tool, risk: told, role, confined: false });
  return { decision, risk: { ...risk, effects: [...new Set([...risk.effects, "network" as const])], reversible: false } };
}
