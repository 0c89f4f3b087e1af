// Whether a journal still means what it says: folds it again and holds the recorded ending against the one that the events lead to.
// Pure; asks no model and touches no workspace.

import type { Event } from "../event.ts";
import { closingAnswer, ledgerOf } from "../ledger.ts";
import { type Frame, frames } from "./flights.ts";

export interface Replayed {
  readonly frames: readonly Frame[];
  /** What does not follow, one sentence each, in the order of the journal; empty where all does. */
  readonly discrepancies: readonly string[];
}

export function replay(events: readonly Event[]): Replayed {
  const all = frames(events);
  return { frames: all, discrepancies: all.flatMap(discrepanciesOf) };
}

function discrepanciesOf({ event, before, explained }: Frame): string[] {
  const unexplained = explained ? [] : [`Event ${event.seq} (${event.type}) does not follow from the events before it.`];
  if (event.type !== "run.ended") return unexplained;
  const answer = closingAnswer(before, event.outcome);
  const ledger = ledgerOf(before);
  return [
    ...unexplained,
    ...(answer === event.answer ? [] : [`Event ${event.seq} records an answer that the events before it do not lead to.`]),
    ...(same(ledger, event.ledger) ? [] : [`Event ${event.seq} records a ledger that the events before it do not lead to.`]),
  ];
}

/** Equal as JSON, whatever the order of fields. */
const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
