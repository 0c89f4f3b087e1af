// A call in a few words: what it is called, and the one fact of how it ended.

import type { CallOutcome } from "../event.ts";
import type { Touch } from "../touch.ts";
import { count, duration } from "./amount.ts";

/** Which part of an input names what a call is about, most telling first. */
const telling = ["verb", "line", "path", "pattern", "question", "name", "command"] as const;

/** "read_file src/a.js:3-9", "run_command npm test". `input` is what was judged, or the raw arguments before that. */
export function callWords(tool: string, input: unknown): string {
  const fields = fieldsOf(input);
  const { files } = fields;
  if (tool === "change_files" && Array.isArray(files))
    return `${tool} ${files
      .map((file: unknown) => fieldsOf(file)["path"])
      .filter(isWords)
      .join(", ")}`;
  const named = telling.map((key) => fields[key]).find(isWords);
  const range = typeof fields["from"] === "number" ? `:${fields["from"]}${typeof fields["to"] === "number" ? `-${fields["to"]}` : ""}` : "";
  return named === undefined ? tool : `${tool} ${oneLine(named)}${range}`;
}

/** "exit 0, 1.8 s", "30 lines", "changed src/a.js", or the first sentence of what went wrong. */
export function callFact(ended: { readonly outcome: CallOutcome; readonly changed: readonly Touch[]; readonly ms: number }): string {
  const { outcome, changed, ms } = ended;
  const took = ms >= 100 ? `, ${duration(ms)}` : "";
  if (!outcome.ok) return `${outcome.fault.message}${took}`;
  const { text, data } = outcome.observation;
  const { exit, from, to, total } = fieldsOf(data);
  if (typeof exit === "number") return [`exit ${exit}${took}`, ...changed.map(touchWords)].join(", ");
  if (changed.length > 0) return changed.map(touchWords).join(", ");
  if (typeof from === "number" && typeof to === "number")
    return `${count(to - from + 1, "line")}${total === to - from + 1 ? "" : ` of ${Number(total)}`}${took}`;
  const lines = text.split("\n").length;
  return lines === 1 && text.length <= 60 ? `${text}${took}` : `${count(lines, "line")}${took}`;
}

/** "created src/a.js". */
export const touchWords = ({ shown, before, after }: Touch): string =>
  `${before === null ? "created" : after === null ? "deleted" : "changed"} ${shown}`;

const isWords = (value: unknown): value is string => typeof value === "string" && value !== "";

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => {
  const parsed = typeof value === "string" ? parseJson(value) : value;
  return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ⏎ ");
