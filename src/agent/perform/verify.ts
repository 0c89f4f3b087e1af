// Performs "verify": runs the proof of a step or of a success criterion and records what it found. Only this sets a step verified.

import { passingJobs } from "../job-fold.ts";
import { evidenceFor } from "../proof.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";

type Verify = { readonly do: "verify"; readonly of: { readonly step: string } | { readonly criterion: number } };

export async function verify(run: Run, command: Verify, signal: AbortSignal): Promise<EventBody | undefined> {
  const { of } = command;
  await run.synced();
  if ("criterion" in of) {
    const check = run.state.run?.criteria[of.criterion];
    if (!check) return undefined;
    const found = await evidenceFor(run, check, { name: `criterion-${of.criterion}`, step: undefined }, signal);
    if (!found.ok) return { type: "model.failed", purpose: "judge", fault: found.fault };
    return { type: "criterion.checked", criterion: of.criterion, ...found.value };
  }
  const step = run.state.steps[of.step];
  if (!step) return undefined;
  await run.world.jobs.stop(passingJobs(run.state, of.step), "step ended");
  const found = await evidenceFor(run, step.step.check, { name: `check-${of.step}-${step.attempt}`, step }, signal);
  if (!found.ok) return { type: "model.failed", purpose: "judge", step: of.step, fault: found.fault };
  return { type: "step.checked", step: of.step, attempt: step.attempt, ...found.value };
}
