// Globs as people write them in search boxes: "*.ts" and "test" mean at any level, "src/*.ts" from the workspace down,
// a folder means all in it, and a leading "!" takes paths out again.

/** Whether a path, relative with forward slashes, is meant by the globs: by one without "!" (or there is none such) and by none with. */
export async function globMatcher(globs: readonly string[], { anyCase = false } = {}): Promise<(path: string) => boolean> {
  if (globs.length === 0) return () => true;
  const { default: picomatch } = await import("picomatch");
  const options = { dot: true, nocase: anyCase };
  const wanted = globs.filter((glob) => !glob.startsWith("!")).flatMap(spread);
  const unwanted = globs.filter((glob) => glob.startsWith("!")).flatMap((glob) => spread(glob.slice(1)));
  const isWanted = wanted.length === 0 ? () => true : picomatch(wanted, options);
  const isUnwanted = unwanted.length === 0 ? () => false : picomatch(unwanted, options);
  return (path) => isWanted(path) && !isUnwanted(path);
}

function spread(glob: string): string[] {
  // Brackets that group are no part of globs as ripgrep and editors know them, and are common in folder names.
  const bare = glob
    .replace(/^\.?\//, "")
    .replace(/\/$/, "")
    .replaceAll(/[()]/g, "\\$&");
  const anchored = bare.includes("/") || glob.startsWith("/") ? bare : `**/${bare}`;
  return [anchored, `${anchored}/**`];
}
