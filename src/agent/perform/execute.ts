// Performs "execute": measures the call again, holds it against what was approved, journals the intent, and only then acts.

import type { CallOutcome, EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { applyTouches, changeText, inputDigest, keepImages } from "../gate.ts";
import { observe } from "../observation.ts";
import type { RoleName } from "../plan.ts";
import { problemsBefore, problemsSince } from "../problem-delta.ts";
import { fail } from "../result.ts";
import { proposalOf } from "../review/proposal.ts";
import { type CallState, findCall } from "../state.ts";
import type { AnyChangingTool, AnyObservingTool } from "../tool/tool.ts";
import { offersOutside } from "../unconfined.ts";
import type { Touch } from "../touch.ts";

export async function execute(
  run: Run,
  command: { readonly do: "execute"; readonly call: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const found = findCall(run.state, command.call);
  const tool = found && run.tools.find(found.call.tool);
  if (!found?.call.judged || !tool) return undefined;
  const { call, step } = found;
  return tool.kind === "change" ? change(run, { call, tool, role: step.step.role }, signal) : act(run, call, tool, signal);
}

async function change(
  run: Run,
  { call, tool, role }: { readonly call: CallState; readonly tool: AnyChangingTool; readonly role: RoleName },
  signal: AbortSignal,
): Promise<EventBody> {
  const { world } = run;
  const started = world.clock.now();
  const end = (outcome: CallOutcome, changed: readonly Touch[]): EventBody => ({
    type: "call.ended",
    call: call.call,
    outcome,
    changed: [...changed],
    effects: call.judged?.risk.effects ?? [],
    ms: world.clock.now() - started,
  });
  const proposal = await proposalOf(run, { call, tool, role }, signal);
  if (!proposal.ok) return end(proposal, []);
  const { measured, told } = proposal.value;
  const kept = await keepImages(world, measured.changes);
  if (!kept.ok) return end(kept, []);
  const touches = [...measured.touches];
  await run.append({ type: "call.begun", call: call.call, digest: measured.digest, touches });
  await run.synced();
  const known = problemsBefore(world, touches);
  const { changed, result, saved } = await applyTouches(world, touches, signal);
  if (!result.ok) return end(result, changed);
  const problems = await problemsSince(world, { touches, known }, signal);
  const text = [changeText(touches, { saved }), ...told, ...digestTexts(told, changed), ...problems].join("\n");
  return end({ ok: true, observation: { text, data: { files: digests(changed) }, trust: "workspace" } }, changed);
}

/** What was decided by hand is not what the model knows: it hears by what name to know it. */
const digestTexts = (told: readonly string[], changed: readonly Touch[]): readonly string[] =>
  told.length === 0
    ? []
    : changed.flatMap(({ shown, after }) => (after === null ? [] : [`${shown} now has the digest ${after.slice(0, 12)}.`]));

/** What the files hold after it, as `read_file` tells it. */
const digests = (changed: readonly Touch[]): { path: string; digest: string | null }[] =>
  changed.map(({ shown, after }) => ({ path: shown, digest: after }));

async function act(run: Run, call: CallState, tool: AnyObservingTool, signal: AbortSignal): Promise<EventBody> {
  const digest = inputDigest(run.world, tool.name, call.judged?.input);
  if (call.approved !== undefined && call.approved !== digest) {
    return {
      type: "call.ended",
      call: call.call,
      outcome: fail("stale", "What was approved is not this call; nothing was done."),
      changed: [],
      effects: [],
      ms: 0,
    };
  }
  await run.append({ type: "call.begun", call: call.call, digest, touches: [] });
  if (call.judged?.risk.effects.some((effect) => effect !== "read")) await run.synced();
  const ending = await observe(run, call, tool, signal);
  return (await offersOutside(run, call, ending.outcome)) ? { ...ending, offer: "outside" } : ending;
}
