// The rules of this window: opened once per folder, shared by its runs and the Policy view, read again whenever a file or the setting
// changes. What is wrong is told once, with a way to it; until it is mended the rules before it stay in force.

import { homedir } from "node:os";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { emptyTally, type Tally } from "../../agent/observe/tally.ts";
import { inventory, type Origin, type RuleInForce } from "../../agent/policy/inventory.ts";
import type { Rule } from "../../agent/policy/rules.ts";
import { fail, type Result } from "../../agent/result.ts";
import { type OpenRules, openRules, personalRulesPath, workspaceRulesPath } from "../../node/policy.ts";
import { findWorkspaceHome, stateHome } from "../../node/state-home.ts";
import { tallyRuns } from "../../node/tallies.ts";
import type { WorkFolder } from "../folders.ts";
import { tellPolicy } from "./policy-text.ts";

/** What the Policy view shows. */
export interface PolicyPage {
  readonly rules: readonly RuleInForce[];
  readonly problems: readonly string[];
  /** Runs of this folder, and what was decided in them. */
  readonly runs: number;
  readonly tally: Tally;
}

const rulesSetting = "proviso.policy.rules";

export class RuleBook implements vscode.Disposable {
  readonly #folder: WorkFolder;
  readonly #open = new Map<string, Promise<OpenRules>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[] = [];
  readonly #told = new Set<string>();
  readonly onChange = this.#changed.event;

  constructor(folder: WorkFolder) {
    this.#folder = folder;
    this.#watch(dirname(personalPath()), "policy.json");
    this.#disposables.push(
      folder.onChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(rulesSetting) && void this.#reload()),
    );
  }

  /** The rules of a folder, the same for all who ask. */
  of(root: string): Promise<OpenRules> {
    const known = this.#open.get(root) ?? this.#read(root);
    this.#open.set(root, known);
    return known;
  }

  /** The rules in force for the next run, and what was decided so far. Without a folder: the person's and the shipped ones. */
  async page(): Promise<PolicyPage> {
    const root = this.#folder.current?.uri.fsPath;
    const home = root === undefined ? undefined : await findWorkspaceHome(ownFolder(), root);
    const rules = await this.#current();
    const counted = home?.ok ? await tallyRuns(home.value) : undefined;
    const { runs, tally } = counted?.ok ? counted.value : { runs: 0, tally: emptyTally };
    return { rules: inventory(rules.policy(), (rule) => rules.originOf(rule), tally), problems: rules.problems(), runs, tally };
  }

  async text(): Promise<string> {
    return tellPolicy((await this.#current()).policy(), vscode.Uri.file(personalPath()).toString());
  }

  /** In force until the window closes. */
  async grant(rule: Rule): Promise<void> {
    (await this.#current()).grant(rule);
  }

  async revoke(id: string): Promise<Result<void>> {
    return (await this.#current()).revoke(id);
  }

  /** Opens what a rule was written in; false for what has no place of its own. */
  async show(origin: Origin, { focus }: { readonly focus: boolean }): Promise<boolean> {
    if (origin.of === "file") {
      const at = new vscode.Position(Math.max(0, origin.line - 1), 0);
      await vscode.window.showTextDocument(vscode.Uri.file(origin.path), { selection: new vscode.Range(at, at), preserveFocus: !focus });
    } else if (origin.of === "settings")
      await vscode.commands.executeCommand("workbench.action.openSettingsJson", { revealSetting: { key: rulesSetting, edit: true } });
    return origin.of === "file" || origin.of === "settings";
  }

  async #current(): Promise<OpenRules> {
    const root = this.#folder.current?.uri.fsPath;
    const home = root === undefined ? fail("missing", "No folder is open.") : await findWorkspaceHome(ownFolder(), root);
    return this.of(home.ok ? home.value.root : homedir());
  }

  async #read(root: string): Promise<OpenRules> {
    const rules = await openRules({
      root,
      personal: personalPath(),
      setting: () => vscode.workspace.getConfiguration().get<unknown>(rulesSetting),
    });
    rules.onChange(() => this.#changed.fire());
    this.#watch(dirname(workspaceRulesPath(root)), "policy.json");
    this.#tell(rules.problems());
    return rules;
  }

  /** The folder may not be there yet. */
  #watch(folder: string, name: string): void {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), name));
    const reload = (): void => void this.#reload();
    this.#disposables.push(watcher, watcher.onDidChange(reload), watcher.onDidCreate(reload), watcher.onDidDelete(reload));
  }

  async #reload(): Promise<void> {
    for (const rules of await Promise.all(this.#open.values())) this.#tell(await rules.reload());
  }

  #tell(problems: readonly string[]): void {
    for (const problem of problems.filter((one) => !this.#told.has(one))) {
      this.#told.add(problem);
      void vscode.window.showWarningMessage(problem, "Open").then((choice) => choice && this.show(placeOf(problem), { focus: true }));
    }
    // What is mended and broken again in the same way is told again.
    for (const old of this.#told) if (!problems.includes(old)) this.#told.delete(old);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }
}

/** A fault of a file begins with the file and its line; any other is of the setting. */
function placeOf(problem: string): Origin {
  const [, path, line] = /^(\/.*?|[A-Za-z]:\\.*?):(\d+): /.exec(problem) ?? [];
  return path === undefined ? { of: "settings" } : { of: "file", path, line: Number(line) };
}

const personalPath = (): string => personalRulesPath(process.env, homedir());
const ownFolder = (): string => stateHome({ env: process.env, platform: process.platform, home: homedir() });
