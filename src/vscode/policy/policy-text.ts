// The rules in force told as Markdown: each list in the order in which it is asked, each rule with its verdict and why it stands. Pure.

import { sorted } from "../../agent/policy/judge.ts";
import type { Policy, Rule } from "../../agent/policy/rules.ts";

/** `personal`: where the person's own rules are kept, to be opened from the text. */
export function tellPolicy(policy: Policy, personal: string): string {
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
    ...section(
      "Personal",
      `Yours first, then what is shipped. Yours are kept in ${personal}; a rule that is taken out there is gone.`,
      policy.personal,
    ),
  ].join("\n");
}

function line(rule: Rule, index: number): string {
  return `${index + 1}. **${rule.verdict}** \`${rule.id}\` — ${rule.why} \`${JSON.stringify(rule.match)}\``;
}
