// The mention a person is typing: from its "@" to the end of its word, with what stands between "@" and the cursor. Pure.

export { mentionOf } from "../agent/mention.ts";

export interface TypedMention {
  /** Where its "@" stands. */
  readonly from: number;
  /** Where the word ends that the cursor is in. */
  readonly to: number;
  /** What is looked for. */
  readonly words: string;
}

const longest = 200;

/** Undefined where the cursor is in no mention. */
export function typedMention(text: string, cursor: number): TypedMention | undefined {
  const start = text.lastIndexOf("\n", cursor - 1) + 1;
  const line = text.slice(start, cursor);
  const near = Math.max(0, line.length - longest);
  const found = /(?<=^|[\s(])@(?:"([^"]*)|[^\s"`]*)$/.exec(line.slice(near));
  if (!found || (found.index === 0 && near > 0)) return undefined;
  const at = near + found.index;
  // What stands in backticks is quoted.
  if (line.slice(0, at).split("`").length % 2 === 0) return undefined;
  const [, quoted] = found;
  const rest = (quoted === undefined ? /^[^\s"`]*/ : /^[^"\n]*"|/).exec(text.slice(cursor))?.[0] ?? "";
  return { from: start + at, to: cursor + rest.length, words: quoted ?? found[0].slice(1) };
}
