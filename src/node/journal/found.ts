// A journal made at once from lines that stand already: a fork, an import. It is there whole or not at all.

import { writeDurably } from "../durable.ts";
import type { Foundation } from "../journal.ts";
import { privateFile } from "../state-home.ts";
import { chainedLine, genesis, lineDigest } from "./chain.ts";
import { headPath } from "./head.ts";

/** Lines of a journal, without their line breaks, from the first; each event becomes one more. */
export function chainLines(lines: readonly string[], events: readonly object[], foundation: Foundation | undefined): readonly string[] {
  const all = [...lines];
  for (const event of events) {
    const last = all.at(-1);
    const anchor = last === undefined && foundation ? { run: foundation.run, line: foundation.line } : undefined;
    all.push(chainedLine(event, last === undefined ? (foundation?.digest ?? genesis) : lineDigest(last), anchor));
  }
  return all;
}

/**
 * Writes it, and where it ends beside it. Killed in between it is not there, and `safe` (how many of its lines were told before, or
 * will never be told otherwise) is all that was noted of it.
 */
export async function foundJournal(path: string, lines: readonly string[], safe: number): Promise<void> {
  const note = (count: number): Promise<void> => {
    const head = { lines: count, digest: lineDigest(lines[count - 1] ?? "") };
    return writeDurably(headPath(path), `${JSON.stringify(head)}\n`, privateFile);
  };
  await note(safe);
  await writeDurably(path, lines.map((line) => `${line}\n`).join(""), privateFile);
  if (safe < lines.length) await note(lines.length);
}
