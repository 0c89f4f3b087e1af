// Every rule in force as a person looks at it: where it comes from, how often it decided, and whether it ever can. Pure.

import type { Tally } from "../observe/tally.ts";
import { sorted } from "./judge.ts";
import type { ListName, Policy, Rule } from "./rules.ts";
import { shadows } from "./shadow.ts";

/** Where a rule was written. */
export type Origin =
  | { readonly of: "shipped" }
  /** Granted until the window or the process ends. */
  | { readonly of: "session" }
  | { readonly of: "settings" }
  | { readonly of: "file"; readonly path: string; readonly line: number };

export interface RuleInForce {
  readonly list: ListName;
  readonly rule: Rule;
  readonly origin: Origin;
  /** Calls of this workspace's runs that it decided, in whole or in part. */
  readonly decided: number;
  /** The rule before it that fits wherever it fits. */
  readonly shadowedBy: string | undefined;
}

/** In the order in which they are looked at, list by list. */
export function inventory(policy: Policy, originOf: (rule: Rule) => Origin, { rules: counts }: Tally): readonly RuleInForce[] {
  const of = (list: ListName, rules: readonly Rule[]): readonly RuleInForce[] => {
    const shadowed = shadows(rules);
    return sorted(rules).map((rule) => ({
      list,
      rule,
      origin: originOf(rule),
      decided: counts[`${list}:${rule.id}`] ?? 0,
      shadowedBy: shadowed.get(rule)?.id,
    }));
  };
  return [...of("guard", policy.guard), ...of("workspace", policy.workspace), ...of("personal", policy.personal)];
}

/** Whether a person may take it back where it is shown: a grant of this session, or a rule of their own file. */
export const isRevocable = ({ list, origin }: RuleInForce): boolean =>
  list === "personal" && (origin.of === "session" || origin.of === "file");
