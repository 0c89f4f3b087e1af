// The JSON schemas of a policy file and of the setting that holds rules, for editors to complete and check by. Made from the zod
// schema; published as media/policy.schema.json and in package.json by scripts/policy-schema.mjs.

import * as z from "zod";
import { PolicyFile, Rule } from "./rules.ts";

export function policySchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(PolicyFile, { target: "draft-7", io: "input" });
  return {
    ...schema,
    title: "Proviso policy",
    description: "Ordered rules: in each list the first that matches decides, the strictest list wins.",
  };
}

/** The same for `proviso.policy.rules`, as package.json contributes it. */
export function settingSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(z.array(Rule), { target: "draft-7", io: "input" });
  return {
    ...schema,
    default: [],
    scope: "application",
    markdownDescription:
      "Rules of yours, as in a policy file: in each list the first that matches decides, the strictest list wins. They stand before the shipped rules and cannot loosen the guard's or the repository's. The Policy view shows every rule in force; a wrong value is refused whole, and the rules before it stay.",
  };
}
