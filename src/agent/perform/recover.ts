// Performs "recover": settles a call that a dead process had begun. File changes are told by the files themselves; a harmless
// call is run again; anything else is asked, because its effects are unknown. Nothing is ever blindly repeated.

import type { ApprovalRequest } from "../approval.ts";
import { askPerson } from "../asking.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { changeText, finishTouches } from "../gate.ts";
import { observe } from "../observation.ts";
import { type Fault, fail } from "../result.ts";
import { type CallState, findCall } from "../state.ts";
import type { AnyObservingTool, Recovery } from "../tool/tool.ts";
import type { Left } from "../touch.ts";

export async function recover(
  run: Run,
  command: { readonly do: "recover"; readonly call: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const call = findCall(run.state, command.call)?.call;
  const tool = call && run.tools.find(call.tool);
  if (!call?.begun) return undefined;
  if (!tool) return endedBadly(call, fail("missing", `The tool ${call.tool} is not here any more; how the call ended is unknown.`).fault);
  if (tool.kind === "change") {
    const touches = [...call.begun.touches];
    const { changed, result } = await finishTouches(run.world, touches, signal);
    const outcome = result.ok ? { ok: true as const, observation: { text: changeText(touches), trust: "workspace" as const } } : result;
    return { type: "call.ended", call: call.call, outcome, changed: [...changed], effects: call.judged?.risk.effects ?? [], ms: 0 };
  }
  await run.world.shell.reap(call.call);
  const recovery =
    typeof tool.recovery === "function" ? (tool.recovery as (input: unknown) => Recovery)(call.judged?.input) : tool.recovery;
  return recovery === "rerun" ? observe(run, call, tool, signal) : asking(run, call, tool, signal);
}

async function asking(run: Run, call: CallState, tool: AnyObservingTool, signal: AbortSignal): Promise<EventBody> {
  const { state } = run;
  const subject = { of: "recovery" as const, call: call.call };
  const request: ApprovalRequest = {
    subject,
    digest: call.begun?.digest ?? "",
    title: call.outside === "approved" ? "Run this again, outside the sandbox?" : "Run this again?",
    why: "It had begun when Proviso was interrupted. Whether it did its work is unknown: check, then approve to run it again, or reject to leave it.",
    tool: tool.name,
    input: call.judged?.input as never,
    ...(call.judged ? { risk: call.judged.risk, decision: call.judged.decision } : {}),
    spend: state.spend,
  };
  const resolution = await askPerson(run, request, signal);
  await run.append({ type: "approval.given", subject, resolution });
  if (resolution.answer === "approve" && resolution.by === "person" && resolution.digest === request.digest)
    return observe(run, call, tool, signal);
  const why = resolution.answer === "reject" && !resolution.unattended ? ` The user says: ${resolution.why}` : "";
  return endedBadly(
    call,
    fail(
      "unavailable",
      `This call had begun when Proviso was interrupted, and how it ended is unknown. Look at its effects before you run it again.${why}`,
    ).fault,
    [{ shown: ".", why: "Proviso was interrupted while it ran, so what it had changed by then is not known." }],
  );
}

const endedBadly = (call: CallState, fault: Fault, unkept: readonly Left[] = []): EventBody => ({
  type: "call.ended",
  call: call.call,
  outcome: { ok: false, fault },
  changed: [],
  ...(unkept.length > 0 ? { unkept: [...unkept] } : {}),
  effects: call.judged?.risk.effects ?? [],
  ms: 0,
});
