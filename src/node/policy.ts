// The rules in force: shipped, the workspace's own file, the person's file and setting, and what was granted since. They are read on
// opening and whenever asked to. What is refused leaves its earlier rules in force; if there are none, everything is asked until it is mended.

import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { shippedPolicy } from "../agent/policy/defaults.ts";
import type { Origin } from "../agent/policy/inventory.ts";
import type { Policy, Rule } from "../agent/policy/rules.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Rules } from "../agent/world.ts";
import { makeFolder, writeDurably } from "./durable.ts";
import { isMissing, refused } from "./errno.ts";
import { checkSetting, type FileKind, parseRules, readRules, type WrittenRule } from "./policy/read-rules.ts";
import { privateFile, privateFolder } from "./state-home.ts";

export interface RulesPlaces {
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** Absolute path of the person's file (see `personalRulesPath`), whether it exists or not. */
  readonly personal: string;
  /** The value of the editor's setting that holds rules, whatever it is; absent where there is no editor. */
  readonly setting?: () => unknown;
}

/** The editor's setting that holds rules of a person. */
const rulesSetting = "proviso.policy.rules";

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
  #workspace: readonly WrittenRule[] | undefined;
  #personal: readonly WrittenRule[] | undefined;
  #settings: readonly Rule[] | undefined;
  #granted: readonly Rule[] = [];
  #policy: Policy;
  #origins = new Map<Rule, Origin>();
  #problems: readonly string[] = [];
  #writing: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(places: RulesPlaces) {
    this.#places = places;
    this.#policy = shippedPolicy(places.root);
  }

  policy(): Policy {
    return this.#policy;
  }

  /** Where a rule in force was written. */
  originOf(rule: Rule): Origin {
    return this.#origins.get(rule) ?? { of: "shipped" };
  }

  /** What is wrong with the files and the setting, one sentence each. */
  problems(): readonly string[] {
    return this.#problems;
  }

  /** Calls back whenever other rules are in force. Returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the files and the setting again; answers what is wrong with them. What is wrong leaves its earlier rules in force. */
  async reload(): Promise<readonly string[]> {
    const { root, personal, setting } = this.#places;
    const problems: string[] = [];
    const either = <T>(read: Result<readonly T[]>, before: readonly T[] | undefined, instead: T): readonly T[] => {
      if (read.ok) return read.value;
      problems.push(read.fault.message);
      return before ?? [instead];
    };
    const file = async (path: string, kind: FileKind, before: readonly WrittenRule[] | undefined): Promise<readonly WrittenRule[]> =>
      either(await readRules(path, kind), before, { rule: askEverything(kind, `The policy file ${path}`), line: 1 });
    this.#workspace = await file(workspaceRulesPath(root), "workspace", this.#workspace);
    this.#personal = await file(personal, "personal", this.#personal);
    if (setting)
      this.#settings = either(
        await checkSetting(setting(), rulesSetting),
        this.#settings,
        askEverything("settings", `The setting ${rulesSetting}`),
      );
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
    return this.#edit("The rule could not be written to", (rules) =>
      rules.some(({ rule: { id } }) => id === rule.id)
        ? fail("invalid", `There is a rule called "${rule.id}" in ${this.#places.personal} already; give this one another name.`)
        : ok({ at: rules.length, value: rule }),
    );
  }

  /** Takes a grant of this session back, or takes a rule out of the person's file. Faults: neither has it. */
  async revoke(id: string): Promise<Result<void>> {
    const granted = this.#granted.find((rule) => rule.id === id);
    if (granted) {
      this.#granted = this.#granted.filter((rule) => rule !== granted);
      this.#compose();
      return ok(undefined);
    }
    return this.#edit("The rule could not be taken out of", (rules) => {
      const at = rules.findIndex(({ rule }) => rule.id === id);
      return at < 0
        ? fail("missing", `There is no rule "${id}" among yours in ${this.#places.personal}; "proviso policy list" says where each one is.`)
        : ok({ at, value: undefined });
    });
  }

  /** One change of the person's file after the other, each checked before it is written. */
  #edit(what: string, change: (rules: readonly WrittenRule[]) => Result<Edit>): Promise<Result<void>> {
    const mine = this.#writing.then(() => this.#write(what, change));
    this.#writing = mine;
    return mine;
  }

  async #write(what: string, change: (rules: readonly WrittenRule[]) => Result<Edit>): Promise<Result<void>> {
    const { personal } = this.#places;
    try {
      const start = (await readOrNothing(personal)) ?? emptyFile;
      const before = await parseRules(start, personal, "personal");
      if (!before.ok) return before;
      const edit = change(before.value);
      if (!edit.ok) return edit;
      const after = await edited(start, edit.value);
      const checked = await parseRules(after, personal, "personal");
      if (!checked.ok) return checked;
      await makeFolder(join(personal, ".."), privateFolder);
      await writeDurably(personal, after, privateFile);
      this.#personal = checked.value;
      this.#compose();
      return ok(undefined);
    } catch (error) {
      return refused(`${what} ${personal}`, error);
    }
  }

  #compose(): void {
    const { root, personal } = this.#places;
    const shipped = shippedPolicy(root);
    this.#origins = new Map();
    const from = (rules: readonly Rule[], origin: Origin): readonly Rule[] => {
      for (const rule of rules) this.#origins.set(rule, origin);
      return rules;
    };
    const written = (rules: readonly WrittenRule[] = [], path: string): readonly Rule[] =>
      rules.flatMap(({ rule, line }) => from([rule], { of: "file", path, line }));
    this.#policy = {
      ...shipped,
      workspace: written(this.#workspace, workspaceRulesPath(root)),
      personal: [
        ...from(this.#granted, { of: "session" }),
        ...from(this.#settings ?? [], { of: "settings" }),
        ...written(this.#personal, personal),
        ...shipped.personal,
      ],
    };
    for (const listener of this.#listeners) listener();
  }
}

/** A rule put into or, without a value, taken out of the list at a place. */
interface Edit {
  readonly at: number;
  readonly value: Rule | undefined;
}

const emptyFile =
  '{\n  // Rules of yours, looked at before the shipped ones. "proviso policy list" tells all that are in force.\n  "version": 1,\n  "rules": []\n}\n';

async function edited(text: string, { at, value }: Edit): Promise<string> {
  const { modify, applyEdits, parseTree, findNodeAtLocation } = await import("jsonc-parser");
  if (value !== undefined) {
    const formattingOptions = { tabSize: 2, insertSpaces: true };
    return applyEdits(text, modify(text, ["rules", at], value, { isArrayInsertion: true, formattingOptions }));
  }
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const node = tree && findNodeAtLocation(tree, ["rules", at]);
  if (!node) return text;
  // By hand, because the library takes what is written about the next rule along. A comma too many does no harm.
  const [before, after] = [text.slice(0, node.offset), text.slice(node.offset + node.length).replace(/^\s*,/, "")];
  const alone = /(^|\n)[ \t]*$/.test(before) && /^[ \t]*\r?\n/.test(after);
  return alone ? before.replace(/[ \t]*$/, "") + after.replace(/^[ \t]*\r?\n/, "") : before + after;
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
const askEverything = (of: FileKind | "settings", what: string): Rule => ({
  id: `${of}.unreadable`,
  priority: Number.MIN_SAFE_INTEGER,
  match: {},
  verdict: "ask",
  why: `${what} is refused, so everything is asked until it is mended.`,
});
