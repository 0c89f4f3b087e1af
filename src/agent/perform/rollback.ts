// Performs "rollback": puts back the files that a failed attempt changed, so that the next one starts where it started.
// Safe to repeat: a file that already holds its old content counts as restored.

import { undoTouches } from "../gate.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { changedPaths } from "../state.ts";

export async function rollback(
  run: Run,
  command: { readonly do: "rollback"; readonly step: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const step = run.state.steps[command.step];
  if (!step) return undefined;
  await run.synced();
  const { restored, kept } = await undoTouches(run.world, changedPaths(step), signal);
  return { type: "step.restored", step: command.step, attempt: step.attempt, restored: [...restored], kept: [...kept] };
}
