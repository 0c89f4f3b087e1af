// What of a workspace is to be protected, hidden or refused, found afresh before each command; and a print of everything
// that protection is about, to compare with afterwards.

import { type Dirent, readdirSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { ok, type Result } from "../../agent/result.ts";
import { realOrNothing, statOrNothing, textOrNothing } from "../shell/look.ts";
import { contains } from "../shell/path.ts";
import { isSecretName, literalCredential, unlinkable } from "./protected.ts";
import { type Entry, survey, surveyLinks } from "./survey.ts";

/** All paths absolute. */
export interface Scan {
  /** Exist, are no links, and must not be written. */
  readonly protect: readonly string[];
  /** Files that must look empty. */
  readonly mask: readonly string[];
  /** Links that stand where something protected should be. */
  readonly links: readonly string[];
  /** Whatever is protected, or would be, as it is now. */
  readonly prints: Prints;
}

export type Prints = ReadonlyMap<string, string>;

export async function scanWorkspace(root: string, signal: AbortSignal): Promise<Result<Scan>> {
  const found = await survey(root, signal);
  if (!found.ok) return found;
  const protect = new Set<string>();
  const mask = new Set<string>();
  const links: string[] = [];
  const prints = new Map<string, string>();
  const insideOrNothing = (path: string): string | undefined => {
    const real = realOrNothing(path);
    return real !== undefined && contains(root, real) && real !== root ? real : undefined;
  };
  for (const entry of found.value) {
    const { path, why, kind } = entry;
    const name = basename(path);
    if (why === "secret" && isSecretName(name)) {
      const real = insideOrNothing(path);
      if (real !== undefined) mask.add(real);
    } else if (why === "packages") {
      for (const part of foreignPackages(path)) protect.add(part);
    } else if (why === "head") {
      for (const part of bareRepository(path)) prints.set(part, stateOf(part));
    } else if (why === "protected") {
      prints.set(path, printOf(entry));
      if (kind === "link") {
        if (unlinkable.has(name)) links.push(path);
        const real = insideOrNothing(path);
        if (real !== undefined) protect.add(real);
      } else {
        protect.add(path);
        if (kind === "file" && (isSecretName(name) || holdsCredential(path))) mask.add(path);
        if (name === ".git") for (const named of configuredPaths(path)) protect.add(named);
      }
    }
  }
  return ok({ protect: [...protect].filter((path) => path !== root), mask: [...mask], links, prints });
}

/** Files that have a name outside the workspace too: writing to them would change what lies there. */
export async function scanForeign(root: string, signal: AbortSignal): Promise<Result<readonly string[]>> {
  const found = await surveyLinks(root, signal);
  if (!found.ok) return found;
  const inside = new Map<string, number>();
  for (const { inode } of found.value) inside.set(inode, (inside.get(inode) ?? 0) + 1);
  return ok(found.value.filter(({ inode, names }) => (inside.get(inode) ?? 0) < names).map(({ path }) => path));
}

/** The names of secrets below a folder that commands may only read. */
export async function scanSecrets(root: string, signal: AbortSignal): Promise<Result<readonly string[]>> {
  const found = await survey(root, signal);
  if (!found.ok) return found;
  const secrets = found.value.filter((entry) => entry.kind === "file" && isSecretName(basename(entry.path)));
  return ok(secrets.map((entry) => entry.path));
}

/** A folder stays the same as long as it is the same one: what lies in it is protected by a mount, and git writes in its own. */
function printOf(entry: Entry): string {
  return entry.kind === "folder" ? `folder ${entry.inode}` : `${entry.kind} ${entry.inode} ${entry.state}`;
}

function stateOf(path: string): string {
  const found = statOrNothing(path);
  return found === undefined ? "gone" : `${found.ino} ${found.ctimeMs} ${found.size}`;
}

/** A folder that git would take for a repository: one more way to have it run code. Given its HEAD. */
function bareRepository(head: string): readonly string[] {
  const [config, objects] = ["config", "objects"].map((name) => join(dirname(head), name));
  return config !== undefined && objects !== undefined && statOrNothing(config) && statOrNothing(objects) ? [head, config] : [];
}

/** Files in the workspace that a repository's configuration makes git run or include. */
function configuredPaths(git: string): readonly string[] {
  const found: string[] = [];
  for (const name of ["config", "config.worktree"]) {
    for (const [, key, value] of textOrNothing(join(git, name)).matchAll(/^\s*(hookspath|path|fsmonitor)\s*=\s*"?([^"\n#;]+)/gim)) {
      if (key === undefined || value === undefined) continue;
      const from = key.toLowerCase() === "path" ? git : dirname(git);
      const path = resolve(from, value.trim());
      if (!isAbsolute(value) && contains(dirname(git), path) && path !== dirname(git) && statOrNothing(path)) found.push(path);
    }
  }
  return found.filter((path) => realOrNothing(path) === path);
}

/**
 * What of a folder of packages shares its files with a store outside, as pnpm, bun and uv install them. Told by a sample:
 * an installer links all of a package or nothing. A link is skipped, it leads to what is looked at elsewhere.
 */
function foreignPackages(folder: string): readonly string[] {
  const store = join(folder, ".pnpm");
  if (statOrNothing(store) !== undefined) return [store];
  const entries = foldersIn(folder).filter((entry) => !entry.name.startsWith("."));
  if (basename(folder) === "node_modules") {
    const sample = entries.slice(0, 20).map((entry) => join(folder, entry.name, "package.json"));
    return sample.some(hasOtherNames) ? entries.map((entry) => join(folder, entry.name)) : [];
  }
  if (statOrNothing(join(folder, "pyvenv.cfg"))) {
    const libraries = foldersIn(join(folder, "lib")).map((version) => join(folder, "lib", version.name, "site-packages"));
    const sample = libraries.flatMap((library) =>
      foldersIn(library)
        .slice(0, 40)
        .map(({ name }) => join(library, name, "__init__.py")),
    );
    return sample.some(hasOtherNames) ? [folder] : [];
  }
  return [];
}

function foldersIn(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  } catch {
    return [];
  }
}

function hasOtherNames(path: string): boolean {
  return (statOrNothing(path)?.nlink ?? 1) > 1;
}

function holdsCredential(path: string): boolean {
  return /^\.(npmrc|yarnrc(\.yml)?)$/.test(basename(path)) && literalCredential.test(textOrNothing(path));
}
