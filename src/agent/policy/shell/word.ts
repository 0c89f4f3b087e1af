// A word of a shell line, as far as it is known before the line runs: quotes removed, braces expanded, known variables put in.
// Invariant: what is not certain is "computed"; a literal is exactly what the program will be given.

import type { CommandExpansionPart, DoubleQuotedChild, GlobPart, ParameterExpansionPart, Word, WordPart } from "unbash";
import type { Span } from "../part.ts";

/** An argument. `text` of a literal is its value; of a pattern a shell glob with "\" before plain characters that look special. */
export interface Arg {
  readonly text: string;
  /** printable: computed, but only ever a harmless value such as $PWD. fed: a path found by the command before (see `from`). */
  readonly form: "literal" | "pattern" | "printable" | "computed" | "fed";
  /** Of a fed argument: the folders it was found in. */
  readonly from?: readonly Arg[];
  /** Of a fed argument that need not be judged as a path again: what it may show all the same. */
  readonly seen?: readonly Arg[];
  /** It is one word, whatever it turns out to be. */
  readonly one?: true;
  /** Where the line has the word that it comes from; undefined where that is not the line's own. */
  readonly at?: Span | undefined;
}

export const literal = (text: string): Arg => ({ text, form: "literal" });

/** What is known beforehand. */
export interface Lookup {
  /** The value of a variable, where it is known for certain. */
  variable(name: string): Arg | undefined;
  /** What a substitution stands for; what runs in it is judged by itself. */
  substitution(part: CommandExpansionPart): Arg;
}

/** For places where nothing is known. */
export const blind: Lookup = { variable: () => undefined, substitution: ({ text }) => computed(text) };

/** Every argument a word stands for: one, or several where it has braces. */
export function expand(word: Word, lookup: Lookup): readonly Arg[] {
  const parts = word.parts;
  if (!parts) return [plain(word)];
  if (!parts.some((part) => part.type === "BraceExpansion")) return [join(parts, lookup)];
  const args = braces(parts).map((alternative) => (alternative ? join(alternative, lookup) : computed(word.text)));
  const quoted = parts.some((part) => part.type === "SingleQuoted" || part.type === "DoubleQuoted" || part.type === "AnsiCQuoted");
  return quoted ? args : args.filter(({ text }) => text !== "");
}

/** A part of a text in which words are not split. */
export const expandPart = (part: WordPart, lookup: Lookup): Arg => expansion(part, lookup, { quoted: true });

export const computed = (text: string): Arg => ({ text, form: "computed" });

/** Variables that hold no secret and whose value changes nothing when printed. */
export const printable: ReadonlySet<string> = new Set(
  `HOME PWD OLDPWD USER LOGNAME SHELL LANG LC_ALL LC_CTYPE TERM PATH HOSTNAME HOSTTYPE OSTYPE MACHTYPE UID EUID PPID RANDOM SECONDS LINENO
  SHLVL BASH_VERSION NODE_ENV CI TZ EDITOR VIRTUAL_ENV CONDA_PREFIX JAVA_HOME GOPATH GOROOT CARGO_HOME COLUMNS LINES EPOCHSECONDS`.split(
    /\s+/,
  ),
);

function plain(word: Word): Arg {
  return certain(word.value) ? literal(word.value) : computed(word.text);
}

/** A NUL ends the word in bash; carriage returns and the like are kept by bash but not by the eye. */
const certain = (value: string): boolean => !value.includes("\0");

function join(parts: readonly WordPart[], lookup: Lookup): Arg {
  const pieces = parts.map((part) => piece(part, lookup));
  const source = parts.map((part) => part.text).join("");
  if (pieces.some(({ form }) => form === "computed") || !pieces.every(({ text }) => certain(text))) return computed(source);
  const [first, ...more] = pieces;
  if (first && more.length === 0) return first;
  if (pieces.some(({ form }) => form === "printable" || form === "fed"))
    return { text: source, form: "printable", ...(pieces.every(isOne) ? { one: true } : {}) };
  if (pieces.some(({ form }) => form === "pattern")) {
    return { text: pieces.map(({ text, form }) => (form === "pattern" ? text : quote(text))).join(""), form: "pattern" };
  }
  return literal(pieces.map(({ text }) => text).join(""));
}

const isOne = ({ form, one }: Arg): boolean => one === true || form === "literal";
const quote = (text: string): string => text.replace(/[\\*?[\]{}]/g, "\\$&");

function piece(part: WordPart, lookup: Lookup): Arg {
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

function doubleQuoted(parts: readonly DoubleQuotedChild[], lookup: Lookup): Arg {
  const pieces = parts.map((part) => (part.type === "Literal" ? literal(part.value) : expansion(part, lookup, { quoted: true })));
  const [first, ...more] = pieces;
  if (first && more.length === 0) return first.form === "literal" ? first : { ...first, one: true };
  const text = pieces.map((one) => one.text).join("");
  if (pieces.some(({ form }) => form === "computed")) return computed(text);
  if (pieces.some(({ form }) => form === "printable" || form === "fed")) return { text, form: "printable", one: true };
  if (!pieces.some(({ form }) => form === "pattern")) return literal(text);
  return { text: pieces.map((one) => (one.form === "pattern" ? one.text : quote(one.text))).join(""), form: "pattern", one: true };
}

/** Bash splits an unquoted value and expands patterns in it, so only plain values are known there. */
function expansion(part: WordPart, lookup: Lookup, { quoted }: { readonly quoted: boolean }): Arg {
  if (part.type === "CommandExpansion") return placed(lookup.substitution(part), part.text, { quoted });
  const name = variableName(part);
  if (name === undefined) return isNumber(part) ? literal("0") : derived(part, lookup);
  const value = lookup.variable(name);
  return value ? placed(value, part.text, { quoted }) : computed(part.text);
}

/** A value where it stands. What is split, or expanded once more, is only good for printing. */
function placed(value: Arg, text: string, { quoted }: { readonly quoted: boolean }): Arg {
  if (value.form === "computed") return computed(text);
  if (value.form === "printable") return { ...value, text };
  // Split, a name with a blank in it becomes two, and the second may lead anywhere.
  if (value.seen && !quoted) return { text, form: "printable" };
  if (value.form === "fed" || value.form === "pattern" || quoted || /^[^\s*?[\\{}]+$/.test(value.text)) return value;
  return { text, form: "printable" };
}

/** `${file%.ts}`, `${name:-none}`: made from a value by nothing but text. */
function derived(part: WordPart, lookup: Lookup): Arg {
  const name = /^\$\{([A-Za-z_]\w*)(##?|%%?|:?-|\/\/?|\^\^?|,,?)[^${}`\\[\]'"]*\}$/.exec(part.text)?.[1];
  const value = name === undefined ? undefined : lookup.variable(name);
  return value && value.form !== "computed" ? { text: part.text, form: "printable" } : computed(part.text);
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

/** `${x@P}`, `${!x}` and `${x[...]}` evaluate text that is not in the line. */
export const evaluates = ({ prefix, index, operation }: ParameterExpansionPart): boolean =>
  prefix === "!" || index !== undefined || operation?.type === "Transform" || operation?.type === "Unknown";

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
