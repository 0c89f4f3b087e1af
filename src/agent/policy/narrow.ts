// A child run's policy: its parent's and its role's. The ceiling is a list of its own, so that it can only tighten.

import type { RoleName } from "../plan.ts";
import { rolesByName } from "../role/roles.ts";
import { Effect } from "../tool/risk.ts";
import type { Policy, Rule } from "./rules.ts";

/** Never wider than the parent, whatever the role; the parent's own ceilings stay. */
export function narrow(parent: Policy, role: RoleName): Policy {
  return { ...parent, ceilings: [...(parent.ceilings ?? []), ceilingOf(role)] };
}

function ceilingOf(role: RoleName): readonly Rule[] {
  const { ceiling } = rolesByName[role];
  const effect = Effect.options.filter((one) => !ceiling.includes(one));
  if (effect.length === 0) return [];
  return [
    { id: `role.${role}`, priority: 0, match: { effect }, verdict: "deny", why: `A ${role} may ${ceiling.join(" and ")}, nothing else.` },
  ];
}
