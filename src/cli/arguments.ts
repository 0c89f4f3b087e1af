// Words of a command line into named options and operands. Everything wrong with them is one sentence, for exit code 2.
// Knows the options every subcommand has (--json, --workspace, --help); the rest each subcommand declares.

import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../agent/result.ts";

/** How an option is given: alone (`flag`), with a value, or with a value any number of times. */
export type OptionKind = "flag" | "value" | "values";
export type OptionKinds = Readonly<Record<string, OptionKind>>;

export type Options<Kinds extends OptionKinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends "flag"
    ? boolean
    : Kinds[Name] extends "values"
      ? readonly string[]
      : string | undefined;
};

const common = { json: "flag", workspace: "value", help: "flag" } as const satisfies OptionKinds;

export interface Arguments<Kinds extends OptionKinds> {
  readonly options: Options<Kinds & typeof common>;
  readonly operands: readonly string[];
}

/** `operands` is the most operands allowed. Options may stand anywhere; what follows `--` is an operand. */
export function parseArguments<const Kinds extends OptionKinds>(
  args: readonly string[],
  kinds: Kinds,
  operands: number,
): Result<Arguments<Kinds>> {
  const all: OptionKinds = { ...common, ...kinds };
  const declared = Object.fromEntries(
    Object.entries(all).map(([name, kind]) => [
      name,
      { type: kind === "flag" ? ("boolean" as const) : ("string" as const), multiple: kind === "values" },
    ]),
  );
  const short = { help: { ...declared["help"], type: "boolean" as const, short: "h" } };
  try {
    const parsed = parseArgs({ args: [...args], options: { ...declared, ...short }, allowPositionals: true, strict: true });
    const surplus = parsed.positionals[operands];
    if (surplus !== undefined) return fail("invalid", surplusOf(surplus, operands));
    const empty = Object.entries(all).map(([name, kind]) => [name, kind === "flag" ? false : kind === "values" ? [] : undefined]);
    return ok({
      options: { ...Object.fromEntries(empty), ...parsed.values } as Options<Kinds & typeof common>,
      operands: parsed.positionals,
    });
  } catch (error) {
    return fail("invalid", sentence(error, Object.keys(all)));
  }
}

/** A number option: undefined where it is not given; a fault where it is not a number above zero. */
export function positive(name: string, text: string | undefined): Result<number | undefined> {
  if (text === undefined) return ok(undefined);
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) && value > 0
    ? ok(value)
    : fail("invalid", `--${name} takes a number above 0, not "${text}".`);
}

/** An option with a few possible words. */
export function oneOf<const Word extends string>(name: string, text: string | undefined, words: readonly Word[]): Result<Word | undefined> {
  if (text === undefined) return ok(undefined);
  const word = words.find((one) => one === text);
  return word === undefined
    ? fail("invalid", `--${name} takes ${words.slice(0, -1).join(", ")} or ${words.at(-1)}, not "${text}".`)
    : ok(word);
}

const surplusOf = (word: string, operands: number): string =>
  operands === 0
    ? `"${word}" is one word too many; this command takes options only.`
    : `"${word}" is one word too many; put quotes around what belongs together.`;

/** node:util says what is wrong in its own, longer words. */
function sentence(error: unknown, names: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const [, named = ""] = /'(-{1,2}[^' ]*)/.exec(message) ?? [];
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION")
    return `There is no option ${named}; options here are ${names.map((name) => `--${name}`).join(", ")}.`;
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE")
    return /does not take/.test(message) ? `${shown(message)} takes no value.` : `${shown(message)} needs a value.`;
  if (error instanceof TypeError) return `${message.replace(/\.$/, "")}.`;
  throw error;
}

/** The long name in "Option '-x, --long <value>' argument missing". */
const shown = (message: string): string => /--[\w-]+/.exec(message)?.[0] ?? "The option";
