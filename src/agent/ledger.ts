// The ledger of a run: each obligation with the evidence for it, and the words in which the run ends. Pure folds of RunState.

import type { LedgerEntry, Outcome } from "./event.ts";
import { checkText } from "./check-text.ts";
import type { Proof, RunState, StepState } from "./state.ts";

/** Every step and criterion with its standing. Evidence older than the last write proves nothing. */
export function ledgerOf(state: RunState): readonly LedgerEntry[] {
  const steps = Object.values(state.steps).map((step) => stepEntry(step, state));
  const criteria = (state.run?.criteria ?? []).map((check, i) =>
    entry(`criterion ${i + 1}`, checkText(check), state.criteria[i], state.lastWrite),
  );
  return [...state.earlier, ...steps, ...criteria];
}

function stepEntry(step: StepState, state: RunState): LedgerEntry {
  const timeless = step.step.check.by === "citation" || step.step.check.by === "critic";
  const made = entry(step.step.id, step.step.goal, step.proof, timeless ? 0 : state.lastWrite);
  return step.status === "failed" ? { ...made, status: "failed" } : step.status === "verified" ? made : { ...made, status: "unverified" };
}

function entry(of: string, goal: string, proof: Proof | undefined, since: number): LedgerEntry {
  if (!proof) return { of, goal, status: "unverified" };
  const { evidence } = proof;
  const status = !evidence.pass ? "failed" : evidence.hollow || proof.seq < since ? "unverified" : "verified";
  return { of, goal, status, evidence };
}

/** The answer a person reads: the model's last words where the run is done, the reason where it is not. */
export function closingAnswer(state: RunState, outcome: Outcome): string {
  const words = lastWords(state);
  switch (outcome) {
    case "done":
      return words || "Done.";
    case "fuse":
      return `Stopped by the ${state.fuse?.name ?? ""} fuse. ${state.fuse?.diagnosis ?? ""}`;
    case "cancelled":
      return "Stopped by you; resuming goes on from here.";
    case "stopped":
      return `Stopped: something has to be approved, and nobody was there to ask. ${words}`.trim();
    case "failed":
    case "unproved": {
      const failed = Object.values(state.steps).filter((step) => step.status === "failed");
      const why = failed.map(
        (step) => `Step ${step.step.id} failed: ${(step.proof?.evidence.said ?? "its check did not pass").replace(/\.$/, "")}.`,
      );
      return [...why, words].join("\n").trim();
    }
  }
}

/** What the steps that no other step builds on said last. */
function lastWords(state: RunState): string {
  const steps = Object.values(state.steps);
  const needed = new Set(steps.flatMap((step) => step.step.needs));
  return steps
    .filter((step) => !needed.has(step.step.id))
    .map((step) => (step.turns.at(-1) ?? step.past.at(-1)?.turns.at(-1))?.text.trim() ?? "")
    .filter((text) => text !== "")
    .join("\n\n");
}
