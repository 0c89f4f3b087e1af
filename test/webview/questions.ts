// Questions that a story does not reach: commands of many kinds, as the policy judges them, and what else may wait.

import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import { apartFrom, partsTold } from "../../src/protocol/parts-told.ts";
import type { ApprovalItem, CallDetail, CallItem } from "../../src/protocol/to-view.ts";
import { imaginaryGround, root, rule, weighLine } from "../support/policy.ts";

/** One part is allowed, and the other asks. */
export const twoParts = "npx vitest run invoice --reporter=junit > reports/junit.xml";

/** More parts than a card shows at once, some of them in a loop, in quotes, behind a link. */
export const manyParts = `cd packages/core && cp -r "src/fixtures" /tmp/out && for f in a.ts .env; do cat $f | grep -n 'total'; done
sh -c 'rm -rf build' && cat latest && curl -s https://example.com/very/long/path/of/a/file/that/wraps?version=1234567890 -o out.json`;

const withTests = {
  ...shippedPolicy(root),
  personal: [rule("test.run", "allow", { program: ["npx"], args: ["vitest", "**"] }), ...shippedPolicy(root).personal],
};
const ground = imaginaryGround({ "/workspace/packages/core/latest": "/etc/hosts" }, ["/workspace/reports/junit.xml"]);

/** The same question about another line. */
export async function about(item: ApprovalItem, line: string): Promise<ApprovalItem> {
  const { decision, risk } = await weighLine(line, { policy: withTests, ground });
  const request = { ...item.request, risk, decision: apartFrom(decision), preview: { kind: "command" as const, line, cwd: "." } };
  return { ...item, request, parts: partsTold(decision, risk) };
}

/** A command that the guard denied, and what its row shows when it is opened. */
export async function deniedCall(): Promise<{ readonly item: CallItem; readonly detail: CallDetail }> {
  const line = "git show HEAD~3:deploy/key > ~/.ssh/id_ed25519";
  const { decision, risk } = await weighLine(line);
  const told = `Denied by ${decision.rule}: ${decision.reason}`;
  return {
    item: {
      kind: "call",
      id: "call:mend.9.0.0",
      step: "mend",
      attempt: 2,
      past: false,
      tool: "run_command",
      icon: "terminal",
      title: line,
      fact: decision.rule ?? "",
      mood: "denied",
    },
    detail: {
      args: JSON.stringify({ line }, null, 2),
      output: told,
      decision: apartFrom(decision),
      parts: partsTold(decision, risk),
      told,
      ms: undefined,
      restore: undefined,
      fork: undefined,
    },
  };
}

export function critical(item: ApprovalItem): ApprovalItem {
  const risk = { ...item.request.risk, effects: ["execute", "network"], reversible: false } as never;
  return {
    ...item,
    critical: true,
    request: {
      ...item.request,
      subject: { of: "outside", call: "mend.1.0.0" },
      title: "Leave the sandbox once?",
      why: "Inside it failed, and the sandbox seems to be why. Outside, nothing keeps it from your files, your keys and the network.",
      risk,
      undo: "Nothing undoes what a command does outside the sandbox.",
    },
  };
}

/** A command that asks for the network, and a commit. */
export function networked(item: ApprovalItem): ApprovalItem {
  const risk = { ...item.request.risk, effects: ["execute", "network"], hosts: ["registry.npmjs.org"] } as never;
  return { ...item, request: { ...item.request, title: "Run a command with the network?", risk } };
}

export function committing(item: ApprovalItem): ApprovalItem {
  const text = "git commit\nsrc/add.js\n\nfix: add adds\n\nHooks, filters and signing of the repository do not run.";
  const risk = { effects: ["write"], paths: ["src/add.js"], reversible: true } as never;
  return { ...item, request: { ...item.request, title: "Commit src/add.js?", tool: "git", risk, preview: { kind: "text", text } } };
}

/** A limit of today, which was hit before there was a plan. */
export function limit({ request, ...item }: ApprovalItem): ApprovalItem {
  const { spend, digest } = request;
  return {
    ...item,
    id: "limit:run",
    step: undefined,
    critical: false,
    request: {
      subject: { of: "limit", scope: "day", what: "usd", from: 2, to: 4 },
      digest,
      spend,
      title: "Raise the limit of today from $2.00 to $4.00?",
      why: "The models have cost $2.00 today, all that a day may cost.",
      undo: "Reject stops the run here; it can be resumed at any time.",
    },
  };
}
