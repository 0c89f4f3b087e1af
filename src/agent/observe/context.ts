// How full each request of a run made the model's window, as the provider counted; and what the next one would be made of. A pure fold.

import type { Event } from "../event.ts";
import { contextUse, type ContextUse } from "../memory/meter.ts";
import { categories } from "../memory/part.ts";
import { rulesModel } from "../model/ask.ts";
import { fold } from "../reduce.ts";
import type { Catalog } from "../tool/catalog.ts";
import { tokens } from "./amount.ts";
import { type Line, line } from "./line.ts";

export interface ContextRow {
  readonly seq: number;
  readonly step: string;
  readonly turn: number;
  /** Tokens of the request. */
  readonly input: number;
  /** Tokens that request and reply could take; absent where nobody knew. */
  readonly window?: number | undefined;
}

/** Every request of a step, oldest first. */
export const contextRows = (events: readonly Event[]): readonly ContextRow[] =>
  events.flatMap((event) =>
    event.type === "model.replied"
      ? [{ seq: event.seq, step: event.step, turn: event.turn, input: event.usage.input, window: event.window }]
      : [],
  );

/** The same in lines, and below them the next request by category, where there will be one. */
export function contextLines(events: readonly Event[], catalog: Pick<Catalog, "specs">): readonly Line[] {
  if (events.some((event) => event.type === "run.started" && event.model === rulesModel))
    return [line(0, "The rules engine worked here: it reads no prompt, so there is no window to fill.")];
  const rows = contextRows(events).map(({ seq, step, turn, input, window }) =>
    line(1, ["quiet", `${String(seq).padStart(4)}  `], `${step} turn ${turn + 1}  ${tokens(input)}`, [
      "quiet",
      `  ${shareText(input, window)}`,
    ]),
  );
  const next = contextUse(fold(events), catalog);
  return [
    line(0, ["strong", rows.length === 0 ? "no request of a step yet" : "requests so far"]),
    ...rows,
    ...(next ? nextLines(next) : []),
  ];
}

function nextLines({ step, used, window, tokens: sizes, summarised }: ContextUse): readonly Line[] {
  return [
    line(0, ["strong", `next request, ${step}: about ${tokens(used)}`], ["quiet", `  ${shareText(used, window)}`]),
    ...categories
      .filter((category) => sizes[category] > 0)
      .map((category) =>
        line(1, category.padEnd(13), tokens(sizes[category]), ["quiet", `  ${shareText(sizes[category], window ?? used)}`]),
      ),
    ...(window === undefined ? [] : [line(1, "free".padEnd(13), tokens(Math.max(0, window - used)))]),
    ...(summarised > 0 ? [line(1, ["quiet", `its first ${summarised} turns are told by a summary`])] : []),
  ];
}

const shareText = (input: number, window: number | undefined): string =>
  window === undefined ? "of a window that is not known" : `${Math.round((input / window) * 100)} % of ${tokens(window)}`;
