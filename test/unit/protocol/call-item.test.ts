import { strict as assert } from "node:assert";
import { fail } from "../../../src/agent/result.ts";
import type { CallState } from "../../../src/agent/state.ts";
import { callItem } from "../../../src/protocol/call-item.ts";

describe("a call as a row", () => {
  const diff = "--- a/a.txt\n+++ b/a.txt\n@@ -1,5 +1,6 @@\n-one\n+1\n two\n three\n-four\n+4\n+4 again\n five\n";
  const base: CallState = {
    call: "a.1.0.0",
    ref: "r",
    tool: "edit_file",
    args: "{}",
    judged: undefined,
    amended: undefined,
    asked: undefined,
    approved: undefined,
    hunks: undefined,
    begun: undefined,
    ended: undefined,
    outside: undefined,
  };
  const place = { step: "a", attempt: 1, past: false, driving: true, jobs: [] };
  const ended = (data: unknown, ms: number, text = ""): CallState["ended"] => ({
    outcome: { ok: true, observation: { text, data: data as never, trust: "workspace" } },
    changed: [],
    fingerprint: "f",
    error: undefined,
    seq: 1,
    ms,
  });
  const changed: CallState = {
    ...base,
    asked: {
      subject: { of: "call", call: base.call },
      digest: "d",
      title: "Change a.txt?",
      spend: { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 },
      preview: { kind: "diff", files: [{ path: "a.txt", diff, added: 3, removed: 2 }] },
    },
    ended: { ...(ended({}, 5) as NonNullable<CallState["ended"]>), changed: [{ path: "a.txt", shown: "a.txt", before: "b", after: "c" }] },
  };
  const factOf = (call: CallState): string => callItem(call, place).fact;

  it("tells how a command ended and how long it took", () => {
    const command = { ...base, tool: "run_command" };
    assert.equal(factOf({ ...command, ended: ended({ exit: 0, killedBy: null }, 1800) }), "exit 0, 1.8 s");
    assert.equal(factOf({ ...command, ended: ended({ exit: 1, killedBy: null }, 40) }), "exit 1, 40 ms");
  });

  it("that ran out of time is red and says when", () => {
    const item = callItem({ ...base, tool: "run_command", ended: ended({ exit: null, killedBy: "timeout" }, 120_000) }, place);
    assert.deepEqual([item.mood, item.fact], ["late", "timed out after 2 min 0 s"]);
  });

  it("that a person stopped is no failure", () => {
    const outcome = fail("unavailable", "run_command was stopped before it ended.", { stopped: true });
    const item = callItem({ ...base, ended: { ...(ended({}, 5) as NonNullable<CallState["ended"]>), outcome } }, place);
    assert.deepEqual([item.mood, item.fact], ["stopped", "stopped"]);
  });

  it("counts the lines of a change as they were taken", () => {
    assert.equal(factOf(changed), "+3 −2");
    const hunks: CallState["hunks"] = [
      { file: "a.txt", hunk: 0, decision: { is: "rejected", why: "" } },
      { file: "a.txt", hunk: 1, decision: { is: "accepted" } },
    ];
    assert.equal(factOf({ ...changed, hunks }), "+2 −1, you took 1 of 2");
  });

  it("counts the lines that a person made of a hunk", () => {
    const hunks: CallState["hunks"] = [{ file: "a.txt", hunk: 1, decision: { is: "changed", text: "4\n4\n4\n" } }];
    assert.equal(factOf({ ...changed, hunks }), "+4 −2");
  });

  it("says what a change was where nobody was shown its lines", () => {
    assert.equal(factOf({ ...changed, asked: undefined }), "changed");
  });

  it("counts what a search found, and in how many files", () => {
    const search = { ...base, tool: "search_text" };
    assert.equal(factOf({ ...search, ended: ended(undefined, 5, "a.ts:1: x\na.ts:4: x\nb.ts:1: x") }), "3 in 2 files");
    assert.equal(
      factOf({ ...search, ended: ended(undefined, 5, "a.ts:1: x\n[the first 1; there are more, narrow the search]") }),
      "1 or more in 1 file",
    );
    assert.equal(factOf({ ...search, ended: ended(undefined, 5, 'Nothing matches "x".') }), "nothing");
  });
});
