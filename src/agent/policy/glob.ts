// Patterns over paths, and the one question asked of them: may two patterns name the same path?
// "*" and "?" stay within a segment, "**" is any number of segments, "{a,b}" alternatives, "\" quotes; "[...]" counts as "?".
// A plain path is a pattern without wildcards. Overlap is never missed, at the price of being seen too often.

const one = 1;
const many = 2;
type Token = string | typeof one | typeof many;

type Segment = "**" | Name | Wild;
/** A plain name. */
interface Name {
  readonly text: string;
}
interface Wild {
  readonly tokens: readonly Token[];
  /** A shell's wildcards do not match a leading dot. */
  readonly hidesDots: boolean;
}

/** A compiled pattern: its alternatives, in the letters given and in lower case. */
export interface Glob {
  readonly exact: readonly Path[];
  readonly folded: readonly Path[];
}
export type Path = readonly Segment[];

export type Letters = "exact" | "folded";

/** Compiles a pattern as rules write it; its wildcards match names that begin with a dot. */
export function compileGlob(pattern: string): Glob {
  const make = (text: string) => alternatives(text).map((one) => toPath(one, { wild: true, hidesDots: false }));
  return { exact: make(pattern), folded: make(pattern.toLowerCase()) };
}

/** Compiles a pattern as a shell expands it: a wildcard does not match a leading dot. */
export function compileShellGlob(pattern: string): Glob {
  const make = (text: string) => [toPath(text, { wild: true, hidesDots: true })];
  return { exact: make(pattern), folded: make(pattern.toLowerCase()) };
}

/** A plain path, every character of it meant literally. */
export function compilePath(path: string): Glob {
  const make = (text: string) => [toPath(text, { wild: false, hidesDots: false })];
  return { exact: make(path), folded: make(fold(path)) };
}

/** The spellings that some file systems take for the same name: case, forms of letters, invisible ones, trailing dots, short names. */
function fold(path: string): string {
  if (/^[a-z0-9_/-]+$/.test(path)) return path;
  const letters = path
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase();
  return letters
    .split("/")
    .map((segment) => (/^git~\d$/.test(segment) ? ".git" : segment.replace(/(?<=[^. ])[. ]+$|:+\$.*$/, "")))
    .join("/");
}

/** One argument pattern per word; "**" stands for any number of words. */
export function compileWords(patterns: readonly string[], options: { readonly wild: boolean }): Path {
  return patterns.map((pattern) => (options.wild && pattern === "**" ? "**" : toSegment(pattern, { ...options, hidesDots: false })));
}

/** True when some path fits both. */
export const meets = (a: Glob, b: Glob, letters: Letters): boolean => a[letters].some((x) => b[letters].some((y) => pathsMeet(x, y)));

/** True when some path below one that fits `folder` fits `pattern`. */
export const meetsBelow = (folder: Glob, pattern: Glob): boolean =>
  folder.folded.some((x) => pattern.folded.some((y) => pathsMeet([...x, "**"], y)));

/** For a name that may be in any folder ("**" + "/*.log"): true when `pattern` is about such names, rather than about a folder they may be in. */
export const meetsName = (name: Glob, pattern: Glob): boolean =>
  name.folded.some((x) =>
    pattern.folded.some((y) => {
      const about = y.at(-1) === "**" ? y.slice(0, -1) : y;
      // Of a name that is only half known nobody thinks as of one in a folder of note: "*.json" is not ".docker/config.json".
      const last = x.at(-1);
      const vague = last !== undefined && !isLiteral(last);
      return !(vague && about.filter((segment) => segment !== "**").length > 1) && pathsMeet(x, about);
    }),
  );

/** True when the pattern says neither folder nor depth. */
export const isAnywhere = (glob: Glob): boolean => glob.exact.some((path) => path.includes("**"));

/** True when every path that fits `part` (with `deep`: and all below it) fits `rule`, in exact letters. May be false where it holds. */
export function covers(rule: Glob, part: Glob, options: { readonly deep: boolean }): boolean {
  return part.exact.every((path) => {
    if (!options.deep && path.every(isLiteral)) return rule.exact.some((pattern) => pathsMeet(pattern, path));
    return rule.exact.some((pattern) => {
      if (pattern.at(-1) !== "**") return false;
      const base = pattern.slice(0, -1);
      const start = path.slice(0, base.length);
      return start.length === base.length && start.every(isLiteral) && base.every(isLiteral) && pathsMeet(base, start);
    });
  });
}

/** True when the pattern says which folder it starts in. */
export const isAnchored = (glob: Glob): boolean => glob.exact.every((path) => path[0] !== undefined && isLiteral(path[0]));

/** True when the last segment says nothing about the name: "*". */
export const isVague = (glob: Glob): boolean =>
  glob.exact.some((path) => {
    const last = path.at(-1);
    return last === "**" || (last !== undefined && !isLiteral(last) && last.tokens.every(isMany));
  });

export function pathsMeet(a: Path, b: Path): boolean {
  if (!b.includes("**")) return fits(a, b, isElastic, segmentsMeet);
  return a.includes("**") ? align(a, b, isElastic, segmentsMeet) : fits(b, a, isElastic, segmentsMeet);
}

const isElastic = (segment: Segment): boolean => segment === "**";
const isLiteral = (segment: Segment): segment is Name => segment !== "**" && "text" in segment;

function segmentsMeet(a: Segment, b: Segment): boolean {
  if (a === "**" || b === "**") return true;
  if ("text" in a) return "text" in b ? a.text === b.text : wildFits(b, a.text);
  if ("text" in b) return wildFits(a, b.text);
  if ((a.hidesDots && b.tokens[0] === ".") || (b.hidesDots && a.tokens[0] === ".")) return false;
  return align(a.tokens, b.tokens, isMany, tokensMeet);
}

const wildFits = ({ tokens, hidesDots }: Wild, text: string): boolean =>
  !(hidesDots && text.startsWith(".")) && fits<Token>(tokens, [...text], isMany, tokensMeet);

const isMany = (token: Token): boolean => token === many;
const tokensMeet = (a: Token, b: Token): boolean => a === one || b === one || a === b;

/** Whether a pattern with elastic items fits a sequence without. Never slower than the product of their lengths. */
function fits<T>(pattern: readonly T[], items: readonly T[], elastic: (item: T) => boolean, same: (x: T, y: T) => boolean): boolean {
  let [at, item, star, resume] = [0, 0, -1, 0];
  while (item < items.length) {
    const [x, y] = [pattern[at], items[item]];
    if (x !== undefined && elastic(x)) [star, resume, at] = [at, item, at + 1];
    else if (x !== undefined && y !== undefined && same(x, y)) [at, item] = [at + 1, item + 1];
    else if (star >= 0) [at, item, resume] = [star + 1, resume + 1, resume + 1];
    else return false;
  }
  return pattern.slice(at).every(elastic);
}

/** The same where both may have elastic items, each standing for any number of the other's. */
function align<T>(a: readonly T[], b: readonly T[], elastic: (item: T) => boolean, same: (x: T, y: T) => boolean): boolean {
  let row: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const next: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const x = a[i];
      const y = b[j];
      const down = row[j] ?? false;
      const right = next[j + 1] ?? false;
      const diagonal = row[j + 1] ?? false;
      if (x === undefined && y === undefined) next[j] = true;
      else if (x !== undefined && elastic(x)) next[j] = down || (y !== undefined && right);
      else if (y !== undefined && elastic(y)) next[j] = right || (x !== undefined && down);
      else next[j] = x !== undefined && y !== undefined && same(x, y) && diagonal;
    }
    row = next;
  }
  return row[0] ?? false;
}

interface Reading {
  readonly wild: boolean;
  readonly hidesDots: boolean;
}

function toPath(pattern: string, reading: Reading): Path {
  const segments = pattern.split("/").filter((segment, index) => segment !== "." && (segment !== "" || index === 0));
  if (segments.length === 1 && segments[0] === "") return [];
  return segments.map((segment) => (reading.wild && segment === "**" ? "**" : toSegment(segment, reading)));
}

function toSegment(text: string, { wild, hidesDots }: Reading): Segment {
  if (!wild || !/[\\*?[]/.test(text)) return { text };
  const tokens: Token[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const close = char === "[" ? text.indexOf("]", i + 2) : -1;
    if (char === "\\" && i + 1 < text.length) tokens.push(text.charAt(++i));
    else if (char === "*") tokens.push(many);
    else if (char === "?") tokens.push(one);
    else if (close > 0) {
      tokens.push(one);
      i = close;
    } else tokens.push(char);
  }
  if (tokens.every((token) => typeof token === "string")) return { text: tokens.join("") };
  return { tokens, hidesDots: hidesDots && typeof tokens[0] !== "string" };
}

/** The alternatives of the first "{a,b}" and, in turn, of the rest. Unbalanced braces are plain characters. */
function alternatives(pattern: string): string[] {
  const open = pattern.indexOf("{");
  const close = closing(pattern, open);
  if (open < 0 || close < 0) return [pattern];
  const before = pattern.slice(0, open);
  const choices = splitChoices(pattern.slice(open + 1, close));
  return choices.flatMap((choice) => alternatives(before + choice + pattern.slice(close + 1)));
}

function closing(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i >= 0 && i < pattern.length; i++) {
    if (pattern[i] === "{") depth++;
    else if (pattern[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function splitChoices(text: string): string[] {
  const choices: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}") depth--;
    else if (i === text.length || (text[i] === "," && depth === 0)) {
      choices.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return choices;
}
