// The changes that one turn of the model wants and that wait together: what a person may look at and approve as one. Pure.

import type { ApprovalRequest } from "./approval.ts";

/** The turn a request is of, where it is a change of files that may be approved with others: "step.attempt.turn". */
export function changeSetOf({ subject, preview, grade }: ApprovalRequest): string | undefined {
  return subject.of === "call" && preview?.kind === "diff" && grade !== "critical"
    ? subject.call.split(".").slice(0, -1).join(".")
    : undefined;
}

/** All that wait in the change set of a request, it included; just it where there is none. */
export function companionsOf(request: ApprovalRequest, waiting: readonly ApprovalRequest[]): readonly ApprovalRequest[] {
  const set = changeSetOf(request);
  return set === undefined ? [request] : waiting.filter((other) => changeSetOf(other) === set);
}
