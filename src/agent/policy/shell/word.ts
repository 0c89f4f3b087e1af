// A word of a shell line, as far as it is known before the line runs: quotes removed, braces expanded, known variables put in.
// Invariant: what is not certain is "computed"; a literal is exactly what the program will be given.

import type { DoubleQuotedChild, GlobPart, Word, WordPart } from "unbash";

/** An argument. `text` of a literal is its value; of a pattern a shell glob with "\" before plain characters that look special. */
export interface Arg {
  readonly text: string;
  /** printable: computed, but only ever a harmless value such as $PWD. fed: a path found by the command before (see `from`). */
  readonly form: "literal" | "pattern" | "printable" | "computed" | "fed";
  /** Of a fed argument: the folders it was found in. */
  readonly from?: readonly Arg[];
}

export const literal = (text: string): Arg => ({ text, form: "literal" });

/** The values of variables where they are known for certain; undefined = not known. */
export type Lookup = (name: string) => Arg | undefined;

/** Every argument a word stands for: one, or several where it has braces. */
export function expand(word: Word, lookup: Lookup): readonly Arg[] {
  const parts = word.parts;
  if (!parts) return [plain(word)];
  if (!parts.some((part) => part.type === "BraceExpansion")) return [join(parts, lookup)];
  const args = braces(parts).map((alternative) => (alternative ? join(alternative, lookup) : computed(word.text)));
  const quoted = parts.some((part) => part.type === "SingleQuoted" || part.type === "DoubleQuoted" || part.type === "AnsiCQuoted");
  return quoted ? args : args.filter(({ text }) => text !== "");
}

export const computed = (text: string): Arg => ({ text, form: "computed" });

/** Variables that hold no secret and whose value changes nothing when printed. */
const printable = new Set(
  `HOME PWD OLDPWD USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TERM PATH HOSTNAME HOSTTYPE OSTYPE MACHTYPE UID EUID PPID RANDOM SECONDS LINENO
  SHLVL BASH_VERSION NODE_ENV CI TZ EDITOR VIRTUAL_ENV CONDA_PREFIX JAVA_HOME GOPATH GOROOT CARGO_HOME COLUMNS LINES EPOCHSECONDS`.split(
    /\s+/,
  ),
);

type Piece = { readonly text: string; readonly form: Arg["form"] };

function plain(word: Word): Arg {
  return certain(word.value) ? literal(word.value) : computed(word.text);
}

/** A NUL ends the word in bash; carriage returns and the like are kept by bash but not by the eye. */
const certain = (value: string): boolean => !value.includes("\0");

function join(parts: readonly WordPart[], lookup: Lookup): Arg {
  const pieces = parts.map((part) => piece(part, lookup));
  const source = parts.map((part) => part.text).join("");
  if (pieces.some(({ form }) => form === "computed") || !pieces.every(({ text }) => certain(text))) return computed(source);
  if (pieces.some(({ form }) => form === "printable")) return { text: source, form: "printable" };
  if (pieces.some(({ form }) => form === "pattern")) {
    return { text: pieces.map(({ text, form }) => (form === "pattern" ? text : quote(text))).join(""), form: "pattern" };
  }
  return literal(pieces.map(({ text }) => text).join(""));
}

const quote = (text: string): string => text.replace(/[\\*?[\]{}]/g, "\\$&");

function piece(part: WordPart, lookup: Lookup): Piece {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return literal(part.value);
    case "Glob":
      return bracketIsPlain(part) ? { text: part.kind === "star" ? "*" : "?", form: "pattern" } : computed(part.text);
    // The program is given a pipe to what runs inside, and that is judged by itself.
    case "ProcessSubstitution":
      return literal("/dev/fd/63");
    case "DoubleQuoted":
      return doubleQuoted(part.parts, lookup);
    default:
      return expansion(part, lookup, { quoted: false });
  }
}

const bracketIsPlain = (part: GlobPart): boolean => part.kind !== "bracket" || part.parts.every(({ type }) => type === "Literal");

function doubleQuoted(parts: readonly DoubleQuotedChild[], lookup: Lookup): Piece {
  const pieces = parts.map((part) => (part.type === "Literal" ? literal(part.value) : expansion(part, lookup, { quoted: true })));
  const form = (["computed", "printable", "pattern"] as const).find((kind) => pieces.some((one) => one.form === kind));
  if (form === "pattern") return { text: pieces.map((one) => (one.form === "pattern" ? one.text : quote(one.text))).join(""), form };
  return { text: pieces.map(({ text }) => text).join(""), form: form ?? "literal" };
}

/** Bash splits an unquoted value and expands patterns in it, so only plain values are known there. */
function expansion(part: WordPart, lookup: Lookup, { quoted }: { readonly quoted: boolean }): Piece {
  const name = variableName(part);
  if (name === undefined) return isNumber(part) ? literal("0") : computed(part.text);
  const value = lookup(name);
  if (value && value.form !== "computed" && (quoted || /^[^\s*?[\\{}]+$/.test(value.text) || value.form === "pattern")) return value;
  return { text: part.text, form: printable.has(name) ? "printable" : "computed" };
}

/** The name in `$name` or `${name}`, without any operation. */
function variableName(part: WordPart): string | undefined {
  if (part.type === "SimpleExpansion") return /^\$([A-Za-z_]\w*)$/.exec(part.text)?.[1];
  if (part.type !== "ParameterExpansion") return undefined;
  return part.text === `\${${part.parameter}}` && /^[A-Za-z_]\w*$/.test(part.parameter) ? part.parameter : undefined;
}

/** Expansions whose value is always a number, whatever the environment: $?, $#, $$, $!, ${#name} and sums of plain numbers. */
function isNumber(part: WordPart): boolean {
  if (part.type === "SimpleExpansion") return ["$?", "$#", "$$", "$!"].includes(part.text);
  if (part.type === "ParameterExpansion") return /^\$\{(#[A-Za-z_]\w*|[?#$!])\}$/.test(part.text);
  return part.type === "ArithmeticExpansion" && /^\$\(\([\d\s+*/%()-]*\)\)$/.test(part.text);
}

const mostAlternatives = 64;

/** Brace expansion over the parts; an alternative that is not plain text is undefined. */
function braces(parts: readonly WordPart[]): readonly (readonly WordPart[] | undefined)[] {
  let words: readonly (readonly WordPart[])[] = [[]];
  for (const part of parts) {
    const choices = part.type === "BraceExpansion" ? choicesOf(part.text) : undefined;
    if (part.type === "BraceExpansion" && !choices) return [undefined];
    const next = choices?.map((text): WordPart => ({ type: "Literal", pos: part.pos, end: part.end, value: text, text })) ?? [part];
    words = words.flatMap((word) => next.map((choice) => [...word, choice]));
    if (words.length > mostAlternatives) return [undefined];
  }
  return words;
}

/** The choices of a flat "{a,b}" or "{1..9}"; undefined for anything with quotes, expansions, patterns or braces inside. */
function choicesOf(text: string): readonly string[] | undefined {
  const inner = text.slice(1, -1);
  if (!text.startsWith("{") || !text.endsWith("}") || /[{}$`'"\\*?[\]~]/.test(inner)) return undefined;
  const range = /^(-?\d{1,6})\.\.(-?\d{1,6})$/.exec(inner);
  if (!range) return inner.includes("..") && !inner.includes(",") ? undefined : inner.split(",");
  const [from, to] = [Number(range[1]), Number(range[2])];
  const count = Math.abs(to - from) + 1;
  if (count > mostAlternatives || /^-?0\d/.test(`${range[1]}`) || /^-?0\d/.test(`${range[2]}`)) return undefined;
  return Array.from({ length: count }, (_, index) => String(from + (to > from ? index : -index)));
}
