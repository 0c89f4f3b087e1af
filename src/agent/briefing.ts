// What is known of a workspace before a run begins: its own rules, how its tests run, what lies at its top.
// Gathered once and journaled with run.started, so that every later prompt is a fold of the journal and not of the disk.

import type { Briefing } from "./event.ts";
import { findTestCommand } from "./test-command.ts";
import type { World } from "./world.ts";

const mostEntries = 40;
const guideChars = 4000;
const maxBytes = 1_000_000;
/** Where projects keep their words to agents; the first that exists counts. */
const guides = ["AGENTS.md", "CLAUDE.md", ".github/copilot-instructions.md"] as const;

/** Never fails: what cannot be read is not known. Rejects only when cancelled. */
export async function brief(world: Pick<World, "files">, signal: AbortSignal): Promise<Briefing> {
  const read = (path: string): Promise<string | undefined> => readText(world, path, signal);
  const list = (path: string): Promise<readonly string[]> => listNames(world, path, signal);
  const [guide, test, entries] = await Promise.all([findGuide(read), findTestCommand(read, list), list(".")]);
  const shown = entries.length > mostEntries ? [...entries.slice(0, mostEntries), "…"] : [...entries];
  return { ...(guide === undefined ? {} : { guide }), ...(test === undefined ? {} : { test }), entries: shown };
}

async function findGuide(read: (path: string) => Promise<string | undefined>): Promise<string | undefined> {
  for (const path of guides) {
    const text = (await read(path))?.trim();
    if (text) return text.length > guideChars ? `${text.slice(0, guideChars)} [cut; ${path} holds the rest]` : text;
  }
  return undefined;
}

async function readText(world: Pick<World, "files">, path: string, signal: AbortSignal): Promise<string | undefined> {
  const place = await world.files.locate(path);
  if (!place.ok || !place.value.inside || place.value.kind !== "file") return undefined;
  const image = await world.files.read(place.value.real, { maxBytes }, signal);
  return image.ok ? new TextDecoder().decode(image.value.bytes) : undefined;
}

/** Names in a folder of the workspace, without the way there; one more than is shown, so that "more" can be told. */
async function listNames(world: Pick<World, "files">, path: string, signal: AbortSignal): Promise<readonly string[]> {
  const place = await world.files.locate(path);
  if (!place.ok || !place.value.inside || place.value.kind !== "folder") return [];
  const listing = await world.files.list(place.value.real, { depth: 1, limit: mostEntries + 1 }, signal);
  const below = place.value.shown === "." ? "" : `${place.value.shown}/`;
  return listing.ok ? listing.value.entries.map((entry) => (entry.startsWith(below) ? entry.slice(below.length) : entry)) : [];
}
