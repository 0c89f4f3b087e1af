// Which files a person told search tools to pass over: .gitignore, .ignore and .rgignore at every level, as ripgrep reads them.
// Only files at or below the base folder count, not those above it or in the user's home, so that a workspace means the same everywhere.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Ignore } from "ignore";
import { readContent } from "./read-image.ts";

/** The files that hold rules, strongest first; .git/info/exclude comes last and counts at the base alone. */
const ruleFiles = [".rgignore", ".ignore", ".gitignore"] as const;
const excludeFile = ".git/info/exclude";

/** Never listed or searched, whatever the rules say. */
const never: ReadonlySet<string> = new Set([".git", "node_modules"]);

export interface IgnoreRules {
  /** Whether a path, relative to the base with forward slashes and no leading one, is to be passed over. */
  ignores(path: string, kind: "file" | "folder"): boolean;
  /** The rules with those of one more folder. `names` are the folder's entries, so that absent rule files cost nothing. */
  with(folder: string, names: readonly string[], signal: AbortSignal): Promise<IgnoreRules>;
}

interface Level {
  /** Relative to the base, ending in "/"; "" is the base. */
  readonly folder: string;
  readonly source: string;
  readonly ignore: Ignore;
}

/** The rules that hold for what lies in `start`, from all folders above it. A `start` that is itself ignored was named outright: no rule from above holds in it. */
export async function rulesAbove(base: string, start: string, signal: AbortSignal): Promise<IgnoreRules> {
  let rules = rulesOf(base, []);
  if (start === "") return rules;
  const parts = start.split("/");
  for (const [depth] of parts.entries()) {
    const folder = parts.slice(0, depth).join("/");
    rules = await rules.with(folder, await readdir(join(base, folder)), signal);
    if (rules.ignores(parts.slice(0, depth + 1).join("/"), "folder")) return rulesOf(base, []);
  }
  return rules;
}

function rulesOf(base: string, levels: readonly Level[]): IgnoreRules {
  return {
    ignores: (path, kind) => never.has(path.slice(path.lastIndexOf("/") + 1)) || verdict(levels, kind === "folder" ? `${path}/` : path),
    with: async (folder, names, signal) => {
      const sources: string[] = ruleFiles.filter((name) => names.includes(name));
      if (folder === "" && names.includes(".git")) sources.push(excludeFile);
      const added: Level[] = [];
      for (const source of sources) {
        const ignore = await loadRules(join(base, folder, source), signal);
        if (ignore) added.push({ folder: folder === "" ? "" : `${folder}/`, source, ignore });
      }
      return added.length === 0 ? rulesOf(base, levels) : rulesOf(base, [...levels, ...added]);
    },
  };
}

function verdict(levels: readonly Level[], path: string): boolean {
  for (const source of [...ruleFiles, excludeFile]) {
    // The nearest folder that says anything decides.
    for (const level of levels.toReversed()) {
      if (level.source !== source || !path.startsWith(level.folder)) continue;
      const { ignored, unignored } = level.ignore.test(path.slice(level.folder.length));
      if (ignored || unignored) return ignored;
    }
  }
  return false;
}

async function loadRules(path: string, signal: AbortSignal): Promise<Ignore | undefined> {
  const image = await readContent({ real: path, shown: path, inside: true, kind: "file" }, 1 << 20, signal);
  if (!image.ok) return undefined;
  const { default: ignore } = await import("ignore");
  return ignore({ ignorecase: false, allowRelativePaths: false }).add(new TextDecoder().decode(image.value.bytes));
}
