// Which results tell nothing that the conversation does not hold already, and which are out of date. What was read again unchanged is
// answered by a word about where it stands; what was read before a change is the first to shrink.

import type { CallState, Turn } from "../state.ts";

/** Shorter results are told again: the words about them would hardly be shorter. */
const worth = 400;

/** For the id of each call whose result an earlier one holds whole: that earlier call. Calls of `telling` are told whatever came before. */
export function repeatsIn(turns: readonly Turn[], telling: ReadonlySet<string>): ReadonlyMap<string, CallState> {
  const found = new Map<string, CallState>();
  const said = new Map<string, CallState>();
  const pages = new Map<string, Page[]>();
  for (const call of turns.flatMap((turn) => turn.calls)) {
    const text = textOf(call);
    if (text === undefined || text.length < worth || call.amended !== undefined) continue;
    const key = call.ended?.fingerprint ?? "";
    const page = pageOf(call);
    const alike = said.get(key);
    const earlier =
      (alike && textOf(alike) === text ? alike : undefined) ??
      (page && pages.get(page.key)?.find((one) => one.from <= page.from && one.to >= page.to)?.call);
    if (earlier && !telling.has(call.call)) {
      found.set(call.call, earlier);
      continue;
    }
    said.set(key, call);
    if (page) pages.set(page.key, [...(pages.get(page.key) ?? []), page]);
  }
  return found;
}

/** What stands for the result of a call that repeats another. */
export const repeatWords = (earlier: CallState): string =>
  `[Nothing new: the result of call ${earlier.ref} above still holds, word for word.]`;

/** Calls whose result a later one has overtaken: the same was asked again and answered otherwise, or the file that was read changed. */
export function staleIn(turns: readonly Turn[]): ReadonlySet<CallState> {
  const stale = new Set<CallState>();
  const asked = new Map<string, CallState>();
  const reads = new Map<string, Page[]>();
  for (const call of turns.flatMap((turn) => turn.calls)) {
    for (const { shown } of call.ended?.changed ?? []) {
      for (const read of reads.get(shown) ?? []) stale.add(read.call);
      reads.delete(shown);
    }
    const text = textOf(call);
    if (text === undefined) continue;
    const key = `${call.tool} ${call.args}`;
    const before = asked.get(key);
    if (before && textOf(before) !== text) stale.add(before);
    asked.set(key, call);
    const page = pageOf(call);
    if (page) reads.set(page.path, [...(reads.get(page.path) ?? []), page]);
  }
  return stale;
}

const textOf = ({ ended }: CallState): string | undefined => (ended?.outcome.ok ? ended.outcome.observation.text : undefined);

/** Lines of a file, as read_file tells of them in its data. */
interface Page {
  readonly call: CallState;
  readonly path: string;
  /** The same for the same content of the same file. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

function pageOf(call: CallState): Page | undefined {
  if (call.tool !== "read_file" || !call.ended?.outcome.ok) return undefined;
  const { data } = call.ended.outcome.observation;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  const { path, digest, from, to } = data;
  if (typeof path !== "string" || typeof digest !== "string" || typeof from !== "number" || typeof to !== "number") return undefined;
  return { call, path, key: `${path} ${digest}`, from, to };
}
