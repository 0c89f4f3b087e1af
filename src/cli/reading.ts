// A run as it lies on disk, for commands that only tell of it: found by name, read without taking its lock, told from damage.

import type { Event } from "../agent/event.ts";
import { type Fault, ok, type Result } from "../agent/result.ts";
import { readJournal } from "../node/journal.ts";
import { eventFormat } from "../node/journal/event-format.ts";
import { findRun, type RunFolder } from "../node/runs.ts";
import type { WorkspaceHome } from "../node/state-home.ts";
import { parseArguments } from "./arguments.ts";
import { exit, type Help, type Io, refuse } from "./io.ts";
import { findWorkspace } from "./workspace.ts";

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

/** The run that the words of a command name, for commands that take nothing else; the exit code where they are wrong or ask for help. */
export async function namedRun(args: readonly string[], io: Io, help: Help): Promise<(ReadRun & { readonly json: boolean }) | number> {
  const parsed = parseArguments(args, {}, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const read = await readRun(home.value, operands[0]);
  return read.ok ? { ...read.value, json: options.json } : refuse(io, read.fault);
}
