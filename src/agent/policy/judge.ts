// May this happen? Pure, total, and it explains itself. In each list the first rule that fits decides, over all lists the strictest
// verdict wins, and where no rule of the personal list fits the answer is no. A call is as forbidden as its most forbidden part.

import type { Effect } from "../tool/risk.ts";
import { matches } from "./match.ts";
import type { PlacedPart, Subject } from "./part.ts";
import type { Decision, ListName, PartDecision, Policy, Rule, Verdict } from "./rules.ts";

/** Decides about a prepared call. Never throws; the reason is always there, the rule wherever one decided. */
export function judge(policy: Policy, subject: Subject): Decision {
  const lists = listsOf(policy);
  const parts = subject.parts.map((part) => judgePart(lists, part, subject));
  const [first, ...rest] = parts;
  if (!first) return { verdict: "allow", list: "personal", reason: "It touches nothing outside the run.", parts: [] };
  const strictest = rest.reduce((worst, part) => (weight(part) > weight(worst) ? part : worst), first);
  const { verdict, list, rule, reason } = strictest;
  const decided = rest.length > 0 && verdict !== "allow" ? `${strictest.part}: ${reason}` : reason;
  return { verdict, list, ...(rule === undefined ? {} : { rule }), reason: decided, parts };
}

/** For every part what each list says of it, in the order of the lists; the decision itself is `judge`'s. */
export function explain(
  policy: Policy,
  subject: Subject,
): readonly { readonly part: PlacedPart; readonly opinions: readonly PartDecision[] }[] {
  const lists = listsOf(policy);
  return subject.parts.map((part) => ({ part, opinions: opinions(lists, part, subject) }));
}

/** The decision about a tool that nobody knows. */
export function judgeUnknown(tool: string): Decision {
  return { verdict: "deny", list: "personal", reason: `No rule matched: there is no tool called "${tool}".`, parts: [] };
}

/** Of equally strict parts the one is told that can be overridden least. */
const weight = ({ verdict, list }: PartDecision): number => severity[verdict] * 10 + (verdict === "allow" ? 0 : firmness[list]);
const firmness: Readonly<Record<ListName, number>> = { guard: 3, workspace: 2, role: 1, personal: 0 };

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

/** The rules of a sorted list that may fit a part with this effect. */
function speakingOf(rules: readonly Rule[], effect: Effect): readonly Rule[] {
  const byEffect = speaking.get(rules) ?? new Map<Effect, readonly Rule[]>();
  speaking.set(rules, byEffect);
  const known = byEffect.get(effect) ?? rules.filter(({ match }) => match.effect?.includes(effect) ?? true);
  byEffect.set(effect, known);
  return known;
}
const speaking = new WeakMap<readonly Rule[], Map<Effect, readonly Rule[]>>();

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
  const [first = silence(part), ...rest] = opinions(lists, part, subject);
  // Of equally strict lists the first is named, except that a permission is the person's.
  return rest.reduce((strictest, said) => {
    const stricter = severity[said.verdict] - severity[strictest.verdict];
    return stricter > 0 || (stricter === 0 && said.verdict === "allow") ? said : strictest;
  }, first);
}

/** What each list that has something to say says about a part; the personal list always does. */
function opinions(lists: readonly List[], part: PlacedPart, subject: Subject): readonly PartDecision[] {
  return lists.flatMap(({ name, rules }) => {
    const rule = speakingOf(rules, part.effect).find((candidate) => matches(candidate, part, subject));
    return rule ? [saying(rule, name, part)] : name === "personal" ? [silence(part)] : [];
  });
}

function saying(rule: Rule, list: ListName, part: PlacedPart): PartDecision {
  const reason = part.note === undefined ? rule.why : `${rule.why.replace(/\.$/, "")} (${part.note}).`;
  return { part: part.text, verdict: rule.verdict, list, rule: rule.id, reason, ...factsOf(part) };
}

const silence = (part: PlacedPart): PartDecision => ({
  part: part.text,
  verdict: "deny",
  list: "personal",
  reason: `No rule matched, and what no rule allows is denied: ${part.effect}.`,
  ...factsOf(part),
});

/** What is told of a part besides its verdict. A part that is only a doubt about the line has no effect of its own. */
const factsOf = ({ effect, text, note, named, spans = [], leads, place }: PlacedPart): Partial<PartDecision> => ({
  ...(note === text ? {} : { effect }),
  ...(named === undefined ? {} : { named }),
  ...(leads === undefined ? {} : { leads }),
  ...(effect === "write" && place?.missing ? { fresh: true } : {}),
  ...(spans.length > 0 ? { spans: spans.map(([from, to]): [number, number] => [from, to]) } : {}),
});
