// Whether a line a person typed may run. What the policy denies never does. What it asks for has been asked for already, by
// typing it, as long as the sandbox holds; beyond the sandbox it takes a yes of its own.

import type { Decision } from "../../agent/policy/rules.ts";
import { assertNever } from "../../agent/result.ts";

export type Approval = "none" | "all";

export type Passage =
  | { readonly is: "open" }
  | { readonly is: "question"; readonly question: string }
  | { readonly is: "shut"; readonly why: string };

/** `approval` is what the caller said beforehand; undefined where nothing was said. */
export function passage(
  decision: Decision,
  place: { readonly confined: boolean; readonly network: boolean; readonly why?: string },
  approval: Approval | undefined,
): Passage {
  const because = `${decision.reason}${decision.rule === undefined ? "" : ` (rule ${decision.rule})`}`;
  switch (decision.verdict) {
    case "deny":
      return { is: "shut", why: `The policy denies this command: ${because}` };
    case "allow":
      return place.network ? askFor("It would be connected to the network.", because, approval) : { is: "open" };
    case "ask":
      if (place.network) return askFor("It would be connected to the network.", because, approval);
      if (!place.confined)
        return askFor(`It would run outside a sandbox${place.why === undefined ? "" : ` (${place.why})`}.`, because, approval);
      return approval === "none" ? { is: "shut", why: `The policy asks before this command: ${because}` } : { is: "open" };
    default:
      return assertNever(decision.verdict);
  }
}

function askFor(danger: string, because: string, approval: Approval | undefined): Passage {
  if (approval === "all") return { is: "open" };
  return approval === "none" ? { is: "shut", why: `${danger} ${because}` } : { is: "question", question: `${danger} ${because}` };
}
