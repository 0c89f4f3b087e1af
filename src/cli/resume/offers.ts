// What proviso resume does besides going on: putting files back first, or handing the run over in writing instead.

import { join } from "node:path";
import { wayBack } from "../../agent/checkpoint.ts";
import { handOver } from "../../agent/observe/hand-over.ts";
import { openRewind } from "../../node/rewind.ts";
import type { RunFolder } from "../../node/runs.ts";
import type { WorkspaceHome } from "../../node/state-home.ts";
import { exit, type Io, jsonLine, refuse } from "../io.ts";
import { readRun } from "../reading.ts";
import { homeOf } from "../workspace.ts";

interface Wanted {
  readonly more: boolean;
  readonly replan: boolean;
  readonly "roll-back": boolean;
  readonly "hand-over": boolean;
}

/** Why the flags cannot all be meant; undefined where they can. */
export function contradiction({ more, replan, "roll-back": back, "hand-over": hand }: Wanted): string | undefined {
  if (more && replan) return "Choose one of --more and --replan.";
  if (hand && (more || replan || back)) return "--hand-over leaves the run as it is; give it alone.";
  return undefined;
}

/** The hand-over on stdout, also of a damaged or a running run: of all that can be trusted. */
export async function tellHandOver(io: Io, home: WorkspaceHome, id: string, json: boolean): Promise<number> {
  const read = await readRun(home, id);
  if (!read.ok) return refuse(io, read.fault);
  const markdown = handOver(read.value.events);
  io.stdout.write(json ? jsonLine({ run: id, markdown }) : markdown);
  return read.value.damage ? refuse(io, read.value.damage) : exit.done;
}

/** Puts files back as they were before what stopped the run. Whoever gives the flag has said so: it does not ask. */
export async function rollBack(io: Io, home: WorkspaceHome, folder: RunFolder, signal: AbortSignal): Promise<number> {
  const opened = await openRewind({ env: io.env, cache: join(homeOf(io), "cache"), home, folder });
  if (!opened.ok) return refuse(io, opened.fault);
  const rewind = opened.value;
  const point = wayBack(rewind.events);
  if (!point) {
    io.stderr.write("proviso: the run has changed no file; nothing had to be put back.\n");
    return exit.done;
  }
  const plan = await rewind.plan(point, () => "mine", signal);
  const done = await rewind.restore(point, plan, signal);
  if (!done.ok) return refuse(io, done.fault);
  const { changed, kept } = done.value;
  const files = changed.map(({ shown }) => shown).join(", ") || "no file";
  io.stderr.write(`proviso: put back ${files}, as it was ${point.point}; "proviso checkpoints" lists how to take that back.\n`);
  for (const { shown, why } of kept) io.stderr.write(`proviso: ${shown} was left alone: ${why}\n`);
  return exit.done;
}
