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

/** The lines that match in each of several texts. */
export type LineMatcher = (texts: readonly string[]) => readonly (readonly FoundLine[])[];
export type LineQuery = Pick<TextQuery, "pattern" | "regex" | "caseSensitive" | "wholeWord">;

/** Throws a SyntaxError for an expression that is none. `patienceMs` bounds the time that one call may take. */
export async function lineMatcher(query: LineQuery, patienceMs: number): Promise<LineMatcher> {
  const expression = toRegExp(query);
  if (query.regex) return guardedMatcher(expression, patienceMs);
  // Plain text is found in time that grows with the text alone; most texts do not have it and need not be taken apart.
  return (texts) => texts.map((text) => (text.search(expression) === -1 ? [] : collect(linesOf(text), (line) => line.search(expression))));
}

/** Only the engine's own watchdog can stop an expression that has begun to backtrack without end. It costs a thread, hence once for many texts. */
async function guardedMatcher(expression: RegExp, patienceMs: number): Promise<LineMatcher> {
  const { Script, createContext } = await import("node:vm");
  const code = "(all, expression) => all.map((lines) => lines.map((line) => line.search(expression)))";
  const script = new Script(`into.push(...(${code})(all, expression))`);
  const work = { all: new Array<readonly string[]>(), into: new Array<readonly number[]>(), expression };
  const context = createContext(work);
  return (texts) => {
    work.all = texts.map(linesOf);
    work.into = [];
    try {
      script.runInContext(context, { timeout: patienceMs });
    } catch (error) {
      // It comes from the other context, so it is no Error of ours.
      const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
      throw code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new RunawayPattern() : error;
    }
    return work.all.map((lines, text) => collect(lines, (_line, index) => work.into[text]?.[index] ?? -1));
  };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map(withoutReturn);
}

function collect(lines: readonly string[], columnIn: (line: string, index: number) => number): FoundLine[] {
  const found: FoundLine[] = [];
  for (const [index, text] of lines.entries()) {
    const column = columnIn(text, index);
    if (column !== -1) found.push({ line: index + 1, text, column });
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
