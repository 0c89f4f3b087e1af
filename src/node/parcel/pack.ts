// Packs a run into one file. What its journal says has no secrets, for they were taken out at its door; images are files as they were, so
// one that holds a secret, or whose name says so, stays behind and is named. Reads without the run's lock, so also while it is at work.

import { readdir, readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import type { Event } from "../../agent/event.ts";
import { compileGlob, compilePath, meets } from "../../agent/policy/glob.ts";
import { likelySecrets, secrets as secretPlaces, templates } from "../../agent/policy/places.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Left, Touch } from "../../agent/touch.ts";
import type { Secrets } from "../../agent/world.ts";
import { createBlobs } from "../blobs.ts";
import { sha256 } from "../digest.ts";
import { writeDurably } from "../durable.ts";
import { isMissing, refused } from "../errno.ts";
import { eventFormat } from "../journal/event-format.ts";
import { readJournalLines } from "../journal/lines.ts";
import type { RunFolder } from "../runs.ts";
import { privateFile } from "../state-home.ts";
import type { Image, Label } from "./format.ts";

export interface Parcel {
  readonly label: Label;
  /** The digest of the journal's last line, as `proviso audit verify` tells it. */
  readonly head: string;
  readonly content: Uint8Array;
  /** Files whose images stayed behind: the changes to them cannot be taken back from this parcel. */
  readonly left: readonly Left[];
}

/** Faults: its journal is damaged or cannot be read. An image that is gone already is left. */
export async function packRun(folder: RunFolder, secrets: Secrets): Promise<Result<Parcel>> {
  try {
    const content = await readFile(folder.journal);
    const { events, bytes, chain, damage } = readJournalLines<Event>(content, eventFormat, folder.journal);
    if (damage) return { ok: false, fault: damage };
    if (events.length === 0) return fail("missing", `The run ${folder.id} was cut off before it began; there is nothing to export.`);
    const journal = content.subarray(0, bytes);
    const { images, left } = await imagesOf(folder, namesOf(events), secrets);
    const label: Label = {
      proviso: "run",
      v: 1,
      run: folder.id,
      lines: events.length,
      sha256: sha256(journal),
      images: images.length,
    };
    const lines = (values: readonly object[]): Buffer => Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
    return ok({ label, head: chain.digests.at(-1) ?? "", content: Buffer.concat([lines([label]), journal, lines(images)]), left });
  } catch (error) {
    return refused(`The run ${folder.id} could not be read`, error);
  }
}

/** Writes a parcel where no file is yet. */
export async function writeParcel(path: string, { content }: Parcel): Promise<Result<void>> {
  try {
    if (await exists(path)) return fail("invalid", `${path} exists already; name another file.`);
    await writeDurably(path, content, privateFile);
    return ok(undefined);
  } catch (error) {
    return refused(`The run could not be written to ${path}`, error);
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );

/** The images a restore could ask for, each with the files that held it. */
function namesOf(events: readonly Event[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const { before, after, shown } of events.flatMap(touchesOf))
    for (const digest of [before, after]) if (digest !== null) names.set(digest, [...new Set([...(names.get(digest) ?? []), shown])]);
  return names;
}

function touchesOf(event: Event): readonly Touch[] {
  switch (event.type) {
    case "call.begun":
      return event.touches;
    case "call.ended":
    case "restore.ended":
      return event.changed;
    case "step.restored":
      return event.changed ?? [];
    case "restore.begun":
      return event.files;
    default:
      return [];
  }
}

async function imagesOf(
  { blobs }: RunFolder,
  names: ReadonlyMap<string, readonly string[]>,
  secrets: Secrets,
): Promise<{ readonly images: readonly Image[]; readonly left: readonly Left[] }> {
  const store = createBlobs(blobs);
  const kept = new Set((await readdir(blobs).catch(() => [])).map((name) => name.replace(/\.z$/, "")));
  const images: Image[] = [];
  const left = new Map<string, Left>();
  for (const [digest, files] of names) {
    if (!kept.has(digest)) continue;
    const found = await store.get(digest);
    const why = found.ok ? await whyNot(found.value, files, secrets) : found.fault.message;
    if (!found.ok || why !== undefined) for (const shown of files) left.set(shown, { shown, why: why ?? "" });
    else images.push({ image: digest, bytes: (await promisify(deflateRaw)(found.value)).toString("base64") });
  }
  return { images, left: [...left.values()] };
}

/** Why an image must not leave this machine, if so. */
async function whyNot(bytes: Uint8Array, files: readonly string[], secrets: Secrets): Promise<string | undefined> {
  if (files.some(isSecretPlace)) return "such files hold secrets.";
  const text = Buffer.from(bytes).toString("utf8");
  return (await secrets.redact(text)) === text ? undefined : "a secret was found in it.";
}

function isSecretPlace(path: string): boolean {
  const fits = (patterns: readonly string[]): boolean => patterns.some((one) => meets(compileGlob(one), compilePath(path), "folded"));
  return (fits(secretPlaces) || fits(likelySecrets)) && !fits(templates);
}
