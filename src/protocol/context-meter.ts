// How full the model's window is, in words and shares: what the meter under the header draws. Pure. Loaded with the run, not with the chat:
// it puts the next request together to measure it.

import { contextUse, type ContextUse } from "../agent/memory/meter.ts";
import { categories, type Category } from "../agent/memory/part.ts";
import { tokens } from "../agent/observe/amount.ts";
import type { RunState } from "../agent/state.ts";
import type { Catalog } from "../agent/tool/catalog.ts";
import type { ContextMeter, ContextShare } from "./to-view.ts";

const names: Readonly<Record<Category, string>> = {
  tools: "Tools",
  instructions: "Instructions",
  briefing: "Workspace and its rules",
  plan: "Goal and plan",
  lessons: "Lessons",
  conversation: "Conversation",
  results: "Tool results",
};

/** Undefined where no step will make a request. */
export function contextMeter(state: RunState, tools: Pick<Catalog, "specs">): ContextMeter | undefined {
  const use = contextUse(state, tools);
  const ids = Object.keys(state.steps);
  return use && drawn(use, ids.length > 1 ? ids.indexOf(use.step) + 1 : undefined);
}

/** `step`: its number, where there are several. */
function drawn({ tokens: sizes, used, window, summarised }: ContextUse, step: number | undefined): ContextMeter {
  const whole = window ?? used;
  const share = (of: number): number => Math.min(100, Math.round((of / Math.max(1, whole)) * 1000) / 10);
  const rows = categories
    .filter((category) => sizes[category] > 0)
    .map((category): ContextShare => ({ name: names[category], amount: tokens(sizes[category]), share: share(sizes[category]) }));
  const free =
    window === undefined ? [] : [{ name: "Free", amount: tokens(Math.max(0, window - used)), share: share(Math.max(0, window - used)) }];
  return {
    step,
    said: window === undefined ? `about ${tokens(used)}` : `about ${tokens(used).replace(/ tokens?$/, "")} of ${tokens(window)}`,
    full: window === undefined ? undefined : share(used),
    rows: [...rows, ...free],
    notes: [
      ...(window === undefined ? ["How many tokens the model can take is not known."] : []),
      ...(summarised > 0 ? [`The first ${summarised} turns are told by a summary.`] : []),
    ],
  };
}
