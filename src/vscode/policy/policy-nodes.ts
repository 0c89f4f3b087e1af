// What the Policy view shows, as the nodes of its tree. Pure.

import { medianWait, type Tally, waitText } from "../../agent/observe/tally.ts";
import { isRevocable, type Origin, type RuleInForce } from "../../agent/policy/inventory.ts";
import type { ListName } from "../../agent/policy/rules.ts";
import type { CountRow, PolicyNode, RuleNode } from "./policy-tree.ts";
import type { PolicyPage } from "./rule-book.ts";

const shown: readonly ListName[] = ["personal", "workspace", "guard"];

export function policyNodes({ rules, problems, runs, tally }: PolicyPage): readonly PolicyNode[] {
  const lists = shown.map((list): PolicyNode => ({ of: "list", list, rules: rules.filter((each) => each.list === list).map(ruleNode) }));
  return [
    ...problems.map((text): PolicyNode => ({ of: "problem", text })),
    { of: "counts", rows: rowsOf(tally, runs), said: glance(tally, runs) },
    ...lists,
  ];
}

function ruleNode(each: RuleInForce): RuleNode {
  return { of: "rule", each, revocable: isRevocable(each), from: originText(each.origin) };
}

function originText(origin: Origin): string {
  switch (origin.of) {
    case "shipped":
      return "shipped";
    case "session":
      return "granted for this session";
    case "settings":
      return "from your settings";
    case "file":
      return `from ${origin.path.split(/[\\/]/).slice(-2).join("/")}:${origin.line}`;
  }
}

function glance(tally: Tally, runs: number): string {
  if (runs === 0) return "no runs yet";
  const median = medianWait(tally);
  return `${tally.allowed} let pass, ${tally.asked} asked, ${tally.denied} denied${median === undefined ? "" : ` · median wait ${waitText(median)}`}`;
}

function rowsOf(tally: Tally, runs: number): readonly CountRow[] {
  const median = medianWait(tally);
  const rows: readonly (readonly [string, number | string])[] = [
    ["Runs", runs],
    ["Calls allowed without asking", tally.allowed],
    ["Calls asked about", tally.asked],
    ["Calls denied by a rule", tally.denied],
    ["Questions put", tally.questions],
    ["Of critical risk, escalated", tally.escalated],
    ["Approved", tally.approved + tally.covered],
    ["Amended", tally.amended],
    ["Rejected", tally.rejected],
    ["Nobody there", tally.unattended],
    ["Timed out", tally.timedOut],
    ["Median wait", median === undefined ? "nobody answered yet" : waitText(median)],
  ];
  return rows.map(([what, value]) => ({ what, value: String(value) }));
}
