// What waits for a person, as cards and in a few words. Pure.

import type { ApprovalRequest } from "../agent/approval.ts";
import { changeSetOf } from "../agent/change-set.ts";
import { findCall, type RunState } from "../agent/state.ts";
import { apartFrom, partsTold } from "./parts-told.ts";
import type { ApprovalItem, ChangeSetItem } from "./to-view.ts";

/** `step`: the one it belongs to; undefined where it is of the whole run. */
export function approvalItem(request: ApprovalRequest, step: string | undefined, state: RunState): ApprovalItem {
  const { decision, ...asked } = request;
  const { subject } = asked;
  const name = "call" in subject ? subject.call : (step ?? "run");
  const answers = (subject.of === "call" ? findCall(state, subject.call)?.call.hunks : undefined) ?? [];
  return {
    kind: "approval",
    id: `${subject.of}:${name}:${request.digest.slice(0, 12)}`,
    request: decision ? { ...asked, decision: apartFrom(decision) } : asked,
    ...(decision && asked.risk ? { parts: partsTold(decision, asked.risk) } : {}),
    step,
    purpose: purposeOf(step, state),
    critical: isCritical(request),
    answers,
    limitUsd: state.run?.limits.usd ?? 0,
  };
}

/** What it is for, where the question itself does not say. */
function purposeOf(step: string | undefined, state: RunState): string | undefined {
  const number = Object.keys(state.steps).indexOf(step ?? "") + 1;
  const goal = step === undefined ? undefined : state.steps[step]?.step.goal;
  return goal === undefined ? undefined : `Step ${number}: ${goal}`;
}

function isCritical({ risk, subject, grade }: ApprovalRequest): boolean {
  if (subject.of === "recovery" || subject.of === "outside") return true;
  // Questions of older journals have no grade.
  return grade === undefined ? risk !== undefined && !risk.reversible && risk.effects.includes("network") : grade === "critical";
}

/** What may be accepted as one: the changes of a turn, where several wait. */
export function changeSets(waiting: readonly ApprovalItem[], step: string): readonly ChangeSetItem[] {
  const sets = new Map<string, ApprovalItem[]>();
  for (const item of waiting) {
    const set = changeSetOf(item.request);
    if (set !== undefined) sets.set(set, [...(sets.get(set) ?? []), item]);
  }
  return [...sets].flatMap(([set, items]): ChangeSetItem[] => {
    if (items.length < 2) return [];
    const files = items.flatMap(({ request: { preview } }) => (preview?.kind === "diff" ? preview.files : []));
    const sum = (of: "added" | "removed"): number => files.reduce((total, file) => total + file[of], 0);
    const cards = items.map(({ id, request }) => ({ id, digest: request.digest }));
    return [{ kind: "set", id: `set:${set}`, step, cards, added: sum("added"), removed: sum("removed") }];
  });
}

/** "Plan waits for you", "2 changes wait for you"; empty where nothing does. */
export function waitsText(waiting: readonly ApprovalRequest[]): string {
  if (waiting.length === 0) return "";
  const kinds = new Set(waiting.map(kindOf));
  const kind = kinds.size === 1 ? [...kinds].join("") : "question";
  if (kind === "plan") return "Plan waits for you";
  const critical = waiting.filter(isCritical).length;
  const noun = critical === waiting.length ? `critical ${kind}` : kind;
  if (waiting.length === 1) return `1 ${noun} waits for you`;
  return `${waiting.length} ${noun}s wait for you${critical > 0 && critical < waiting.length ? `, ${critical} critical` : ""}`;
}

function kindOf({ subject, preview }: ApprovalRequest): string {
  if (subject.of !== "call") return subject.of === "outside" || subject.of === "recovery" ? "call" : subject.of;
  return preview?.kind === "diff" ? "change" : preview?.kind === "command" ? "command" : "call";
}
