// A new run that goes on from another's conversation. Its journal begins with the events of the old one, is there whole or not at all,
// and shares its images by hard links; the old run is not touched, and may be at work meanwhile.

import { copyFile, link, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Point, talkBefore } from "../agent/checkpoint.ts";
import type { Event, EventBody } from "../agent/event.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { refused } from "./errno.ts";
import { chainLines, foundJournal } from "./journal/found.ts";
import { createRun, endBefore, type RunFolder } from "./runs.ts";
import { privateFolder, type WorkspaceHome } from "./state-home.ts";

export interface Source {
  readonly folder: RunFolder;
  readonly events: readonly Event[];
}

export interface Forking {
  readonly point: Point;
  /** What the new run is told first. */
  readonly say: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Forked {
  readonly folder: RunFolder;
  /** How many events of the old run it begins with: up to the last moment at which no call was half done. */
  readonly at: number;
}

export async function forkRun(home: WorkspaceHome, { folder: from, events }: Source, forking: Forking): Promise<Result<Forked>> {
  const { point, say, now } = forking;
  const at = talkBefore(events, point.to);
  const [started, ...more] = events.slice(0, at);
  if (started?.type !== "run.started") return fail("invalid", "Before that point the run had not begun; start a new one instead.");
  const folder = await createRun(home, now);
  if (!folder.ok) return folder;
  const { id, journal, blobs } = folder.value;
  // Where the whole conversation is from elsewhere, so is a part of it.
  const brought = events.findLast((event) => event.type === "run.imported");
  const bodies: EventBody[] = [
    ...(brought && brought.seq > at ? [brought] : []),
    { type: "run.forked", from: from.id, events: at },
    ...(say !== undefined && say.trim() !== "" ? [{ type: "user.said" as const, text: say.trim() }] : []),
  ];
  try {
    await shareBlobs(from.blobs, blobs);
    const added = bodies.map((body, i): Event => ({ ...body, v: 1, seq: at + i + 1, at: now }));
    const lines = chainLines([], [{ ...started, run: id }, ...more, ...added], await endBefore(home, id));
    await foundJournal(journal, lines, lines.length);
    return ok({ folder: folder.value, at });
  } catch (error) {
    return refused(`The fork could not be kept in ${folder.value.path}`, error);
  }
}

/** What the old run's events name by digest: the same bytes under the same names, shared where the file system can. */
async function shareBlobs(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  if (names.length > 0) await mkdir(to, { mode: privateFolder });
  for (const name of names) await link(join(from, name), join(to, name)).catch(() => copyFile(join(from, name), join(to, name)));
}
