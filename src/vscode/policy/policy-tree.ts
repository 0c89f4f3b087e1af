// The Policy view: every rule in force, list by list, with its verdict, how often it decided and where it was written; a rule that can
// never decide is marked. Enter opens where it was written, Delete takes back one's own. Asks for what it shows when it is looked at.

import * as vscode from "vscode";
import type { RuleInForce } from "../../agent/policy/inventory.ts";
import type { ListName, Verdict } from "../../agent/policy/rules.ts";

export const policyViewId = "proviso.policy";

export type PolicyNode =
  | { readonly of: "problem"; readonly text: string }
  | { readonly of: "counts"; readonly rows: readonly CountRow[]; readonly said: string }
  | { readonly of: "count"; readonly row: CountRow }
  | { readonly of: "list"; readonly list: ListName; readonly rules: readonly RuleNode[] }
  | RuleNode;

export interface RuleNode {
  readonly of: "rule";
  readonly each: RuleInForce;
  readonly revocable: boolean;
  /** Where it was written, in words. */
  readonly from: string;
}

export interface CountRow {
  readonly what: string;
  readonly value: string;
}

/** What the tree is made of; told apart from the page so that the tree needs no code of the policy. */
export interface PolicySource {
  nodes(): Promise<readonly PolicyNode[]>;
  /** Whenever something shown may have changed. */
  readonly onChange: vscode.Event<void>;
}

export class PolicyTree implements vscode.TreeDataProvider<PolicyNode>, vscode.Disposable {
  readonly #source: () => Promise<PolicySource>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #following: vscode.Disposable | undefined;

  constructor(source: () => Promise<PolicySource>) {
    this.#source = source;
  }

  async getChildren(node?: PolicyNode): Promise<PolicyNode[]> {
    if (node?.of === "list") return [...node.rules];
    if (node?.of === "counts") return node.rows.map((row) => ({ of: "count", row }));
    if (node) return [];
    const source = await this.#source();
    this.#following ??= source.onChange(() => this.#changed.fire());
    return [...(await source.nodes())];
  }

  getTreeItem(node: PolicyNode): vscode.TreeItem {
    switch (node.of) {
      case "problem":
        return problemItem(node.text);
      case "counts":
        return described("Decisions", node.said, { icon: "graph", state: vscode.TreeItemCollapsibleState.Collapsed });
      case "count":
        return described(node.row.what, node.row.value);
      case "list":
        return listItem(node.list, node.rules.length);
      case "rule":
        return ruleItem(node);
    }
  }

  refresh(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#following?.dispose();
    this.#changed.dispose();
  }
}

function problemItem(text: string): vscode.TreeItem {
  const item = described("Refused", text, { icon: "error" });
  item.tooltip = text;
  return item;
}

interface Look {
  readonly icon?: string;
  readonly state?: vscode.TreeItemCollapsibleState;
}

function described(label: string, description: string, { icon, state }: Look = {}): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  if (icon !== undefined) item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: `${label}: ${description}` };
  return item;
}

const lists: Readonly<Record<ListName, { readonly label: string; readonly said: string }>> = {
  guard: { label: "Guard", said: "built in; nothing overrides it" },
  workspace: { label: "Workspace", said: "of the repository; may only tighten" },
  role: { label: "Role", said: "what a role may not exceed" },
  personal: { label: "Personal", said: "yours first, then what is shipped" },
};

function listItem(list: ListName, count: number): vscode.TreeItem {
  const { label, said } = lists[list];
  const state =
    count === 0
      ? vscode.TreeItemCollapsibleState.None
      : list === "guard"
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.Expanded;
  const item = described(label, count === 0 ? "no rules" : `${count} · ${said}`, { state });
  item.id = `list:${list}`;
  return item;
}

const icons: Readonly<Record<Verdict, string>> = { allow: "check", ask: "question", deny: "circle-slash" };

function ruleItem(node: RuleNode): vscode.TreeItem {
  const { each, revocable, from } = node;
  const { rule, list, decided, shadowedBy } = each;
  const times = decided === 0 ? "never decided" : decided === 1 ? "decided 1 call" : `decided ${decided} calls`;
  const fate = shadowedBy === undefined ? times : `can never decide: ${shadowedBy} stands before it`;
  const own = each.origin.of === "shipped" ? "" : ` · ${from}`;
  const item = new vscode.TreeItem(rule.id);
  item.id = `${list}:${each.origin.of}:${rule.id}`;
  // A narrow row: that a rule never decided is for the tooltip, where it was written is not.
  item.description = `${rule.verdict}${shadowedBy === undefined && decided === 0 ? "" : ` · ${fate}`}${own}`;
  item.iconPath = new vscode.ThemeIcon(shadowedBy === undefined ? icons[rule.verdict] : "warning");
  item.tooltip = new vscode.MarkdownString().appendText(`${rule.why}\n`).appendCodeblock(JSON.stringify(rule.match, null, 2), "json");
  item.tooltip.appendText(`${rule.verdict}, priority ${rule.priority}, ${from}; ${fate}.`);
  item.accessibilityInformation = { label: `${rule.id}, ${rule.verdict}: ${rule.why} ${fate}, ${from}` };
  item.contextValue = revocable ? "revocable" : "rule";
  item.command = { command: "proviso.openRule", title: "Open Rule", arguments: [node] };
  return item;
}
