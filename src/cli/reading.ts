// A run as it lies on disk, for commands that only tell of it: found by name, read without taking its lock, told from damage.

import type { Event } from "../agent/event.ts";
import { type Fault, ok, type Result } from "../agent/result.ts";
import { readJournal } from "../node/journal.ts";
import { eventFormat } from "../node/journal/event-format.ts";
import { findRun, type RunFolder } from "../node/runs.ts";
import type { WorkspaceHome } from "../node/state-home.ts";

export interface ReadRun {
  readonly folder: RunFolder;
  readonly events: readonly Event[];
  /** What ended the reading early; the events before it can be trusted. */
  readonly damage: Fault | undefined;
}

/** Faults: no such run, a journal that cannot be read at all. */
export async function readRun(home: WorkspaceHome, name: string | undefined): Promise<Result<ReadRun>> {
  const folder = await findRun(home, name);
  if (!folder.ok) return folder;
  const reading = await readJournal<Event>(folder.value.journal, eventFormat);
  return reading.ok ? ok({ folder: folder.value, events: reading.value.events, damage: reading.value.damage }) : reading;
}
