// Which files and folders fit what is typed after "@", the likeliest first: the file's own name before the way there, a beginning before
// a middle before scattered letters; among equals what the person had open last. Pure; quick over some ten thousands of paths.

/** A path as it is looked for. Made once for a listing. */
export interface Entry {
  /** Relative to the folder, with forward slashes; a folder's ends in one. */
  readonly path: string;
  readonly lower: string;
  /** Where the last name in it begins. */
  readonly name: number;
  readonly depth: number;
}

/** The files and the folders they lie in, as entries. */
export function entriesOf(files: readonly string[]): readonly Entry[] {
  const folders = new Set<string>();
  for (const file of files)
    for (let end = file.lastIndexOf("/"); end !== -1; end = file.lastIndexOf("/", end - 1)) {
      const folder = file.slice(0, end + 1);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return [...files, ...folders].map((path) => ({
    path,
    lower: path.toLowerCase(),
    name: path.lastIndexOf("/", path.length - 2) + 1,
    depth: path.split("/").length,
  }));
}

/** At most `most` paths that fit, the likeliest first. `recent`: paths the person had open, the last one first. */
export function rankPaths(entries: readonly Entry[], words: string, recent: readonly string[], most: number): readonly string[] {
  const wanted = wordsOf(words);
  const opened = new Map(recent.map((path, at) => [path, at]));
  const found = entries.flatMap((entry) => {
    const fit = fitOf(entry, wanted);
    return fit === undefined ? [] : [{ entry, fit, at: opened.get(entry.path) ?? recent.length }];
  });
  return found
    .sort((a, b) => a.fit - b.fit || a.at - b.at || order(a.entry, b.entry))
    .slice(0, most)
    .map(({ entry }) => entry.path);
}

/** Whether a path fits at all. */
export function fits(path: string, words: string): boolean {
  const [entry] = entriesOf([path]);
  return entry !== undefined && fitOf(entry, wordsOf(words)) !== undefined;
}

const wordsOf = (words: string): string =>
  words
    .toLowerCase()
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/, "");

/** How well it fits, 0 the best; undefined where it does not. */
function fitOf({ lower, name }: Entry, words: string): number | undefined {
  if (words === "") return 0;
  if (words.includes("/")) {
    if (lower.startsWith(words)) return 0;
    if (lower.includes(`/${words}`)) return 1;
    return lower.includes(words) ? 2 : scattered(lower, 0, words) ? 3 : undefined;
  }
  const inName = lower.indexOf(words, name);
  if (inName === name) return /^(?:\.|\/?$)/.test(lower.slice(name + words.length)) ? 0 : 1;
  if (inName !== -1) return /[a-z0-9]/.test(lower[inName - 1] ?? "") ? 3 : 2;
  if (scattered(lower, name, words)) return 4;
  if (lower.startsWith(words) || lower.includes(`/${words}`)) return 5;
  return lower.includes(words) ? 6 : scattered(lower, 0, words) ? 7 : undefined;
}

/** All letters in their order, whatever stands between them. */
function scattered(text: string, from: number, letters: string): boolean {
  let at = from;
  for (const letter of letters) {
    const found = text.indexOf(letter, at);
    if (found === -1) return false;
    at = found + letter.length;
  }
  return true;
}

/** What lies higher, a file before a folder, the shorter, the earlier in the alphabet. */
const order = (a: Entry, b: Entry): number =>
  a.depth - b.depth || Number(isFolder(a)) - Number(isFolder(b)) || a.path.length - b.path.length || (a.path < b.path ? -1 : 1);

const isFolder = ({ path }: Entry): boolean => path.endsWith("/");
