// The chain through a journal: every line carries the SHA-256 of the line before it, so that no line can be changed, dropped, added or
// moved without the next one showing it. The first line carries that of a line of the run before, so the chain goes on from file to file.
// Anyone can follow it with sha256sum: a digest is that of a line's bytes without the line break.

import { sha256 } from "../digest.ts";

/** The line of another run that a run's first line stands on. */
export interface Anchor {
  readonly run: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A digest together with the line it belongs to. */
export interface Head {
  /** How many lines there are up to it, itself included; 0 before the first. */
  readonly lines: number;
  /** Of that line; of the run before, where there is none yet. */
  readonly digest: string;
}

/** What a chain stands on that has nothing before it. */
export const genesis = "0".repeat(64);

/** What a line says of the chain, beside its event. */
export interface Link {
  readonly prev?: unknown;
  readonly after?: unknown;
}

const unseen = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\uddef]/g;

/** A value as one line of JSON in which no character can act on a terminal or hide: such are written as escapes, and read back as they were. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(unseen, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** The line of an event, without its line break. */
export function chainedLine(event: object, prev: string, after?: Anchor): string {
  const link = after === undefined ? `"prev":"${prev}"` : `"after":${JSON.stringify(after)},"prev":"${prev}"`;
  const text = safeJson(event);
  return text === "{}" ? `{${link}}` : `${text.slice(0, -1)},${link}}`;
}

export const lineDigest = (line: string | Uint8Array): string => sha256(line);

/** Follows a chain line by line. Lines of journals older than the chain carry nothing; once a line does, all after it must. */
export class ChainReader {
  readonly digests: string[] = [];
  #first: number | undefined;
  #origin: { readonly prev: string; readonly after: Anchor | undefined } | undefined;

  /** The first line that carries a digest, counted from 1. */
  get since(): number | undefined {
    return this.#first;
  }

  /** What the journal's first line stands on. */
  get origin(): { readonly prev: string; readonly after: Anchor | undefined } | undefined {
    return this.#origin;
  }

  /** Takes the next line; answers why it does not follow the one before, if it does not. */
  take({ prev, after }: Link, line: Uint8Array): string | undefined {
    const before = this.digests.at(-1);
    if (prev === undefined) {
      if (this.#first !== undefined) return "carries no digest of the line before it";
    } else {
      if (typeof prev !== "string") return "carries a digest that is none";
      if (before !== undefined && prev !== before)
        return "does not follow the line before it: one of them was changed, or lines between are gone";
      if (before === undefined) this.#origin = { prev, after: isAnchor(after) ? after : undefined };
      this.#first ??= this.digests.length + 1;
    }
    this.digests.push(lineDigest(line));
    return undefined;
  }
}

const isAnchor = (value: unknown): value is Anchor =>
  typeof value === "object" &&
  value !== null &&
  "run" in value &&
  typeof value.run === "string" &&
  "line" in value &&
  typeof value.line === "number";
