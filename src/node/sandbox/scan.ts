// What of a workspace is to be protected, hidden or refused, found afresh before each command; and a print of everything
// that protection is about, to compare with afterwards.

import { type Dirent, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
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
      for (const part of repositoryIn(path)) prints.set(part, stateOf(part));
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
        for (const named of name === ".git" ? configuredPaths(path) : []) {
          if (statOrNothing(named) === undefined) prints.set(named, "gone");
          else if (realOrNothing(named) === named) protect.add(named);
        }
      }
    }
  }
  return ok({ protect: [...protect].filter((path) => path !== root), mask: [...mask], links, prints });
}

/** Files of several names. Absolute paths. */
export interface Shared {
  /** Have a name outside the workspace too: writing to them would change what lies there. */
  readonly foreign: readonly string[];
  /** Are a file that holds secrets, by a name that does not say so. */
  readonly secret: readonly string[];
}

export async function scanShared(root: string, signal: AbortSignal): Promise<Result<Shared>> {
  const found = await surveyLinks(root, signal);
  if (!found.ok) return found;
  const inside = new Map<string, number>();
  for (const { inode } of found.value) inside.set(inode, (inside.get(inode) ?? 0) + 1);
  const secrets = new Set(found.value.filter(({ path }) => isSecretName(basename(path))).map(({ inode }) => inode));
  const paths = (fits: (entry: Entry) => boolean): readonly string[] => found.value.filter(fits).map(({ path }) => path);
  return ok({
    foreign: paths(({ inode, names }) => (inside.get(inode) ?? 0) < names),
    secret: paths(({ inode, path }) => secrets.has(inode) && !isSecretName(basename(path))),
  });
}

/** The names of secrets below a folder that commands may only read. */
export async function scanSecrets(root: string, signal: AbortSignal): Promise<Result<readonly string[]>> {
  const found = await survey(root, signal);
  if (!found.ok) return found;
  const secrets = found.value.filter(({ kind, path }) => kind === "file" && (isSecretName(basename(path)) || holdsCredential(path)));
  return ok(secrets.map(({ path }) => path));
}

/** A folder stays the same as long as it is the same one: what lies in it is protected by a mount, and git writes in its own. */
function printOf(entry: Entry): string {
  return entry.kind === "folder" ? `folder ${entry.inode}` : `${entry.kind} ${entry.inode} ${entry.state}`;
}

function stateOf(path: string): string {
  const found = statOrNothing(path);
  return found === undefined ? "gone" : `${found.ino} ${found.ctimeMs} ${found.size}`;
}

/**
 * A folder that git would take for a repository: one more way to have it run code. Given its HEAD. Its configuration may lie
 * elsewhere, where a file `commondir` says.
 */
function bareRepository(head: string): readonly string[] {
  const beside = (name: string): string => join(dirname(head), name);
  if (statOrNothing(beside("commondir"))) return [head, beside("commondir")];
  return statOrNothing(beside("config")) && statOrNothing(beside("objects")) ? [head, beside("config")] : [];
}

/** The same in a folder of packages itself, which is not searched but which editors open all the same. */
function repositoryIn(folder: string): readonly string[] {
  const [git, head] = [join(folder, ".git"), join(folder, "HEAD")];
  return [...(statOrNothing(git) ? [git] : []), ...(statOrNothing(head) ? bareRepository(head) : [])];
}

/** Settings of git that name something it runs or obeys; the value of the first two is a path, of the others a command line. */
const setting =
  /^\s*(hookspath|path|fsmonitor|clean|smudge|process|textconv|command|driver|sshcommand|editor|pager|helper|program)\s*=\s*(.+)$/gim;

/** What in the workspace a repository's configuration makes git run or include; a folder for hooks also where it is not there yet. */
function configuredPaths(git: string): readonly string[] {
  const found = new Set<string>();
  const own = dirname(git);
  for (const name of ["config", "config.worktree"]) {
    for (const [, key = "", value = ""] of textOrNothing(join(git, name)).matchAll(setting)) {
      const isPath = /^(hooks)?path$/i.test(key);
      const words = isPath
        ? [
            value
              .replace(/[#;].*$/, "")
              .trim()
              .replaceAll('"', ""),
          ]
        : value.split(/[\s"'`;|&()]+/);
      for (const word of words.filter((each) => each !== "")) {
        const path = resolve(key.toLowerCase() === "path" ? git : own, word);
        const counts = statOrNothing(path) !== undefined || key.toLowerCase() === "hookspath";
        if (counts && path !== own && contains(own, path) && !contains(git, path)) found.add(path);
      }
    }
  }
  return [...found];
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
