import { strict as assert } from "node:assert";
import type { ApprovalRequest } from "../../../src/agent/approval.ts";
import { fold } from "../../../src/agent/reduce.ts";
import { approvalItem, waitsText } from "../../../src/protocol/approval-item.ts";
import { tellStory } from "../../support/tell-story.ts";

describe("what waits", () => {
  const spend = { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 };
  const question = (subject: ApprovalRequest["subject"], preview?: ApprovalRequest["preview"]): ApprovalRequest => ({
    subject,
    digest: "d",
    title: "?",
    spend,
    ...(preview ? { preview } : {}),
  });
  const change = question({ of: "call", call: "a.1.0.0" }, { kind: "diff", files: [] });
  const command = question({ of: "call", call: "a.1.0.1" }, { kind: "command", line: "ls", cwd: "." });
  const outside = question({ of: "outside", call: "a.1.0.2" });
  const cases: readonly (readonly [string, readonly ApprovalRequest[]])[] = [
    ["", []],
    ["Plan waits for you", [question({ of: "plan", revision: 0 })]],
    ["1 change waits for you", [change]],
    ["2 changes wait for you", [change, change]],
    ["1 command waits for you", [command]],
    ["1 critical call waits for you", [outside]],
    ["2 questions wait for you, 1 critical", [command, outside]],
    ["2 critical calls wait for you", [outside, outside]],
  ];
  for (const [text, waiting] of cases) it(`is told as ${JSON.stringify(text)}`, () => assert.equal(waitsText(waiting), text));

  it("says which step it is for", async () => {
    const { events } = await tellStory({});
    const at = events.findIndex((event) => event.type === "approval.asked" && event.request.tool === "run_command");
    const state = fold(events.slice(0, at + 1));
    const [request] = state.waiting;
    assert.ok(request);
    assert.equal(approvalItem(request, "mend", state).purpose, "Step 2: Make add() add");
    assert.equal(approvalItem(request, undefined, state).purpose, undefined);
  });
});
