// What is offered after "@": files and folders of one folder that git and the editor do not hide, that usually hold no secrets, and that
// the policy does not deny to be read. Offering allows nothing: whoever reads one is judged as ever.

import { join } from "node:path";
import * as vscode from "vscode";
import { judge } from "../agent/policy/judge.ts";
import { prepare } from "../agent/policy/prepare.ts";
import type { Policy } from "../agent/policy/rules.ts";
import type { Risk } from "../agent/tool/risk.ts";
import type { Files } from "../agent/world.ts";
import { openFiles } from "../node/files.ts";
import { askedAbout } from "../node/search.ts";
import { findRipgrep } from "../node/search/find-ripgrep.ts";
import { globMatcher } from "../node/search/globs.ts";
import { listFiles } from "../node/search/list-files.ts";
import { type Entry, entriesOf, rankPaths } from "../protocol/rank-paths.ts";
import { mentionOf } from "../protocol/typed-mention.ts";
import { shownIn } from "./folders.ts";

export interface FinderParts {
  /** The rules of a folder, which is given by its real path. */
  readonly policy: (root: string) => Promise<Policy>;
  /** Files the person had open, the last one first. */
  readonly recent: () => readonly vscode.Uri[];
}

/** How long a listing is as good as a new one. */
const freshMs = 10_000;
const mostListed = 200_000;
const mostOffered = 20;

export class FileFinder {
  readonly #parts: FinderParts;
  #listing: { readonly folder: string; readonly until: number; readonly made: Promise<Listing | undefined> } | undefined;
  #asked = 0;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /** The likeliest first; undefined where other words were asked about meanwhile. */
  async find(folder: string | undefined, words: string): Promise<readonly string[] | undefined> {
    const asked = ++this.#asked;
    const listing = folder === undefined ? undefined : await this.#listed(folder);
    if (asked !== this.#asked) return undefined;
    if (!listing) return [];
    const { files, entries } = listing;
    const recent = this.#parts.recent().map((uri) => shownIn(files.root, uri));
    // Twice as many as are shown, so that some may be denied.
    const ranked = rankPaths(entries, words, recent, 2 * mostOffered);
    const policy = await this.#parts.policy(files.root);
    const denied = await Promise.all(ranked.map((path) => isDenied(policy, files, path)));
    return asked === this.#asked ? ranked.filter((_, at) => !denied[at]).slice(0, mostOffered) : undefined;
  }

  #listed(folder: string): Promise<Listing | undefined> {
    const known = this.#listing;
    if (known?.folder === folder && Date.now() < known.until) return known.made;
    const made = list(folder);
    this.#listing = { folder, until: Date.now() + freshMs, made };
    return made;
  }
}

interface Listing {
  readonly files: Files;
  readonly entries: readonly Entry[];
}

/** Undefined for a folder that is not there. */
async function list(folder: string): Promise<Listing | undefined> {
  const files = await openFiles(folder);
  if (!files.ok) return undefined;
  const { root } = files.value;
  const bundled = [join(vscode.env.appRoot, "node_modules", "@vscode", "ripgrep", "bin", "rg")];
  const ripgrep = await findRipgrep(process.env["PATH"], root, bundled);
  const [paths, isHidden, isSecret] = await Promise.all([
    listFiles(root, ripgrep, mostListed, new AbortController().signal),
    hiddenIn(vscode.Uri.file(folder)),
    globMatcher(askedAbout, { anyCase: true }),
  ]);
  const shown = paths.filter((path) => !isHidden(path) && !isSecret(path) && mentionOf(path) !== undefined);
  return { files: files.value, entries: entriesOf(shown) };
}

/** What the editor's explorer or its search leaves out. */
async function hiddenIn(folder: vscode.Uri): Promise<(path: string) => boolean> {
  const globs = ["files.exclude", "search.exclude"].flatMap((name) => {
    const setting = vscode.workspace.getConfiguration(undefined, folder).get<Readonly<Record<string, unknown>>>(name, {});
    return Object.keys(setting).filter((glob) => setting[glob] === true);
  });
  // Without "**" the editor means the folder itself.
  return globs.length === 0 ? () => false : globMatcher(globs.map((glob) => (glob.startsWith("**") ? glob : `/${glob}`)));
}

async function isDenied(policy: Policy, files: Files, path: string): Promise<boolean> {
  const tool = path.endsWith("/") ? "list_files" : "read_file";
  const risk: Risk = { effects: ["read"], paths: [path], reversible: true };
  const { subject } = await prepare({ tool, risk, mode: "supervised", tainted: false, sandboxed: true }, files);
  return judge(policy, subject).verdict === "deny";
}
