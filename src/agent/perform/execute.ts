// Performs "execute": measures the call again, holds it against what was approved, journals the intent, and only then acts.

import type { CallOutcome, EventBody, Touch } from "../event.ts";
import type { Run } from "../engine.ts";
import { applyTouches, changeText, inputDigest, keepImages, measure } from "../gate.ts";
import { observe } from "../observation.ts";
import { type Fault, fail } from "../result.ts";
import { type CallState, findCall } from "../state.ts";
import type { AnyChangingTool, AnyObservingTool } from "../tool/tool.ts";
import { offersOutside } from "../unconfined.ts";

export async function execute(
  run: Run,
  command: { readonly do: "execute"; readonly call: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const call = findCall(run.state, command.call)?.call;
  const tool = call && run.tools.find(call.tool);
  if (!call?.judged || !tool) return undefined;
  return tool.kind === "change" ? change(run, call, tool, signal) : act(run, call, tool, signal);
}

async function change(run: Run, call: CallState, tool: AnyChangingTool, signal: AbortSignal): Promise<EventBody> {
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
  const measured = await measure(world, tool, call.judged?.input, signal);
  if (!measured.ok) return end(measured, []);
  if (call.approved !== undefined && call.approved !== measured.value.digest)
    return end({ ok: false, fault: changedMeanwhile(measured.value.touches) }, []);
  const unjudged = tool.reach === undefined ? undefined : measured.value.touches.find((touch) => !isJudged(call, touch));
  if (unjudged)
    return end(
      fail("stale", `It would now touch ${unjudged.shown} too, which was not judged, so nothing was written; ask for it anew.`, {
        retry: true,
      }),
      [],
    );
  const kept = await keepImages(world, measured.value);
  if (!kept.ok) return end(kept, []);
  const touches = [...measured.value.touches];
  await run.append({ type: "call.begun", call: call.call, digest: measured.value.digest, touches });
  await run.synced();
  const { changed, result } = await applyTouches(world, touches);
  return end(result.ok ? { ok: true, observation: { text: changeText(touches), trust: "workspace" } } : result, changed);
}

const isJudged = ({ judged }: CallState, { path, shown }: Touch): boolean =>
  judged?.risk.paths.some((one) => one === path || one === shown) ?? false;

function changedMeanwhile(touches: readonly Touch[]): Fault {
  const names = touches.map((touch) => touch.shown).join(", ");
  return fail(
    "stale",
    `${names} changed after this was shown and approved, so nothing was written; read it again and propose the change anew.`,
  ).fault;
}

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
