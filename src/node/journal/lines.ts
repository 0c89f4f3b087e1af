// What a journal file says: bytes in, events out. Pure; the same reading serves opening for writing and `show`.
// Only the last line can be torn (a write that did not finish), and it was never acknowledged. Anything wrong before it is damage, a
// line that does not follow the one before it too: what came before is still given, with a fault that names the line.

import { isUtf8 } from "node:buffer";
import { type Fault, fail, type Result } from "../../agent/result.ts";
import { type Anchor, ChainReader } from "./chain.ts";

/** The language of one journal: how to know a line, and how to lift the lines of earlier versions to the newest. */
export interface JournalFormat<Event> {
  /** The newest version of a line's `v`, the one this program writes. */
  readonly version: number;
  /** Keyed by the version a line has, makes it one of the next. */
  readonly upcasts: Readonly<Record<number, (line: Readonly<Record<string, unknown>>) => Record<string, unknown>>>;
  /** Parses a line of the newest version; the message of a fault completes "line 7 …". */
  readonly parse: (line: unknown) => Result<Event>;
  /** Says why an event may not stand at this place (counted from 0) of the journal, if it may not. */
  readonly misplaced?: (event: Event, index: number) => string | undefined;
}

export interface JournalReading<Event> {
  readonly events: readonly Event[];
  /** How many bytes from the start hold these events; a torn last line begins here. */
  readonly bytes: number;
  readonly chain: ChainReading;
  /** Set where damage ended the reading early. */
  readonly damage?: Damage;
}

/** What the lines that can be trusted say of their chain. */
export interface ChainReading {
  /** Of each line, in order. */
  readonly digests: readonly string[];
  /** The first line that is chained, counted from 1; undefined where none is: it was written before there was a chain. */
  readonly since: number | undefined;
  /** What the first line stands on. */
  readonly origin: { readonly prev: string; readonly after: Anchor | undefined } | undefined;
}

/** A fault that knows its place. */
export interface Damage extends Fault {
  /** Counted from 1. */
  readonly line: number;
  /** Completes "line 7 …". */
  readonly why: string;
}

const newline = 0x0a;

/** Reads all that can be trusted. `path` is for the fault. */
export function readJournalLines<Event>(content: Uint8Array, format: JournalFormat<Event>, path: string): JournalReading<Event> {
  const events: Event[] = [];
  const chain = new ChainReader();
  const read = (): Omit<JournalReading<Event>, "damage"> => ({
    events,
    bytes: start,
    chain: { digests: chain.digests, since: chain.since, origin: chain.origin },
  });
  let start = 0;
  for (let end = content.indexOf(newline); end !== -1; end = content.indexOf(newline, start)) {
    const parsed = parseLine(content.subarray(start, end), format, events.length, chain);
    if (parsed.ok) {
      events.push(parsed.value);
      start = end + 1;
    } else {
      const last = end === content.length - 1;
      return last && parsed.torn ? read() : { ...read(), damage: damage(path, events.length + 1, parsed) };
    }
  }
  return read();
}

type Parsed<Event> = { readonly ok: true; readonly value: Event } | Wrong;
interface Wrong {
  readonly ok: false;
  /** Completes "line 7 …". */
  readonly why: string;
  /** It is no JSON at all, as the end of a write that was cut off may be. */
  readonly torn: boolean;
  readonly newer?: boolean;
}

function parseLine<Event>(bytes: Uint8Array, format: JournalFormat<Event>, index: number, chain: ChainReader): Parsed<Event> {
  const wrong = (why: string): Wrong => ({ ok: false, why, torn: false });
  const line = parseJson(bytes);
  if (line === undefined) return { ok: false, why: "is not JSON", torn: true };
  if (typeof line !== "object" || line === null) return wrong("is not an event");
  const { prev, after, ...own } = line as Record<string, unknown>;
  const lifted = upcast(own, format);
  if ("ok" in lifted) return lifted;
  const event = format.parse(lifted.line);
  if (!event.ok) return wrong(event.fault.message);
  const misplaced = format.misplaced?.(event.value, index);
  if (misplaced !== undefined) return wrong(misplaced);
  const broken = chain.take({ prev, after }, bytes);
  return broken === undefined ? event : wrong(broken);
}

function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}

function upcast<Event>(
  line: Record<string, unknown>,
  { version, upcasts }: JournalFormat<Event>,
): { line: Record<string, unknown> } | Wrong {
  let lifted = line;
  for (;;) {
    const at = lifted["v"];
    if (at === version) return { line: lifted };
    if (typeof at !== "number" || !Number.isInteger(at)) return { ok: false, why: "has no version", torn: false };
    if (at > version) return { ok: false, why: `has version ${at}`, torn: false, newer: true };
    const lift = upcasts[at];
    if (lift === undefined) return { ok: false, why: `has version ${at}, which is no longer read`, torn: false };
    lifted = { ...lift(lifted), v: at + 1 };
  }
}

function damage(path: string, number: number, { why, newer }: Wrong): Damage {
  const at = { line: number, why };
  if (newer)
    return {
      ...fail("invalid", `${path} was written by a newer Proviso (line ${number} ${why}); upgrade Proviso to open it.`).fault,
      ...at,
    };
  const trusted = number === 1 ? "nothing in it" : "only what stands before that line";
  const remedy =
    number === 1 ? "start a new run" : `look at it with "proviso show", or cut the file there (head -n ${number - 1}) to go on from it`;
  return { ...fail("broken", `${path} is damaged: line ${number} ${why}, so ${trusted} can be trusted; ${remedy}.`).fault, ...at };
}

/** The last whole line in the end of a journal that is JSON, unchecked; undefined where there is none. */
export function lastLine(tail: Uint8Array): unknown {
  for (let end = tail.lastIndexOf(newline); end !== -1; ) {
    const start = tail.subarray(0, end).lastIndexOf(newline);
    const line = parseJson(tail.subarray(start + 1, end));
    if (line !== undefined) return line;
    end = start;
  }
  return undefined;
}
