// The JSON schema of a policy file, for editors to complete and check by. Made from the zod schema; published as
// media/policy.schema.json by scripts/policy-schema.mjs.

import * as z from "zod";
import { PolicyFile } from "./rules.ts";

export function policySchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(PolicyFile, { target: "draft-7", io: "input" });
  return {
    ...schema,
    title: "Proviso policy",
    description: "Ordered rules: in each list the first that matches decides, the strictest list wins.",
  };
}
