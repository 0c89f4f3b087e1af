// A text made ready for finding things in it: line ends as "\n", with the way back to the original offsets, and an index of its lines.
// Each part is built when first asked for, so that a small exact edit costs one search.

import { countBelow } from "./ascending.ts";
import { type Folded, fold, foldCharacters, hasNonAscii } from "./fold.ts";
import { type LineEnd, toLineFeeds, usesBareReturns } from "./line-end.ts";

export interface Source {
  /** The text as given. */
  readonly raw: string;
  /** The text with every line end as "\n"; all other offsets in this room are into this. */
  readonly lf: string;
  readonly lines: readonly string[];
  /** How many they are; asking does not make them. */
  readonly count: number;
  /** One of the lines, without making the others. */
  textAt(line: number): string | undefined;
  /** The line end most lines have; "" when there is none. */
  readonly style: LineEnd;
  /** Whether lines differ in their ends. */
  readonly mixed: boolean;
  /** Offset into `raw`. */
  toRaw(offset: number): number;
  /** Whether the text is nothing but ASCII. */
  readonly plain: boolean;
  /** The text with one spelling for characters that look alike. */
  readonly folded: Folded;
  /** Zero-based line that holds the offset. */
  lineAt(offset: number): number;
  /** Offset at which the line starts. */
  startOf(line: number): number;
  /** How the line ends; "" for the last. */
  endOf(line: number): LineEnd;
  /** `lineKey` of a line, by its number. */
  keyAt(line: number): string | undefined;
  /** Numbers of the lines that are equal to this one but for white space at both ends and typographic variants. */
  linesLike(line: string): readonly number[];
  /** Numbers of the lines that hold this word; `wordsOf` says what a word is. */
  linesWith(word: string): readonly number[];
}

export function createSource(raw: string): Source {
  const bare = usesBareReturns(raw);
  const lf = toLineFeeds(raw, bare ? "\r" : "\n");
  const returns = bare || lf.length === raw.length ? [] : offsetsOfReturns(raw);
  const lines = lazy(() => lf.split("\n"));
  const starts = lazy(() => startsOf(lf));
  const plain = lazy(() => !hasNonAscii(lf));
  const folded = lazy(() => fold(lf));
  const keys = lazy(() => lines().map(lineKey));
  const byKey = lazy(() => indexBy(keys(), (key) => [key]));
  const byWord = lazy(() => indexBy(lines(), wordsOf));
  const style = lazy((): LineEnd => {
    if (bare) return "\r";
    if (returns.length === 0) return lf.includes("\n") ? "\n" : "";
    return returns.length * 2 >= starts().length - 1 ? "\r\n" : "\n";
  });
  const toRaw = (offset: number) => offset + countBelow(returns, offset);
  const startOf = (line: number) => starts()[line] ?? lf.length;
  return {
    raw,
    lf,
    get lines() {
      return lines();
    },
    get count() {
      return starts().length;
    },
    textAt: (line) =>
      line < 0 || line >= starts().length ? undefined : lf.slice(startOf(line), startOf(line + 1) - (line + 1 < starts().length ? 1 : 0)),
    get plain() {
      return plain();
    },
    get folded() {
      return folded();
    },
    get style() {
      return style();
    },
    get mixed() {
      return returns.length > 0 && returns.length < starts().length - 1;
    },
    toRaw,
    lineAt: (offset) => countBelow(starts(), offset + 1) - 1,
    startOf,
    endOf(line) {
      if (line >= starts().length - 1) return "";
      const feed = startOf(line + 1) - 1;
      return bare ? "\r" : toRaw(feed + 1) - toRaw(feed) === 2 ? "\r\n" : "\n";
    },
    keyAt: (line) => keys()[line],
    linesLike: (line) => byKey().get(lineKey(line)) ?? [],
    linesWith: (word) => byWord().get(word) ?? [],
  };
}

/** What two lines have in common that differ only in white space at the ends or in how a character is encoded. */
export const lineKey = (line: string): string => foldCharacters(line.trim());

/** The words of a line in lower case, names split where their case changes. */
export function wordsOf(line: string): readonly string[] {
  return (line.match(/\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+|\d+/gu) ?? []).map((word) => word.toLowerCase());
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Offsets, in the text without them, of the "\n" that had a "\r" before it. */
function offsetsOfReturns(raw: string): number[] {
  const offsets: number[] = [];
  for (let at = raw.indexOf("\r\n"); at !== -1; at = raw.indexOf("\r\n", at + 2)) offsets.push(at - offsets.length);
  return offsets;
}

function startsOf(text: string): Uint32Array {
  let starts = new Uint32Array(1024);
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) {
    if (count === starts.length) {
      const more = new Uint32Array(count * 2);
      more.set(starts);
      starts = more;
    }
    starts[count++] = at + 1;
  }
  return starts.subarray(0, count);
}

function indexBy(lines: readonly string[], keysOf: (line: string) => readonly string[]): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [number, line] of lines.entries()) {
    for (const key of keysOf(line)) {
      const known = index.get(key);
      if (!known) index.set(key, [number]);
      else if (known.at(-1) !== number) known.push(number);
    }
  }
  return index;
}
