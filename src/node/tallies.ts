// What was decided in all runs of a workspace, counted. Journals are the truth: each is read once, and again only when it has grown.
// What was counted is kept beside them in one small file that may be deleted at any time.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { sumOf, Tally, tallyOf } from "../agent/observe/tally.ts";
import type { Event } from "../agent/event.ts";
import { ok, type Result } from "../agent/result.ts";
import { writeDurably } from "./durable.ts";
import { readJournal } from "./journal.ts";
import { eventFormat } from "./journal/event-format.ts";
import { listRuns } from "./runs.ts";
import { privateFile, type WorkspaceHome } from "./state-home.ts";

/** Grows with the meaning of a count; what was counted before then is counted anew. */
const version = 1;
const Kept = z.object({ version: z.literal(version), runs: z.record(z.string(), z.object({ bytes: z.number(), tally: Tally })) });
type Kept = z.infer<typeof Kept>;

/** The sum over all runs; a journal that cannot be read counts for nothing. */
export async function tallyRuns(home: WorkspaceHome): Promise<Result<{ readonly runs: number; readonly tally: Tally }>> {
  const listed = await listRuns(home);
  if (!listed.ok) return listed;
  const path = join(home.path, "tally.json");
  const before = await readKept(path);
  const runs: Kept["runs"] = {};
  let fresh = false;
  for (const { id, journal } of listed.value) {
    const bytes = await stat(journal).then(
      ({ size }) => size,
      () => 0,
    );
    const known = before.runs[id];
    if (known?.bytes === bytes) {
      runs[id] = known;
      continue;
    }
    const reading = await readJournal<Event>(journal, eventFormat);
    if (!reading.ok) continue;
    runs[id] = { bytes, tally: tallyOf(reading.value.events) };
    fresh = true;
  }
  // What cannot be kept is counted again next time.
  if (fresh) await writeDurably(path, JSON.stringify({ version, runs } satisfies Kept), privateFile).catch(() => undefined);
  const counted = Object.values(runs);
  return ok({ runs: counted.length, tally: sumOf(counted.map(({ tally }) => tally)) });
}

async function readKept(path: string): Promise<Kept> {
  const text = await readFile(path, "utf8").catch(() => "");
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    return { version, runs: {} };
  }
}
