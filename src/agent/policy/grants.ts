// "Always allow": the rules offered when a call is asked about, from narrow to wide, each with how many past calls it would have
// spared the person. What the guard asks is never offered; a command's grant holds in its workspace and in the sandbox alone.

import { judge } from "./judge.ts";
import type { PlacedPart, Subject } from "./part.ts";
import { grave, type Match, type Policy, type Rule } from "./rules.ts";

export interface Offer {
  /** What it allows, to be read before it is saved. */
  readonly title: string;
  readonly rule: Rule;
  /** How many of the past calls were asked about and would have been allowed with it. */
  readonly covered: number;
  readonly of: number;
}

/** Grants are looked at before everything else that is personal. */
const grantPriority = 10;

/** Up to three rules, each of which would have allowed this call; none where nothing but a person may decide. */
export function offers(policy: Policy, subject: Subject, past: readonly Subject[]): readonly Offer[] {
  const decision = judge(policy, subject);
  if (decision.verdict !== "ask") return [];
  const asked = subject.parts.filter((_, index) => decision.parts[index]?.verdict === "ask");
  const drafts = subject.line === undefined ? toolDrafts(subject, asked) : commandDrafts(subject, subject.line, asked);
  const taken = new Set(policy.personal.map(({ id }) => id));
  const made = drafts.map(({ text, match, name }) => ({ text, rule: grant(match, text, unique(name, taken)) }));
  return made
    .filter(({ rule }) => judge(allowing(policy, rule), subject).verdict === "allow")
    .slice(0, 3)
    .map(({ rule, text }) => ({ title: text, rule, covered: coverage(policy, rule, past), of: past.length }));
}

/** How many calls are asked about without the rule and allowed with it. */
export function coverage(policy: Policy, rule: Rule, past: readonly Subject[]): number {
  const wider = allowing(policy, rule);
  return past.filter((subject) => judge(policy, subject).verdict === "ask" && judge(wider, subject).verdict === "allow").length;
}

const allowing = (policy: Policy, rule: Rule): Policy => ({ ...policy, personal: [rule, ...policy.personal] });

interface Draft {
  readonly match: Match;
  readonly text: string;
  readonly name: string;
}

/** Exact line · program and subcommand · program. The last not for programs whose arguments are everything. */
function commandDrafts(subject: Subject, line: string, asked: readonly PlacedPart[]): readonly Draft[] {
  const here: Match = { workspace: [subject.root], tool: [subject.tool], sandboxed: true };
  const traits = [...new Set(asked.flatMap((part) => part.traits.filter((trait) => grave.includes(trait))))];
  const drafts: Draft[] = [
    { text: `exactly: ${line}`, name: line, match: { ...here, line: [line] } },
    ...(traits.length > 0 ? [{ text: `exactly: ${line}`, name: line, match: { ...here, line: [line], trait: traits } }] : []),
  ];
  const [first, ...rest] = asked;
  const { program, args = [] } = first ?? {};
  if (program === undefined || rest.some((part) => part.program !== program)) return drafts;
  const words = subcommand(args);
  const same = asked.every((part) => words.every((word, index) => part.args?.[index] === word));
  const execute: Match = { ...here, effect: ["execute"], program: [program] };
  if (words.length > 0 && same) {
    const said = [program, ...words].join(" ");
    drafts.push({ text: `${said} with any further words`, name: said, match: { ...execute, args: [...words.map(quoted), "**"] } });
  }
  if (!everything.has(program)) drafts.push({ text: `${program} with any words`, name: program, match: execute });
  return drafts;
}

/** Programs that run whatever they are given; allowing them with any words would allow anything. */
const everything = new Set(
  `sh bash dash zsh fish ksh node nodejs deno bun python python2 python3 ruby perl php lua env sudo xargs find make npx pnpx bunx ssh docker podman eval exec`.split(
    " ",
  ),
);

/** "test" of `npm test --x`; "run build" of `npm run build`. */
function subcommand(args: readonly string[]): readonly string[] {
  const [first, second] = args;
  if (first === undefined || !/^[a-z][\w:.-]*$/i.test(first)) return [];
  return /^(run|run-script|exec|x|compose|remote|stash)$/.test(first)
    ? second !== undefined && /^[\w:.@/-]+$/.test(second) && !second.startsWith("-")
      ? [first, second]
      : []
    : [first];
}

/** This file · this folder · the workspace; or this host. */
function toolDrafts({ tool, root }: Subject, asked: readonly PlacedPart[]): readonly Draft[] {
  const effect = [...new Set(asked.map((part) => part.effect))];
  const here: Match = { workspace: [root], tool: [tool], effect };
  const hosts = asked.flatMap(({ host }) => host ?? []);
  if (hosts.length > 0)
    return [{ text: `${tool} to ${hosts.join(", ")}`, name: `${tool} ${hosts.join(" ")}`, match: { ...here, host: hosts.map(quoted) } }];
  const shown = asked.flatMap(({ place }) => place?.shown ?? []);
  const [first] = asked;
  if (first?.program !== undefined && shown.length === 0) {
    const words = subcommand(first.args ?? []);
    const said = [first.program, ...words].join(" ");
    return [{ text: said, name: said, match: { ...here, program: [first.program], args: [...words.map(quoted), "**"] } }];
  }
  if (shown.length === 0) return [];
  const folders = [...new Set(shown.map((path) => path.split("/").slice(0, -1).join("/")))];
  const drafts: Draft[] = [
    { text: `${tool} of ${shown.join(", ")}`, name: `${tool} ${shown.join(" ")}`, match: { ...here, path: shown.map(quoted) } },
  ];
  if (folders.every((folder) => folder !== "")) {
    drafts.push({
      text: `${tool} below ${folders.join(", ")}`,
      name: `${tool} ${folders.join(" ")}`,
      match: { ...here, path: folders.map((folder) => `${quoted(folder)}/**`) },
    });
  }
  drafts.push({ text: `${tool} anywhere in the workspace`, name: tool, match: { ...here, where: "inside" } });
  return drafts;
}

const quoted = (text: string): string => text.replace(/[\\*?[\]{}]/g, "\\$&");

const grant = (match: Match, text: string, id: string): Rule => ({
  id,
  priority: grantPriority,
  match,
  verdict: "allow",
  why: `You allowed ${text}.`,
});

function unique(name: string, taken: ReadonlySet<string>): string {
  const slug = `grant.${
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 40) || "call"
  }`;
  for (let count = 1; ; count++) {
    const id = count === 1 ? slug : `${slug}-${count}`;
    if (!taken.has(id)) return id;
  }
}
