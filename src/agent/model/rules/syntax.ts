// Syntax trees as plain data, and the port that makes them. A tree holds its text, so that a node can always say what it covers.
// Owns walking; knows no language. Offsets are UTF-16 code units into the parsed text, lines count from 1.

export type Language = "javascript" | "typescript" | "tsx" | "python";

/** Where grammars come from; loading one is slow the first time and cheap afterwards. */
export interface Grammars {
  parser(language: Language, signal: AbortSignal): Promise<Parser>;
}

export interface Parser {
  parse(text: string): Tree;
  /** Whether the text has a syntax error; cheaper than a whole tree. */
  isBroken(text: string): boolean;
}

export interface Tree {
  readonly text: string;
  readonly language: Language;
  readonly root: Syntax;
  readonly broken: boolean;
}

export interface Syntax {
  /** As the grammar names it; for tokens the token itself, e.g. "+". */
  readonly type: string;
  readonly named: boolean;
  /** The role it plays in its parent, e.g. "condition". */
  readonly field: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  readonly parent: Syntax | undefined;
  readonly children: readonly Syntax[];
}

/** The language of a file by its extension, or undefined where no grammar is at hand. */
export function languageOf(path: string): Language | undefined {
  const extension = /\.(\w+)$/.exec(path)?.[1] ?? "";
  return languagesByExtension[extension];
}

const languagesByExtension: Readonly<Record<string, Language | undefined>> = {
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  py: "python",
};

/** The node and everything below it, parents before children. */
export function* descendants(node: Syntax): Generator<Syntax, void, undefined> {
  yield node;
  for (const child of node.children) yield* descendants(child);
}

/** The node's parents, nearest first. */
export function* ancestors(node: Syntax): Generator<Syntax, void, undefined> {
  for (let at = node.parent; at; at = at.parent) yield at;
}

/** The first child in that role that is not mere punctuation. */
export function childAt(node: Syntax, field: string): Syntax | undefined {
  return node.children.find((child) => child.field === field && child.named) ?? node.children.find((child) => child.field === field);
}

/** Named children that are not comments. */
export const partsOf = (node: Syntax): readonly Syntax[] => node.children.filter((child) => child.named && child.type !== "comment");

/** The smallest node that covers the range. */
export function nodeAt(root: Syntax, start: number, end: number): Syntax {
  const inner = root.children.find((child) => child.start <= start && child.end >= end);
  return inner ? nodeAt(inner, start, end) : root;
}
