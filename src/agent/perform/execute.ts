// Performs "execute": measures the call again, holds it against what was approved, journals the intent, and only then acts.

import type { CallOutcome, EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { applyTouches, changeText, inputDigest, keepImages, type Measured, measure } from "../gate.ts";
import { observe } from "../observation.ts";
import { rebaseTouches } from "../rebase.ts";
import { fail, type Result } from "../result.ts";
import { type CallState, findCall } from "../state.ts";
import type { AnyChangingTool, AnyObservingTool } from "../tool/tool.ts";
import { offersOutside } from "../unconfined.ts";
import type { Touch } from "../touch.ts";

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
  const measured = await approvedChange(run, call, tool, signal);
  if (!measured.ok) return end(measured, []);
  const unjudged = tool.reach === undefined ? undefined : measured.value.touches.find((touch) => !isJudged(call, touch));
  if (unjudged)
    return end(
      fail("stale", `It would now touch ${unjudged.shown} too, which was not judged, so nothing was written; ask for it anew.`, {
        retry: true,
      }),
      [],
    );
  const kept = await keepImages(world, measured.value.changes);
  if (!kept.ok) return end(kept, []);
  const touches = [...measured.value.touches];
  await run.append({ type: "call.begun", call: call.call, digest: measured.value.digest, touches });
  await run.synced();
  const { changed, result, saved } = await applyTouches(world, touches, signal);
  if (!result.ok) return end(result, changed);
  const merged = measured.value.merged.map((shown) => `${shown} was changed by someone else meanwhile; the change was merged into that.`);
  const text = [changeText(touches, { saved }), ...merged].join("\n");
  return end({ ok: true, observation: { text, data: { files: digests(changed) }, trust: "workspace" } }, changed);
}

/** What the files hold after it, as `read_file` tells it. */
const digests = (changed: readonly Touch[]): { path: string; digest: string | null }[] =>
  changed.map(({ shown, after }) => ({ path: shown, digest: after }));

interface Ready extends Measured {
  readonly merged: readonly string[];
}

/** The change as it is made now: what was measured, or what was approved, merged into what the files have become since. */
async function approvedChange(run: Run, call: CallState, tool: AnyChangingTool, signal: AbortSignal): Promise<Result<Ready>> {
  const measured = await measure(run.world, tool, call.judged?.input, signal);
  if (call.approved === undefined || (measured.ok && call.approved === measured.value.digest))
    return measured.ok ? { ok: true, value: { ...measured.value, merged: [] } } : measured;
  const touches = call.asked?.digest === call.approved ? (call.asked.touches ?? []) : [];
  if (touches.length > 0) return rebaseTouches(run.world, call.approved, touches, signal);
  const names = measured.ok ? measured.value.touches.map((touch) => touch.shown).join(", ") : "What it changes";
  return fail(
    "stale",
    `${names} changed after this was shown and approved, so nothing was written; read it again and propose the change anew.`,
  );
}

const isJudged = ({ judged }: CallState, { path, shown }: Touch): boolean =>
  judged?.risk.paths.some((one) => one === path || one === shown) ?? false;

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
