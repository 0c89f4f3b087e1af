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

/** Every path a patch's names may mean; what has to be read before it is applied. */
export function candidatesOf(path: string): readonly string[] {
  return isPrefixed(path) ? [path.slice(2), path] : [path];
}

/**
 * The names without git's "a/" and "b/", unless a folder is really called so: both names must carry the prefix, and where only the
 * full name is a known file it is that file.
 */
export function resolvePaths(
  file: { readonly oldPath: string | null; readonly newPath: string | null; readonly kind: string | undefined },
  exists: (path: string) => boolean,
): { readonly old: string | null; readonly new: string | null } {
  const { oldPath, newPath } = file;
  const prefixed = (oldPath === null || oldPath.startsWith("a/")) && (newPath === null || newPath.startsWith("b/"));
  const stripped = { old: oldPath?.slice(2) ?? null, new: newPath?.slice(2) ?? null };
  if (!prefixed) return { old: oldPath, new: newPath };
  const known = oldPath !== null && !exists(stripped.old ?? "") && exists(oldPath);
  return known ? { old: oldPath, new: newPath } : stripped;
}

const isPrefixed = (path: string): boolean => /^[ab]\//.test(path);
