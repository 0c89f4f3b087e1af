// May this happen? Pure, total, and it explains itself. In each list the first rule that fits decides, over all lists the strictest
// verdict wins, and where no rule of the personal list fits the answer is no. A call is as forbidden as its most forbidden part.

import { matches } from "./match.ts";
import type { PlacedPart, Subject } from "./part.ts";
import type { Decision, ListName, PartDecision, Policy, Rule, Verdict } from "./rules.ts";

/** Decides about a prepared call. Never throws; the reason is always there, the rule wherever one decided. */
export function judge(policy: Policy, subject: Subject): Decision {
  const lists = listsOf(policy);
  const parts = subject.parts.map((part) => judgePart(lists, part, subject));
  const [first, ...rest] = parts;
  if (!first) return { verdict: "allow", list: "personal", reason: "It touches nothing outside the run.", parts: [] };
  const strictest = rest.reduce((worst, part) => (severity[part.verdict] > severity[worst.verdict] ? part : worst), first);
  const { verdict, list, rule, reason } = strictest;
  const decided = rest.length > 0 && verdict !== "allow" ? `${strictest.part}: ${reason}` : reason;
  return { verdict, list, ...(rule === undefined ? {} : { rule }), reason: decided, parts };
}

/** The decision about a tool that nobody knows. */
export function judgeUnknown(tool: string): Decision {
  return { verdict: "deny", list: "personal", reason: `No rule matched: there is no tool called "${tool}".`, parts: [] };
}

export const severity: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** The rules of a list in the order they are looked at. */
export function sorted(rules: readonly Rule[]): readonly Rule[] {
  const known = orders.get(rules);
  if (known) return known;
  const order = rules.map((rule, index) => ({ rule, index })).sort((a, b) => a.rule.priority - b.rule.priority || a.index - b.index);
  const result = order.map(({ rule }) => rule);
  orders.set(rules, result);
  return result;
}
const orders = new WeakMap<readonly Rule[], readonly Rule[]>();

interface List {
  readonly name: ListName;
  readonly rules: readonly Rule[];
}

function listsOf({ guard, workspace, ceilings = [], personal }: Policy): readonly List[] {
  const roles = ceilings.map((rules): List => ({ name: "role", rules: sorted(rules) }));
  return [
    { name: "guard", rules: sorted(guard) },
    { name: "workspace", rules: sorted(workspace) },
    ...roles,
    { name: "personal", rules: sorted(personal) },
  ];
}

function judgePart(lists: readonly List[], part: PlacedPart, subject: Subject): PartDecision {
  let decided: PartDecision | undefined;
  for (const { name, rules } of lists) {
    const rule = rules.find((candidate) => matches(candidate, part, subject));
    const said = rule ? saying(rule, name, part) : name === "personal" ? silence(part) : undefined;
    if (said && (!decided || severity[said.verdict] > severity[decided.verdict] || (decided.verdict === "allow" && name === "personal")))
      decided = said;
  }
  return decided ?? silence(part);
}

function saying(rule: Rule, list: ListName, part: PlacedPart): PartDecision {
  const reason = part.note === undefined ? rule.why : `${rule.why.replace(/\.$/, "")} (${part.note}).`;
  return { part: part.text, verdict: rule.verdict, list, rule: rule.id, reason };
}

const silence = (part: PlacedPart): PartDecision => ({
  part: part.text,
  verdict: "deny",
  list: "personal",
  reason: `No rule matched, and what no rule allows is denied: ${part.effect}.`,
});
