// `proviso policy list|stats|revoke`: the rules in force with where they come from and how often they decided, what was decided in all
// runs of the workspace, and taking back a rule of one's own.

import { homedir } from "node:os";
import { medianWait, type Tally, waitText } from "../../agent/observe/tally.ts";
import { inventory, isRevocable, type RuleInForce } from "../../agent/policy/inventory.ts";
import { ok, type Result } from "../../agent/result.ts";
import { type OpenRules, openRules, personalRulesPath } from "../../node/policy.ts";
import { tallyRuns } from "../../node/tallies.ts";
import { parseArguments } from "../arguments.ts";
import { type Command, exit, type Io, jsonLine, refuse } from "../io.ts";
import { findWorkspace } from "../workspace.ts";

interface Ledger {
  readonly rules: OpenRules;
  readonly runs: number;
  readonly tally: Tally;
}

export const listRules: Command = async (args, io) => {
  const parsed = parseArguments(args, {}, 0);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { json, workspace } = parsed.value.options;
  const ledger = await openLedger(io, workspace);
  if (!ledger.ok) return refuse(io, ledger.fault, exit.usage);
  const { rules, runs, tally } = ledger.value;
  for (const problem of rules.problems()) io.stderr.write(`proviso: ${problem}\n`);
  const all = inventory(rules.policy(), (rule) => rules.originOf(rule), tally);
  if (json) io.stdout.write(all.map((each) => jsonLine(ruleInJson(each))).join(""));
  else {
    const width = Math.max(...all.map(({ rule }) => rule.id.length));
    io.stdout.write(all.map((each) => ruleInWords(each, width)).join(""));
    io.stdout.write(
      `${all.length} rules; how often each decided is counted over ${runs === 1 ? "1 run" : `${runs} runs`} of this workspace\n`,
    );
  }
  return exit.done;
};

export const showStatistics: Command = async (args, io) => {
  const parsed = parseArguments(args, {}, 0);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { json, workspace } = parsed.value.options;
  const ledger = await openLedger(io, workspace);
  if (!ledger.ok) return refuse(io, ledger.fault, exit.usage);
  const { runs, tally } = ledger.value;
  const { rules: _, waits, ...counts } = tally;
  const median = medianWait(tally);
  if (json)
    io.stdout.write(jsonLine({ runs, ...counts, answered: waits.length, ...(median === undefined ? {} : { medianWaitMs: median }) }));
  else io.stdout.write(inWords(runs, tally));
  return exit.done;
};

export const revokeRule: Command = async (args, io) => {
  const parsed = parseArguments(args, {}, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const [id] = parsed.value.operands;
  if (id === undefined) return refuse(io, { message: 'Name the rule to take back; "proviso policy list" lists them.' }, exit.usage);
  const found = await findWorkspace(io, parsed.value.options.workspace);
  if (!found.ok) return refuse(io, found.fault, exit.usage);
  const rules = await rulesOf(io, found.value.root);
  const revoked = await rules.revoke(id);
  if (!revoked.ok) return refuse(io, revoked.fault, exit.failed);
  io.stdout.write(parsed.value.options.json ? jsonLine({ revoked: id }) : `${id} is no longer in force\n`);
  return exit.done;
};

const rulesOf = (io: Io, root: string): Promise<OpenRules> =>
  openRules({ root, personal: personalRulesPath(io.env, io.env["HOME"] ?? homedir()) });

async function openLedger(io: Io, workspace: string | undefined): Promise<Result<Ledger>> {
  const found = await findWorkspace(io, workspace);
  if (!found.ok) return found;
  const counted = await tallyRuns(found.value);
  return counted.ok ? ok({ rules: await rulesOf(io, found.value.root), ...counted.value }) : counted;
}

function ruleInJson(each: RuleInForce): Readonly<Record<string, unknown>> {
  const { list, rule, origin, decided, shadowedBy } = each;
  const from = origin.of === "file" ? { from: origin.path, line: origin.line } : { from: origin.of };
  return { list, ...from, decided, ...(shadowedBy === undefined ? {} : { shadowedBy }), revocable: isRevocable(each), rule };
}

function ruleInWords({ list, rule, origin, decided, shadowedBy }: RuleInForce, width: number): string {
  const from = origin.of === "file" ? `${origin.path}:${origin.line}` : origin.of;
  const marks = shadowedBy === undefined ? "" : `  [never asked: ${shadowedBy} stands before it]`;
  return `${list.padEnd(9)}  ${rule.verdict.padEnd(5)}  ${rule.id.padEnd(width)}  ${(decided === 0 ? "never" : `${decided}×`).padStart(6)}  ${rule.why}  (${from})${marks}\n`;
}

function inWords(runs: number, tally: Tally): string {
  const median = medianWait(tally);
  const rows: readonly (readonly [string, number | string])[] = [
    ["runs", runs],
    ["calls allowed without asking", tally.allowed],
    ["calls asked about", tally.asked],
    ["calls denied by a rule", tally.denied],
    ["questions put", tally.questions],
    ["  of critical risk", tally.escalated],
    ["  approved", tally.approved],
    ["  approved by --approve", tally.covered],
    ["  amended", tally.amended],
    ["  rejected", tally.rejected],
    ["  nobody there", tally.unattended],
    ["  timed out", tally.timedOut],
    ["median wait for an answer", median === undefined ? "nobody answered yet" : waitText(median)],
  ];
  return rows.map(([what, value]) => `${what.padEnd(30)}  ${value}\n`).join("");
}
