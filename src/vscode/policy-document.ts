// "Show Policy": every rule in force as a document that can be read and searched, each with where it comes from and why it stands.

import * as vscode from "vscode";
import { sorted } from "../agent/policy/judge.ts";
import type { Policy, Rule } from "../agent/policy/rules.ts";

const scheme = "proviso-policy";
export const policyDocument = vscode.Uri.from({ scheme, path: "/Policy.md" });

export function registerPolicyDocument(policy: () => Policy): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: () => describe(policy()) });
}

function describe(policy: Policy): string {
  const section = (title: string, said: string, rules: readonly Rule[]): string[] => [
    `## ${title}`,
    "",
    said,
    "",
    ...sorted(rules).map(line),
    "",
  ];
  return [
    "# The rules in force",
    "",
    "In each list the first rule that matches decides. Over the lists the strictest verdict wins. What no rule of the personal list matches is denied.",
    "",
    ...section("Guard", "Built in; nothing overrides it.", policy.guard),
    ...section("Workspace", "From `.proviso/policy.json` of the repository; it may only tighten.", policy.workspace),
    ...section("Personal", "Yours first, then what is shipped.", policy.personal),
  ].join("\n");
}

function line(rule: Rule, index: number): string {
  return `${index + 1}. **${rule.verdict}** \`${rule.id}\` — ${rule.why} \`${JSON.stringify(rule.match)}\``;
}
