// A run in this process: its journal open, its world built from the real machine. The second composition root's inner half: here, and
// only here, the command line decides which adapter stands behind which port.

import { join } from "node:path";
import { Run } from "../agent/engine.ts";
import type { Event, Limits } from "../agent/event.ts";
import type { Ask } from "../agent/model/ask.ts";
import { fold } from "../agent/reduce.ts";
import { ok, type Result } from "../agent/result.ts";
import { standardCatalog } from "../agent/tool/standard.ts";
import type { Live, Person, Search, World } from "../agent/world.ts";
import { createBlobs } from "../node/blobs.ts";
import { systemClock } from "../node/clock.ts";
import { sha256 } from "../node/digest.ts";
import { openFiles } from "../node/files.ts";
import { openJournal } from "../node/journal.ts";
import { eventFormat } from "../node/journal/event-format.ts";
import type { RunFolder } from "../node/runs.ts";
import { openShell } from "../node/shell.ts";
import type { WorkspaceHome } from "../node/state-home.ts";
import type { Io } from "./io.ts";
import { askOf, type Chosen } from "./model.ts";
import { homeOf } from "./workspace.ts";

export interface SessionParts {
  readonly io: Io;
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  readonly chosen: Chosen;
  readonly person: Person;
  readonly watch: (live: Live) => void;
  /** Something a person should know of that is no event. */
  readonly onNotice: (text: string) => void;
  /** The limits the run will have, given what its journal says. */
  readonly limits: (events: readonly Event[]) => Limits;
}

export interface Session {
  readonly run: Run;
  /** What the journal held when it was opened. */
  readonly events: readonly Event[];
  /** Waits until everything is on disk, and gives the run free. */
  close(): Promise<void>;
}

/** Faults: another process holds the run; its journal is damaged; the workspace is gone. */
export async function openSession(parts: SessionParts): Promise<Result<Session>> {
  const { io, home, folder, chosen } = parts;
  const opening = openJournal<Event>(folder.journal, eventFormat, `run ${folder.id}`);
  const [journal, files, shell] = await Promise.all([opening, openFiles(home.root), shellOf(parts)]);
  if (!journal.ok) return journal;
  if (!files.ok) {
    await journal.value.journal.close();
    return files;
  }
  const { journal: log, events } = journal.value;
  const state = fold(events);
  const clock = systemClock();
  const world: World = {
    clock,
    files: files.value,
    search: lazySearch(io, files.value),
    shell,
    blobs: createBlobs(folder.blobs),
    person: parts.person,
    rules: { policy: () => ({ guard: [], workspace: [], personal: [] }), remember: async () => ok(undefined) },
    ask: askOf(chosen, { clock, rules: rulesEngine, state, limits: parts.limits(events), onNotice: parts.onNotice }),
    digest: sha256,
    watch: parts.watch,
  };
  return ok({ run: new Run({ world, tools: standardCatalog(), log, state }), events, close: () => log.close() });
}

const shellOf = ({ io, home, folder }: SessionParts): Promise<World["shell"]> =>
  openShell({
    workspace: home.root,
    spill: folder.output,
    pids: join(folder.path, "pids"),
    cache: join(homeOf(io), "cache"),
    env: io.env,
    confine: "where possible",
  });

/** Looks for ripgrep, and loads what a search needs, when the first search comes. */
function lazySearch(io: Io, files: World["files"]): Search {
  let search: Promise<Search> | undefined;
  const open = async (): Promise<Search> => {
    const [{ createSearch }, { findRipgrep }] = await Promise.all([import("../node/search.ts"), import("../node/search/find-ripgrep.ts")]);
    return createSearch({ root: files.root, locate: (path) => files.locate(path), ripgrep: await findRipgrep(io.env["PATH"], files.root) });
  };
  return { text: async (query, signal) => (await (search ??= open())).text(query, signal) };
}

const rulesEngine: Ask = async () => ({ ok: false, fault: { kind: "unavailable", message: "The rules engine is not here yet.", retry: false } });
