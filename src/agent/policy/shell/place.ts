// Where in the line the parts of it stand. Positions are the grammar's own, and believed only where the line has the same words there.
// Invariant: a part never stands finer than is known. What runs inside a text that was made by the shell, such as a script in quotes,
// stands where the command stands that runs it.

import type { Command, CommandExpansionPart, Redirection, SyntaxNode } from "unbash";
import type { Span } from "../part.ts";
import type { Scene } from "./scene.ts";

type Node = Pick<SyntaxNode, "pos" | "end">;

/** None for what the grammar could not read to its end. */
export const spansOf = ({ pos, end }: Node, { within }: Scene): readonly Span[] => within ?? (end > pos ? [[pos, end]] : []);

/** A command's words with what is between them, without its redirections; none where the grammar has lost its place. */
export function commandSpans({ prefix, name, suffix }: Command, source: string, { within }: Scene): readonly Span[] {
  if (within) return within;
  const spans: [number, number][] = [];
  let isOpen = false;
  for (const item of [...prefix, ...(name ? [name] : []), ...suffix]) {
    const last = spans.at(-1);
    const isWord = item.type === "Word" || item.type === "Assignment";
    if (isWord && source.slice(item.pos, item.end) !== item.text) return [];
    if (isWord && isOpen && last) last[1] = item.end;
    else if (isWord) spans.push([item.pos, item.end]);
    isOpen = isWord;
  }
  return spans;
}

export function redirectSpans(redirect: Redirection, source: string, scene: Scene): readonly Span[] {
  const word = redirect.type === "HereDoc" ? redirect.delimiter : redirect.target;
  return scene.within || !word || source.slice(word.pos, word.end) === word.text ? spansOf(redirect, scene) : [];
}

/** The scene inside a substitution. Backslashes in backquotes are taken off before what is left is read, so its places are not the line's. */
export function insideOf(node: SyntaxNode, scene: Scene): Scene {
  return isBackquoted(node) && node.text.includes("\\") ? { ...scene, within: spansOf(node, scene) } : scene;
}

const isBackquoted = (node: SyntaxNode): node is CommandExpansionPart => node.type === "CommandExpansion" && node.text.startsWith("`");

const mostSpans = 100;

/** Both, each once; of a part that happens very often only the first places. */
export function joinSpans(a: readonly Span[] = [], b: readonly Span[] = []): readonly Span[] {
  const fresh = b.filter(([from, to]) => !a.some((one) => one[0] === from && one[1] === to));
  return fresh.length === 0 ? a : [...a, ...fresh].slice(0, mostSpans);
}
