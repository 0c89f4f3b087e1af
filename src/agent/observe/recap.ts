// Where a run stands, in few lines: for a person who takes it up again. Pure.

import type { RunState } from "../state.ts";
import { stepMark } from "./activity.ts";
import { spendText } from "./amount.ts";
import { type Line, line, marked } from "./line.ts";

export function recap(state: RunState): readonly Line[] {
  const { run, plan, ended, fuse } = state;
  if (!run) return [];
  const stood = ended ? `ended: ${ended.outcome}` : "was interrupted";
  return [
    marked("run", 0, ["strong", run.goal]),
    line(1, ["quiet", `run ${run.id} · ${stood} · ${spendText(state.spend)}`]),
    ...(fuse ? [marked("fuse", 1, ["quiet", fuse.diagnosis])] : []),
    ...(plan?.plan.steps ?? []).map((step, i) => {
      const known = state.steps[step.id];
      return marked(known ? stepMark(known, state) : "later", 1, `${i + 1}  ${step.goal}`);
    }),
  ];
}
