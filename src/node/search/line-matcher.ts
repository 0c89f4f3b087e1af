// Finds lines in text without ripgrep: one query becomes one function. Pure but for the watchdog that stops a runaway expression.

import type { TextQuery } from "../../agent/world.ts";

/** A line that matches: its number from 1, its text without the line end, and where in it the match begins. */
export interface FoundLine {
  readonly line: number;
  readonly text: string;
  readonly column: number;
}

/** Thrown by a matcher whose expression does not come to an end. */
export class RunawayPattern extends Error {
  override readonly name = "RunawayPattern";
}

export type LineMatcher = (text: string) => readonly FoundLine[];
export type LineQuery = Pick<TextQuery, "pattern" | "regex" | "caseSensitive" | "wholeWord">;

/** Throws a SyntaxError for an expression that is none. `patienceMs` bounds the time one text may take. */
export async function lineMatcher(query: LineQuery, patienceMs: number): Promise<LineMatcher> {
  const expression = toRegExp(query);
  if (!query.regex) return (text) => scan(text, (line) => line.search(expression));
  const { Script, createContext } = await import("node:vm");
  // Only the engine's own watchdog can stop an expression that has begun to backtrack without end.
  const script = new Script("lines.forEach((line, index) => { columns[index] = line.search(expression); })", {
    filename: "search-expression",
  });
  const work = { lines: new Array<string>(), columns: new Array<number>(), expression };
  const context = createContext(work);
  return (text) => {
    work.lines = text.split("\n").map(withoutReturn);
    work.columns = [];
    try {
      script.runInContext(context, { timeout: patienceMs });
      return scan(text, (_line, index) => work.columns[index] ?? -1);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new RunawayPattern();
      throw error;
    }
  };
}

function scan(text: string, search: (line: string, index: number) => number): FoundLine[] {
  const found: FoundLine[] = [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const [index, raw] of lines.entries()) {
    const line = withoutReturn(raw);
    const column = search(line, index);
    if (column !== -1) found.push({ line: index + 1, text: line, column });
  }
  return found;
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

function toRegExp({ pattern, regex, caseSensitive, wholeWord }: LineQuery): RegExp {
  const { source, flags } = regex ? fromRust(pattern) : { source: pattern.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), flags: "" };
  const whole = wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
  const all = [...new Set(flags + (caseSensitive ? "" : "i"))].join("");
  try {
    return new RegExp(whole, `u${all}`);
  } catch (error) {
    // Without "u" an escape that means nothing is a plain character, as ripgrep has it.
    if (wholeWord) throw error;
    return new RegExp(whole, all);
  }
}

const posixClasses: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  punct: "!-\\/:-@\\[-`\\{-~",
  word: "\\w",
  xdigit: "0-9a-fA-F",
};

/** The few spellings of ripgrep's expressions that JavaScript does not know. */
function fromRust(pattern: string): { readonly source: string; readonly flags: string } {
  const [opening = "", flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern.slice(opening.length).replaceAll(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole);
  return { source, flags };
}
