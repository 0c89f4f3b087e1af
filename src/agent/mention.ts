// Files and folders that a person names with "@" in what they say: `@src/invoice.js`, `@"my notes.md"`. The words stay as they were typed;
// what is told here is how they are read. A name that exists nowhere is simply text, and naming a file allows nothing.

/** At the start or after white space or "("; code in backticks is quoted and names nothing. */
const marks = /`[^`\n]*`|(?<=^|[\s(])@(?:"([^"\n]+)"|([^\s"`]+))/g;

/** What follows a name and is no part of it. */
const tail = /(?::\d+(?:-\d+)?)?[.,;:!?()'\]}>]*$/;

/** Without a slash or a full stop it may be anybody's name, or a decorator. */
const isPath = (name: string): boolean => /[./\\]/.test(name) && /[^./\\]/.test(name);

/** The paths named, each once, in the order they come. */
export function mentionsIn(text: string): readonly string[] {
  const paths = [...text.matchAll(marks)].flatMap(([, quoted, bare]) => quoted ?? [bare?.replace(tail, "") ?? ""].filter(isPath));
  return [...new Set(paths)];
}

/** How a path is written so that it is read as one; undefined for a name that no reader could tell from another. */
export function mentionOf(path: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return undefined;
  return [`@${path}`, `@"${path}"`].find((mention) => mentionsIn(mention)[0] === path);
}

/** The same words with paths in place of mentions, as if they had been typed without the "@". */
export const withoutMarks = (text: string): string =>
  text.replace(marks, (found: string, quoted: string | undefined, bare: string | undefined) =>
    quoted !== undefined || isPath(bare?.replace(tail, "") ?? "") ? found.slice(1) : found,
  );

const mostNamed = 20;
const longestNamed = 300;

/** Tells a model what the mentions in a person's words mean; undefined where there are none. It reads the files itself, under the policy. */
export function mentionNote(text: string): string | undefined {
  const paths = mentionsIn(text)
    .filter((path) => path.length <= longestNamed)
    .slice(0, mostNamed);
  return paths.length === 0 ? undefined : `Named with @, to be looked at first where it is a file or folder here: ${paths.join(", ")}`;
}

/** A person's words, and below them what their mentions mean. */
export function withNote(text: string): string {
  const note = mentionNote(text);
  return note === undefined ? text : `${text}\n(${note})`;
}
