// Performs "rollback": takes back what a failed attempt changed, so that the next one starts where it started.
// Safe to repeat: a file that already holds its old content counts as restored. What someone else wrote since is merged, never dropped.
// What a command changed is only known by looking before and after it. Where anything shows that somebody else works on such a file it is
// left alone; where nothing does it goes back, is named as such, and what it held is kept, so that a person can have it back.

import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import type { StepState } from "../state.ts";
import type { Touch } from "../touch.ts";
import { restoreTouches, unwind } from "../unwind.ts";

export async function rollback(
  run: Run,
  command: { readonly do: "rollback"; readonly step: string },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const step = run.state.steps[command.step];
  if (!step) return undefined;
  await run.synced();
  const { made, commanded } = madeBy(step);
  const doubtful = new Set<string>();
  for (const path of commanded) {
    const chain = made.filter((touch) => touch.path === path);
    if (!(await isAlone(run, chain, signal))) doubtful.add(path);
  }
  const plan = await unwind(
    run.world,
    made.filter(({ path }) => !doubtful.has(path)),
    signal,
  );
  const { changed, kept } = await restoreTouches(run.world, plan.touches);
  const left = new Set(made.filter(({ path }) => doubtful.has(path)).map(({ shown }) => shown));
  const unsure = changed.filter(({ path }) => commanded.has(path)).map(({ shown }) => shown);
  return {
    type: "step.restored",
    step: command.step,
    attempt: step.attempt,
    restored: [...changed.map(({ shown }) => shown), ...plan.same],
    kept: [...left, ...[...plan.kept, ...kept].map(({ shown }) => shown)],
    changed: [...changed],
    ...(unsure.length > 0 ? { commanded: unsure } : {}),
  };
}

/** All that the attempt changed, in order, and the files of it that a command had its hand in. */
function madeBy(step: StepState): { readonly made: readonly Touch[]; readonly commanded: ReadonlySet<string> } {
  const calls = step.turns.flatMap((turn) => turn.calls);
  const byCommand = calls.filter(({ begun }) => begun === undefined || begun.touches.length === 0);
  const touchesOf = (some: typeof calls): readonly Touch[] => some.flatMap(({ ended }) => ended?.changed ?? []);
  return { made: touchesOf(calls), commanded: new Set(touchesOf(byCommand).map(({ path }) => path)) };
}

/** Whether every change found the file as the one before it left it, and the file is still so, or back already. */
async function isAlone({ world }: Run, chain: readonly Touch[], signal: AbortSignal): Promise<boolean> {
  if (chain.some(({ before }, at) => at > 0 && before !== chain[at - 1]?.after)) return false;
  const [first, last] = [chain[0], chain.at(-1)];
  if (!first || !last) return true;
  const image = await world.files.read(first.path, { maxBytes: Number.POSITIVE_INFINITY }, signal);
  if (!image.ok && image.fault.kind !== "missing") return false;
  const now = image.ok ? image.value.digest : null;
  return now === last.after || now === first.before;
}
