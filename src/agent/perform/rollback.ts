// Performs "rollback": takes back what a failed attempt changed, so that the next one starts where it started.
// Safe to repeat: a file that already holds its old content counts as restored. What someone else wrote since is merged, never dropped.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { restoreTouches, unwind } from "../unwind.ts";

export async function rollback(
  run: Run,
  command: { readonly do: "rollback"; readonly step: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const step = run.state.steps[command.step];
  if (!step) return undefined;
  await run.synced();
  const made = step.turns.flatMap((turn) => turn.calls).flatMap((call) => call.ended?.changed ?? []);
  const plan = await unwind(run.world, made, signal);
  const { changed, kept } = await restoreTouches(run.world, plan.touches);
  return {
    type: "step.restored",
    step: command.step,
    attempt: step.attempt,
    restored: [...changed.map(({ shown }) => shown), ...plan.same],
    kept: [...plan.kept, ...kept].map(({ shown }) => shown),
    changed: [...changed],
  };
}
