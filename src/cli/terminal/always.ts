// "Always allow": the rules that would have spared this question, narrowest first, each with its reach; the one that is chosen is shown
// as it would be written before it is kept. For the rest of this run only, or for good.

import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { type Line, line, marked } from "../../agent/observe/line.ts";
import type { Offer } from "../../agent/policy/grants.ts";
import type { Rule } from "../../agent/policy/rules.ts";
import type { Key } from "./keyboard.ts";
import type { Terminal } from "./terminal.ts";

export interface GrantDesk {
  readonly terminal: Terminal;
  readonly offers: (request: ApprovalRequest) => Promise<readonly Offer[]>;
  /** Puts a rule in force until this process ends. */
  readonly grant: (rule: Rule) => void;
}

/** The approval with the rule it leaves behind; undefined when the person stepped back. */
export async function alwaysAllow(
  request: ApprovalRequest,
  { terminal, offers, grant }: GrantDesk,
  signal: AbortSignal,
): Promise<Resolution | undefined> {
  const rules = await offers(request);
  if (rules.length === 0) {
    terminal.show([marked("denied", 1, "no rule can answer this: only a person may, each time")]);
    return undefined;
  }
  terminal.show([line(1, ["strong", "Always allow"]), ...rules.map(offerLine)]);
  const chosen = await terminal.choose<number>(
    { offer: () => [choiceLine(rules.length)], answer: (key) => numberOf(key, rules.length) },
    signal,
  );
  const offer = rules[chosen - 1];
  if (!offer) return undefined;
  terminal.show([line(1, ["strong", "This rule"], " goes before the shipped ones of your own list:"), ...written(offer.rule)]);
  const keep = await terminal.choose(
    { offer: () => [keepLine], answer: ({ name, text }) => (name === "escape" ? "back" : keeping[text.toLowerCase()]) },
    signal,
  );
  if (keep === "back") return undefined;
  if (keep === "run") grant(offer.rule);
  return { answer: "approve", digest: request.digest, by: "person", ...(keep === "good" ? { remember: offer.rule } : {}) };
}

const keeping: Readonly<Record<string, "run" | "good">> = { t: "run", s: "good" };
const keepLine: Line = line(
  0,
  ["waits", "? "],
  ["strong", "t"],
  " approve, and allow it in this run  ",
  ["strong", "s"],
  " approve, and save the rule  ",
  ["strong", "Esc"],
  " back",
);

const choiceLine = (most: number): Line =>
  line(0, ["waits", "? "], ["strong", most === 1 ? "1" : `1-${most}`], " show this rule  ", ["strong", "Esc"], " back");

const offerLine = ({ title, covered, of }: Offer, index: number): Line =>
  line(2, ["strong", `${index + 1}`], `  ${title}`, ["quiet", of === 0 ? "" : ` · would have answered ${covered} of the last ${of} calls`]);

const written = (rule: Rule): readonly Line[] =>
  JSON.stringify(rule, null, 2)
    .split("\n")
    .map((text) => line(2, text));

const numberOf = ({ name, text }: Key, most: number): number | undefined => {
  if (name === "escape") return 0;
  const number = /^\d$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= most ? number : undefined;
};
