// A question of critical risk is told in a modal notice, once, because it may wait where nobody looks. It can be rejected there or looked
// at, never approved: that is for the card, which shows all of it and asks twice. Nothing else takes the focus.

import * as vscode from "vscode";
import type { ApprovalRequest } from "../agent/approval.ts";
import type { Decisions } from "./decisions.ts";
import type { WaitingRoom } from "./person.ts";

const look = { title: "Show It" };
const reject = { title: "Reject…" };
/** VS Code's own "Cancel" would not say what is cancelled: nothing is. */
const later = { title: "Decide Later", isCloseAffordance: true };

/** What to do whenever other questions wait. */
export function escalation(waiting: Pick<WaitingRoom, "waiting">, decisions: Pick<Decisions, "rejectWithReason">): () => Promise<void> {
  const told = new Set<string>();
  return async () => {
    for (const request of waiting.waiting) {
      if (request.grade !== "critical" || told.has(request.digest)) continue;
      told.add(request.digest);
      const chosen = await vscode.window.showWarningMessage(request.title, { modal: true, detail: detailOf(request) }, look, later, reject);
      // Escape decides nothing: it goes on waiting.
      if (chosen === look) await vscode.commands.executeCommand("proviso.focus");
      else if (chosen === reject) await decisions.rejectWithReason(request);
    }
  };
}

function detailOf({ preview, decision, risk, undo, deadline }: ApprovalRequest): string {
  const said = [
    preview?.kind === "command" ? preview.line : undefined,
    preview?.kind === "diff" ? preview.files.map(({ path }) => path).join(", ") : undefined,
    decision?.reason,
    risk && !risk.reversible ? (undo ?? "It cannot be undone.") : undefined,
    deadline === undefined ? undefined : `Without an answer it counts as rejected at ${new Date(deadline).toLocaleTimeString()}.`,
    "Critical risk. It is approved on its card alone, once you have read it.",
  ];
  return said.filter((one) => one !== undefined).join("\n\n");
}
