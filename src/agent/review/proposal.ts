// What an approved or allowed call is about to write: measured anew and held against what was approved, or, where a person decided it
// hunk by hunk, composed from what was shown. Nothing that was not judged is in it.

import { denial } from "../call-fold.ts";
import type { Run } from "../engine.ts";
import { type Measured, measure, measureChanges } from "../gate.ts";
import { judgeCall } from "../judgement.ts";
import type { RoleName } from "../plan.ts";
import { rebaseTouches } from "../rebase.ts";
import { fail, ok, type Result } from "../result.ts";
import type { CallState } from "../state.ts";
import type { Risk } from "../tool/risk.ts";
import type { AnyChangingTool } from "../tool/tool.ts";
import type { Touch } from "../touch.ts";
import { reviewed } from "./outcome.ts";

export interface Proposal {
  readonly measured: Measured;
  /** What the model hears of a person's review, or of a merge. */
  readonly told: readonly string[];
}

/** The call must be judged, and approved where it was asked. */
export async function proposalOf(
  run: Run,
  wanted: { readonly call: CallState; readonly tool: AnyChangingTool; readonly role: RoleName },
  signal: AbortSignal,
): Promise<Result<Proposal>> {
  const { call, tool } = wanted;
  if (call.hunks && call.asked) return reviewedProposal(run, wanted, signal);
  const measured = await approvedChange(run, call, tool, signal);
  if (!measured.ok) return measured;
  const unjudged = tool.reach === undefined ? undefined : measured.value.measured.touches.find((touch) => !isJudged(call, touch));
  return unjudged
    ? fail("stale", `It would now touch ${unjudged.shown} too, which was not judged, so nothing was written; ask for it anew.`, {
        retry: true,
      })
    : measured;
}

/** The change as it is made now: what was measured, or what was approved, merged into what the files have become since. */
async function approvedChange(run: Run, call: CallState, tool: AnyChangingTool, signal: AbortSignal): Promise<Result<Proposal>> {
  const measured = await measure(run.world, tool, call.judged?.input, signal);
  if (call.approved === undefined || (measured.ok && call.approved === measured.value.digest))
    return measured.ok ? ok({ measured: measured.value, told: [] }) : measured;
  const touches = call.asked?.digest === call.approved ? (call.asked.touches ?? []) : [];
  if (touches.length > 0) {
    const rebased = await rebaseTouches(run.world, call.approved, touches, signal);
    return rebased.ok ? ok({ measured: rebased.value, told: rebased.value.merged.map(mergedText) }) : rebased;
  }
  const names = measured.ok ? measured.value.touches.map((touch) => touch.shown).join(", ") : "What it changes";
  return fail(
    "stale",
    `${names} changed after this was shown and approved, so nothing was written; read it again and propose the change anew.`,
  );
}

const mergedText = (shown: string): string => `${shown} was changed by someone else meanwhile; the change was merged into that.`;

/** A person's own version is judged anew: a rule that came meanwhile, or a stricter mode, still denies it. */
async function reviewedProposal(
  run: Run,
  { call, tool, role }: { readonly call: CallState; readonly tool: AnyChangingTool; readonly role: RoleName },
  signal: AbortSignal,
): Promise<Result<Proposal>> {
  const { asked, hunks, judged } = call;
  if (!asked || !hunks) return fail("stale", "Nothing of this was decided; ask for it anew.");
  const outcome = await reviewed(run.world, { request: asked, answers: hunks }, signal);
  if (!outcome.ok) return outcome;
  const { changes, told } = outcome.value;
  if (changes.length === 0) return fail("denied", `${told ?? "The files hold this already."}\nNothing was changed.`);
  const declared = (tool.risk as (input: unknown) => Risk)(judged?.input);
  const paths = [...new Set([...declared.paths, ...changes.map(({ shown }) => shown)])];
  const { decision } = await judgeCall(run, { tool: tool.name, risk: { ...declared, paths }, role });
  if (decision.verdict === "deny") return { ok: false, fault: denial(decision) };
  const measured = measureChanges(run.world, { tool: tool.name, input: [judged?.input, hunks] }, changes);
  return ok({ measured, told: told === undefined ? [] : [told] });
}

const isJudged = ({ judged }: CallState, { path, shown }: Touch): boolean =>
  judged?.risk.paths.some((one) => one === path || one === shown) ?? false;
