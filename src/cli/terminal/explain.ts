// What stands behind a question, part by part, and what each key does. Pure.

import type { ApprovalRequest } from "../../agent/approval.ts";
import { effectRow, partsInOrder, rowText } from "../../agent/effect-row.ts";
import { type Line, line } from "../../agent/observe/line.ts";
import { ruleText } from "../../agent/observe/transcript.ts";

export function explainLines({ subject, decision, risk, digest, input }: ApprovalRequest): readonly Line[] {
  return [
    ...(decision ? [line(1, ["strong", "Why it asks"]), line(2, ruleText(decision))] : []),
    ...(decision ? partsInOrder(decision) : []).map((part) =>
      line(2, rowText(effectRow(part)), ["quiet", ` (${part.list}): ${part.reason}`]),
    ),
    ...(risk && risk.paths.length > 0 ? [line(1, ["strong", "Paths"]), ...risk.paths.map((path) => line(2, path))] : []),
    ...(input === undefined
      ? []
      : [
          line(1, ["strong", "Exactly this would be done"]),
          ...(JSON.stringify(input, null, 2) ?? "").split("\n").map((one) => line(2, one)),
        ]),
    line(1, ["strong", "Your answer"]),
    line(
      2,
      ["strong", "y"],
      subject.of === "plan"
        ? "  starts the plan; each change and command still asks on its own"
        : subject.of === "limit"
          ? "  goes on under the higher limit, which is then held just like the first"
          : "  lets exactly this happen, once; what is shown is what happens, or nothing does",
    ),
    line(2, ["strong", "n"], "  nothing happens; the agent hears your reason, word for word"),
    line(2, ["strong", "e"], "  your version takes its place and is judged anew"),
    line(2, ["quiet", `bound to ${digest.slice(0, 16)}; if a file changes meanwhile, the approval is void`]),
  ];
}
