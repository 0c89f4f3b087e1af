// The rules in force: shipped, the workspace's own file, the person's file, and what was granted since. Files are read on opening and
// whenever asked to. A file that is refused leaves its earlier rules in force; if there are none, everything is asked until it is mended.

import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { shippedPolicy } from "../agent/policy/defaults.ts";
import type { Policy, Rule } from "../agent/policy/rules.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Rules } from "../agent/world.ts";
import { makeFolder, writeDurably } from "./durable.ts";
import { isMissing, refused } from "./errno.ts";
import { type FileKind, parseRules, readRules } from "./policy/read-rules.ts";
import { privateFile, privateFolder } from "./state-home.ts";

export interface RulesPlaces {
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** Absolute path of the person's file (see `personalRulesPath`), whether it exists or not. */
  readonly personal: string;
}

/** Where a repository keeps its rules. They can only tighten. */
export const workspaceRulesPath = (root: string): string => join(root, ".proviso", "policy.json");

/** Where a person keeps theirs: `$XDG_CONFIG_HOME/proviso/policy.json`, else below ~/.config. */
export function personalRulesPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const { XDG_CONFIG_HOME: xdg } = env;
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".config"), "proviso", "policy.json");
}

/** Opens the rules of a workspace. Never fails: what is wrong with a file is in `problems`, and the policy is stricter for it. */
export async function openRules(places: RulesPlaces): Promise<OpenRules> {
  const rules = new OpenRules(places);
  await rules.reload();
  return rules;
}

export class OpenRules implements Rules {
  readonly #places: RulesPlaces;
  #workspace: readonly Rule[] | undefined;
  #personal: readonly Rule[] | undefined;
  #granted: readonly Rule[] = [];
  #policy: Policy;
  #problems: readonly string[] = [];
  #writing: Promise<unknown> = Promise.resolve();

  constructor(places: RulesPlaces) {
    this.#places = places;
    this.#policy = shippedPolicy(places.root);
  }

  policy(): Policy {
    return this.#policy;
  }

  /** What is wrong with the files, one sentence each. */
  problems(): readonly string[] {
    return this.#problems;
  }

  /** Reads the files again; answers what is wrong with them. */
  async reload(): Promise<readonly string[]> {
    const { root, personal } = this.#places;
    const problems: string[] = [];
    const read = async (path: string, kind: FileKind, before: readonly Rule[] | undefined): Promise<readonly Rule[]> => {
      const rules = await readRules(path, kind);
      if (rules.ok) return rules.value;
      problems.push(rules.fault.message);
      return before ?? [askEverything(kind, path)];
    };
    this.#workspace = await read(workspaceRulesPath(root), "workspace", this.#workspace);
    this.#personal = await read(personal, "personal", this.#personal);
    this.#problems = problems;
    this.#compose();
    return problems;
  }

  /** For this process only. */
  grant(rule: Rule): void {
    this.#granted = [rule, ...this.#granted];
    this.#compose();
  }

  /** Writes the rule into the person's file, its comments and order kept. Faults: the file is refused as it stands, or cannot be written. */
  async remember(rule: Rule): Promise<Result<void>> {
    const mine = this.#writing.then(() => this.#append(rule));
    this.#writing = mine;
    return mine;
  }

  async #append(rule: Rule): Promise<Result<void>> {
    const { personal } = this.#places;
    try {
      const text = await readOrNothing(personal);
      const { modify, applyEdits } = await import("jsonc-parser");
      const start =
        text ??
        '{\n  // Rules of yours, looked at before the shipped ones. "proviso policy explain" lists all that are in force.\n  "version": 1,\n  "rules": []\n}\n';
      const before = await parseRules(start, personal, "personal");
      if (!before.ok) return before;
      if (before.value.some(({ id }) => id === rule.id))
        return fail("invalid", `There is a rule called "${rule.id}" in ${personal} already; give this one another name.`);
      const edits = modify(start, ["rules", before.value.length], rule, {
        isArrayInsertion: true,
        formattingOptions: { tabSize: 2, insertSpaces: true },
      });
      const after = applyEdits(start, edits);
      const checked = await parseRules(after, personal, "personal");
      if (!checked.ok) return checked;
      await makeFolder(join(personal, ".."), privateFolder);
      await writeDurably(personal, after, privateFile);
      this.#personal = checked.value;
      this.#compose();
      return ok(undefined);
    } catch (error) {
      return refused(`The rule could not be written to ${personal}`, error);
    }
  }

  #compose(): void {
    const shipped = shippedPolicy(this.#places.root);
    this.#policy = {
      ...shipped,
      workspace: this.#workspace ?? [],
      personal: [...this.#granted, ...(this.#personal ?? []), ...shipped.personal],
    };
  }
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** In place of rules that could not be read, which may have forbidden something. */
const askEverything = (kind: FileKind, path: string): Rule => ({
  id: `${kind}.unreadable`,
  priority: Number.MIN_SAFE_INTEGER,
  match: {},
  verdict: "ask",
  why: `The policy file ${path} is refused, so everything is asked until it is mended.`,
});
