// The names in a patch: quoted, prefixed and time-stamped as git and diff write them, and which file of the workspace each one means.

/** The path of a "---" or "+++" line, or of a rename; null for /dev/null. */
export function pathOf(name: string): string | null {
  const plain = name.startsWith('"') ? unquote(name) : name.replace(/\t.*$/, "").replace(/\r$/, "");
  if (plain === "/dev/null") return null;
  return plain.startsWith("./") ? plain.slice(2) : plain;
}

/** Both names of a "diff --git" line; undefined where the two cannot be told apart. */
export function headerName(names: string): { readonly old: string; readonly new: string } | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)$/.exec(names);
  const middle = (names.length - 1) / 2;
  const same = names.slice(2, middle) === names.slice(middle + 3) ? [names.slice(0, middle), names.slice(middle + 1)] : undefined;
  const [old, fresh] = same ?? (quoted ? [quoted[1] ?? "", quoted[2] ?? ""] : []);
  if (old === undefined || fresh === undefined) return undefined;
  return { old: pathOf(old) ?? old, new: pathOf(fresh) ?? fresh };
}

/** C quoting: escapes for control characters, and octal for every byte of UTF-8. */
function unquote(name: string): string {
  const inner = /^"((?:[^"\\]|\\.)*)"/.exec(name)?.[1] ?? name;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, octal, escape, plain] of inner.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gu)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(...encoder.encode(escape === undefined ? plain : (escapes[escape] ?? escape)));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const escapes: Readonly<Record<string, string>> = { a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };

/** What tools put in front of the old and the new name: git, and people who keep two folders. */
const prefixes: readonly (readonly [old: string, fresh: string])[] = [
  ["a/", "b/"],
  ["old/", "new/"],
];

/** Every path a patch's names may mean, the likeliest first; what has to be read before it is applied. */
export function candidatesOf(path: string): readonly string[] {
  const prefix = prefixes.flat().find((one) => path.startsWith(one));
  return prefix === undefined ? [path] : [path.slice(prefix.length), path];
}

/**
 * The names without their prefixes, unless a folder is really called so: both names must carry those of a pair, and where only the full
 * name is a known file it is that file. "old/" and "new/" are taken off only where that leads to a known file.
 */
export function resolvePaths(
  file: { readonly oldPath: string | null; readonly newPath: string | null; readonly kind: string | undefined },
  exists: (path: string) => boolean,
): { readonly old: string | null; readonly new: string | null } {
  const { oldPath, newPath, kind } = file;
  const asNamed = { old: oldPath, new: newPath };
  // "rename from" names its file without a prefix.
  if (kind !== undefined && oldPath !== null && exists(oldPath)) return asNamed;
  const pair = prefixes.find(([old, fresh]) => (oldPath?.startsWith(old) ?? true) && (newPath?.startsWith(fresh) ?? true));
  if (!pair) return asNamed;
  const stripped = { old: oldPath?.slice(pair[0].length) ?? null, new: newPath?.slice(pair[1].length) ?? null };
  const isGits = pair === prefixes[0];
  if (stripped.old === null ? isGits : exists(stripped.old)) return stripped;
  if (oldPath === null || !exists(oldPath)) return isGits ? stripped : asNamed;
  // "a/f" and "b/f" are one file, and it is the one that is there.
  return { old: oldPath, new: stripped.old === stripped.new ? oldPath : newPath };
}

/** The names of a "diff --git" line that differ in their prefix only, whichever prefixes a person has git write, behind "a/" and "b/". */
export function underGitsPrefixes(
  header: { readonly old: string; readonly new: string } | undefined,
): ((path: string | null) => string | null) | undefined {
  if (!header || header.old === header.new || header.old.slice(2) !== header.new.slice(2)) return undefined;
  return (path) => (path === header.old ? `a/${path.slice(2)}` : path === header.new ? `b/${path.slice(2)}` : path);
}

/** Why no patch may name this path; git refuses the same. Undefined where nothing is wrong with it, or the caller knows the file. */
export function refusePath(path: string, exists: (path: string) => boolean): string | undefined {
  const parts = path.split(/[\\/]/);
  if (parts.some((part) => part.toLowerCase() === ".git")) return `${path} lies in the repository's own folder; a patch cannot change it.`;
  if (exists(path)) return undefined;
  if (path === "" || path.endsWith("/")) return `${JSON.stringify(path)} is no name of a file.`;
  if (parts[0] === "" || /^[A-Za-z]:$/.test(parts[0] ?? "")) return `${path} is an absolute path; name it from the workspace.`;
  if (parts.includes("..")) return `${path} leads upwards; name it from the workspace.`;
  return undefined;
}
