// Reads a run that was packed into a file, and believes nothing of it: every line must follow the one before, every image must be what its
// name says, and nothing may be missing. Pure but for inflating; a bare journal is a parcel without label and images.

import { isUtf8 } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import * as z from "zod";
import type { Event } from "../../agent/event.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import { sha256 } from "../digest.ts";
import { eventFormat } from "../journal/event-format.ts";
import { readJournalLines } from "../journal/lines.ts";
import { isRunId } from "../run-id.ts";
import { AnyLabel, Image, Label, parcelVersion } from "./format.ts";

export interface Unpacked {
  readonly run: string;
  /** The journal's lines, without their line breaks. */
  readonly lines: readonly string[];
  readonly events: readonly Event[];
  /** Of each line. */
  readonly digests: readonly string[];
  readonly images: readonly Uint8Array[];
}

/** No file that is edited is as large. */
const mostBytes = 256 * 1024 * 1024;

/** `path` is for the fault. */
export function unpack(content: Uint8Array, path: string): Result<Unpacked> {
  const damaged = (why: string): ReturnType<typeof fail> => fail("broken", `${path} is damaged: ${why}; export the run again.`);
  if (!isUtf8(content)) return stranger(path);
  const label = labelOf(content, path);
  if (!label.ok) return label;
  const from = label.value === undefined ? 0 : content.indexOf(0x0a) + 1;
  const to = label.value === undefined ? content.length : after(content, from, label.value.lines);
  const journal = content.subarray(from, to);
  const { events, bytes, chain, damage } = readJournalLines<Event>(journal, eventFormat, path);
  if (damage && damage.kind === "invalid") return newer(path);
  if (damage) return damaged(`line ${damage.line} of its journal ${damage.why}`);
  const [started] = events;
  if (label.value !== undefined && events.length < label.value.lines)
    return damaged(`it is cut off after ${events.length} of ${label.value.lines} lines of its journal`);
  if (started?.type !== "run.started" || !isRunId(started.run)) return stranger(path);
  if (label.value !== undefined && (started.run !== label.value.run || sha256(journal) !== label.value.sha256))
    return damaged("its journal is not the one that was exported");
  const images = label.value === undefined ? ok([]) : imagesOf(content.subarray(to), label.value.images, damaged);
  if (!images.ok) return images;
  const lines = Buffer.from(journal.subarray(0, bytes)).toString("utf8").split("\n").slice(0, -1);
  return ok({ run: started.run, lines, events, digests: chain.digests, images: images.value });
}

const stranger = (path: string): ReturnType<typeof fail> => fail("invalid", `${path} is no exported run; "proviso export" makes one.`);
const newer = (path: string): ReturnType<typeof fail> =>
  fail("invalid", `${path} was written by a newer Proviso; upgrade Proviso to import it.`);

/** Undefined for a bare journal. */
function labelOf(content: Uint8Array, path: string): Result<Label | undefined> {
  const end = content.indexOf(0x0a);
  const first = parseJson(content.subarray(0, end === -1 ? content.length : end));
  const label = Label.safeParse(first);
  if (label.success) return ok(label.data);
  const any = AnyLabel.safeParse(first);
  if (any.success && any.data.v > parcelVersion) return newer(path);
  return Started.safeParse(first).success ? ok(undefined) : stranger(path);
}

const Started = z.object({ type: z.literal("run.started"), v: z.number() });

/** Where so many lines end; the end of it all where there are fewer. */
function after(content: Uint8Array, from: number, lines: number): number {
  let at = from;
  for (let i = 0; i < lines; i++) {
    const end = content.indexOf(0x0a, at);
    if (end === -1) return content.length;
    at = end + 1;
  }
  return at;
}

function imagesOf(content: Uint8Array, wanted: number, damaged: (why: string) => ReturnType<typeof fail>): Result<readonly Uint8Array[]> {
  const images: Uint8Array[] = [];
  const lines = Buffer.from(content).toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) {
    const image = Image.safeParse(parseJson(Buffer.from(line)));
    const bytes = image.success ? inflated(image.data.bytes) : undefined;
    if (!image.success || bytes === undefined || sha256(bytes) !== image.data.image)
      return damaged(`image ${images.length + 1} of ${wanted} is not what was exported`);
    images.push(bytes);
  }
  return images.length === wanted ? ok(images) : damaged(`it holds ${images.length} of ${wanted} images`);
}

function inflated(base64: string): Uint8Array | undefined {
  try {
    return inflateRawSync(Buffer.from(base64, "base64"), { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
