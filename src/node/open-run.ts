// A run opened in this process: its journal locked and folded, its world built from the real machine. The one place that decides
// which adapter stands behind which port; the command line and the editor differ only in what they hand in.

import { join } from "node:path";
import { Run } from "../agent/engine.ts";
import type { Event } from "../agent/event.ts";
import { runningJobs } from "../agent/job-fold.ts";
import { openJobs } from "../agent/jobs.ts";
import { fold } from "../agent/reduce.ts";
import { ok, type Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import { standardCatalog } from "../agent/tool/standard.ts";
import type { AnyTool } from "../agent/tool/tool.ts";
import type { Clock, Files, Live, Person, Rules, Search, World } from "../agent/world.ts";
import { createBlobs } from "./blobs.ts";
import { systemClock } from "./clock.ts";
import type { Environment } from "./config.ts";
import { sha256 } from "./digest.ts";
import { openFiles } from "./files.ts";
import { createGit } from "./git.ts";
import { openJournal } from "./journal.ts";
import { eventFormat } from "./journal/event-format.ts";
import { lazyLookout, noticed } from "./lookout/lazy.ts";
import { endBefore, type RunFolder } from "./runs.ts";
import { openSecrets } from "./secrets.ts";
import type { KnownSecret } from "./secrets/patterns.ts";
import { withoutSecrets } from "./secrets/shell.ts";
import { openShell } from "./shell.ts";
import type { WorkspaceHome } from "./state-home.ts";

export interface RunParts {
  readonly env: Environment;
  /** Our own folder for what outlives runs. */
  readonly cache: string;
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  readonly person: Person;
  readonly rules: Rules;
  /** The models, given the run as it is at any moment. */
  readonly models: (about: { readonly state: () => RunState; readonly clock: Clock }) => Pick<World, "ask" | "window">;
  readonly watch: (live: Live) => void;
  /** Secrets known by their value, besides those in the environment. */
  readonly secrets?: readonly KnownSecret[];
  /** ripgrep, where it is not on the PATH. */
  readonly ripgrep?: string;
  /** Tools that only the place the run is in has. */
  readonly tools?: readonly AnyTool[];
  /** Puts the place's own adapters before the machine's. */
  readonly around?: (world: World) => World;
}

export interface OpenedRun {
  readonly run: Run;
  /** What the journal held when it was opened. */
  readonly events: readonly Event[];
  /** To be told of files that the person writes in the place's own editor: they are no command's doing. */
  wrote(path: string): void;
  /** Waits until everything is on disk, and gives the run free. */
  close(): Promise<void>;
}

/** Faults: another process holds the run; its journal is damaged; the workspace is gone. */
export async function openRun(parts: RunParts): Promise<Result<OpenedRun>> {
  const { env, cache, home, folder, around = (world: World) => world } = parts;
  const shell = openShell({
    workspace: home.root,
    spill: folder.output,
    pids: join(folder.path, "pids"),
    cache,
    env,
    confine: "where possible",
  });
  const journal = await openJournal<Event>(folder.journal, eventFormat, {
    what: `run ${folder.id}`,
    previous: () => endBefore(home, folder.id),
  });
  const files = await openFiles(home.root);
  if (!journal.ok || !files.ok) {
    await shell.catch(() => undefined);
    if (journal.ok) await journal.value.journal.close();
    return journal.ok ? (files as Result<never>) : journal;
  }
  const { journal: log, events } = journal.value;
  const state = fold(events);
  const clock = systemClock();
  const host = await shell;
  const secrets = openSecrets(env, parts.secrets);
  const blobs = createBlobs(folder.blobs);
  const lookout = lazyLookout({ root: files.value.root, shelf: join(folder.path, "shelf"), blobs });
  for (const { job } of runningJobs(state)) await host.reap(job);
  const opened: { run?: Run } = {};
  let closing = false;
  const jobs = openJobs({
    shell: () => world.shell,
    clock,
    onOutput: (call, chunk) => parts.watch({ of: "output", call, chunk }),
    // What ends because we let go of the run is no word in its journal: a resume knows it. A journal that cannot be written ends the run.
    onEnd: (end) => void (closing || opened.run?.append({ type: "job.ended", ...end }).catch(() => undefined)),
  });
  const world: World = around({
    jobs,
    clock,
    files: files.value,
    search: lazySearch(files.value, env, parts.ripgrep),
    shell: withoutSecrets(host, secrets),
    git: createGit({ shell: host, root: home.root, env }),
    lookout,
    blobs,
    person: parts.person,
    rules: parts.rules,
    ...parts.models({ state: () => opened.run?.state ?? state, clock }),
    secrets,
    digest: sha256,
    watch: parts.watch,
  });
  const run = new Run({ world: { ...world, files: noticed(world.files, lookout) }, tools: standardCatalog(parts.tools), log, state });
  opened.run = run;
  const close = async (): Promise<void> => {
    closing = true;
    await jobs.stop("all", "run ended");
    lookout.close();
    await log.close();
  };
  return ok({ run, events, wrote: (path) => lookout.wrote(path), close });
}

/** Looks for ripgrep, and loads what a search needs, when the first search comes. */
function lazySearch(files: Files, env: Environment, ripgrep: string | undefined): Search {
  let search: Promise<Search> | undefined;
  const open = async (): Promise<Search> => {
    const [{ createSearch }, { findRipgrep }] = await Promise.all([import("./search.ts"), import("./search/find-ripgrep.ts")]);
    return createSearch({
      root: files.root,
      locate: (path) => files.locate(path),
      ripgrep: ripgrep ?? (await findRipgrep(env["PATH"], files.root)),
    });
  };
  return { text: async (query, signal) => (await (search ??= open())).text(query, signal) };
}
