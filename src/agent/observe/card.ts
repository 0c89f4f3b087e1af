// Everything a person must see before deciding: what, where, why, which rule, what it does, the sandbox, what undoes it. Pure.
// The order is the order of trust; nothing that would happen is left out or cut.

import type { ApprovalRequest } from "../approval.ts";
import { assertNever } from "../result.ts";
import type { Preview } from "../tool/observation.ts";
import type { Effect, Risk } from "../tool/risk.ts";
import { doubtText } from "../doubt.ts";
import { effectRows, rowText } from "../effect-row.ts";
import { spendText } from "./amount.ts";
import { block, type Line, line, marked } from "./line.ts";
import { planLines, ruleText } from "./transcript.ts";

export interface CardFacts {
  /** Whether commands are confined, and if not, why. */
  readonly sandbox: { readonly active: boolean; readonly reason: string };
  readonly usdLimit: number;
}

export function cardLines(request: ApprovalRequest, facts: CardFacts): readonly Line[] {
  return [marked("waits", 0, ["waits", request.title]), ...substance(request), ...factLines(request, facts)];
}

/** The thing itself: the plan's steps, the diff, the command. */
function substance({ plan, preview, tool, input, title }: ApprovalRequest): readonly Line[] {
  if (plan) return planLines(plan);
  if (preview) return previewLines(preview);
  if (tool === undefined) return [];
  const shown = JSON.stringify(input, null, 2) ?? "";
  return [line(1, ["strong", tool]), ...(shown === "{}" || title.includes(shown) ? [] : block(2, "plain", shown))];
}

function previewLines(preview: Preview): readonly Line[] {
  switch (preview.kind) {
    case "diff":
      return preview.files.flatMap(fileLines);
    case "command":
      return [...block(1, "strong", preview.line), ...(preview.cwd === "." ? [] : [line(1, ["quiet", "in  "], preview.cwd)])];
    case "text":
      return block(1, "plain", preview.text);
    default:
      return assertNever(preview);
  }
}

/** One file of a change, with its diff. */
export const fileLines = ({ path, diff, added, removed }: FileDiff): readonly Line[] => [
  line(1, ["strong", path], "  ", ["added", `+${added}`], " ", ["removed", `−${removed}`]),
  ...diffLines(diff),
];

type FileDiff = Extract<Preview, { kind: "diff" }>["files"][number];

function diffLines(diff: string): readonly Line[] {
  const lines = diff.split("\n");
  const body = lines.findIndex((one) => one.startsWith("@@"));
  const shown = (body === -1 ? lines : lines.slice(body)).filter((one, i, all) => one !== "" || i < all.length - 1);
  // What follows of a broken line stands further in, so that it does not pass for a line of its own.
  return shown.map((one) => ({
    ...line(2, [one.startsWith("+") ? "added" : one.startsWith("-") ? "removed" : one.startsWith("@@") ? "quiet" : "plain", one]),
    hang: 4,
  }));
}

const labelCells = 8;

function factLines(request: ApprovalRequest, { sandbox, usdLimit }: CardFacts): readonly Line[] {
  const { why, risk, grade, decision, undo, spend, subject } = request;
  const facts: (readonly [string, string])[] = [];
  if (why) facts.push(["why", why]);
  if (decision) facts.push(["rule", ruleText(decision).replace(/^rule /, "")]);
  if (decision && decision.parts.length > 1) for (const row of effectRows(decision)) facts.push(["", rowText(row)]);
  if (risk && subject.of !== "plan") facts.push(["does", riskText(risk)]);
  const doubt = doubtText(request.confidence);
  if (doubt !== "") facts.push(["doubt", doubt]);
  if (grade) facts.push(["risk", grade === "critical" ? "critical; it is never remembered" : grade]);
  if (risk?.effects.includes("execute")) facts.push(["sandbox", confinement(request, sandbox)]);
  if (undo) facts.push(["undo", undo]);
  if (spend.requests > 0) facts.push(["so far", `${spendText(spend)}, of at most $${usdLimit.toFixed(2)}`]);
  return facts.map(([label, words]) => ({ ...line(1, ["quiet", label.padEnd(labelCells)], words), hang: labelCells }));
}

function confinement({ subject, risk }: ApprovalRequest, sandbox: CardFacts["sandbox"]): string {
  if (subject.of === "outside") return "off for this one run";
  if (!sandbox.active) return `off: ${sandbox.reason}`;
  return risk?.effects.includes("network") ? "on, with the network for this call" : "on, no network";
}

const verbs: Readonly<Record<Effect, string>> = {
  read: "reads",
  write: "changes files",
  delete: "deletes",
  execute: "runs code",
  network: "uses the network",
};

/** "changes files; can be undone". */
function riskText(risk: Risk): string {
  const effects = risk.effects.length > 0 ? risk.effects.map((effect) => verbs[effect]).join(", ") : "touches nothing outside the run";
  const hosts = risk.hosts && risk.hosts.length > 0 ? ` (${risk.hosts.join(", ")})` : "";
  return `${effects}${hosts}; ${risk.reversible ? "can be undone" : "cannot be undone"}`;
}
