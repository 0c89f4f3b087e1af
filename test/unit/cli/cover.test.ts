import { strict as assert } from "node:assert";
import type { ApprovalRequest, ApprovalSubject } from "../../../src/agent/approval.ts";
import type { Effect } from "../../../src/agent/tool/risk.ts";
import { absent, coveredBy, covers, type Level, levels } from "../../../src/cli/cover.ts";

const root = "/work/space";
const spend = { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 };

function request(
  effects: readonly Effect[],
  paths: readonly string[] = [],
  subject: ApprovalSubject = { of: "call", call: "a.1.0.0" },
): ApprovalRequest {
  return { subject, digest: "d", title: "?", risk: { effects: [...effects], paths: [...paths], reversible: true }, spend };
}

const coveringLevels = (one: ApprovalRequest): Level[] => levels.filter((level) => covers(level, one, root));

describe("what --approve covers", () => {
  it("covers reading, also outside the workspace, from reads on", () => {
    assert.deepEqual(coveringLevels(request(["read"], [".env"])), ["reads", "edits", "all"]);
    assert.deepEqual(coveringLevels(request(["read"], ["/etc/hosts"])), ["reads", "edits", "all"]);
  });

  it("covers changes inside the workspace from edits on", () => {
    assert.deepEqual(coveringLevels(request(["write"], ["src/a.js"])), ["edits", "all"]);
    assert.deepEqual(coveringLevels(request(["read", "delete"], [`${root}/a.js`])), ["edits", "all"]);
    assert.deepEqual(coveringLevels(request(["write"], ["..a/b.js"])), ["edits", "all"]);
  });

  it("leaves changes outside the workspace to all", () => {
    for (const path of ["../a.js", "..", "/etc/passwd", `${root}-2/a.js`, "/"])
      assert.deepEqual(coveringLevels(request(["write"], [path])), ["all"], path);
  });

  it("leaves commands and the network to all", () => {
    assert.deepEqual(coveringLevels(request(["execute"])), ["all"]);
    assert.deepEqual(coveringLevels(request(["read", "network"])), ["all"]);
  });

  it("covers a plan when all it could do is covered", () => {
    const subject = { of: "plan", revision: 1 } as const;
    assert.deepEqual(coveringLevels(request(["read", "write", "delete"], [], subject)), ["edits", "all"]);
    assert.deepEqual(coveringLevels(request(["write", "execute"], [], subject)), ["all"]);
  });

  it("never answers for a call whose ending is unknown", () => {
    assert.deepEqual(coveringLevels(request(["read"], [], { of: "recovery", call: "a.1.0.0" })), []);
  });

  it("never lets a command run outside the sandbox", () => {
    assert.deepEqual(coveringLevels(request(["execute", "network"], [], { of: "outside", call: "a.1.0.0" })), []);
  });

  it("leaves a question without a risk to all", () => {
    assert.deepEqual(coveringLevels({ subject: { of: "step", step: "a", attempt: 1 }, digest: "d", title: "?", spend }), ["all"]);
    assert.deepEqual(coveringLevels(request([], [], { of: "step", step: "a", attempt: 1 })), ["all"]);
  });

  it("approves what it covers by its digest, and puts the rest to the person behind", async () => {
    const signal = new AbortController().signal;
    const person = coveredBy("edits", root, absent);
    assert.deepEqual(await person.decide(request(["write"], ["a"]), signal), { answer: "approve", digest: "d", by: "policy" });
    const refused = await person.decide(request(["execute"]), signal);
    assert.ok(refused.answer === "reject" && refused.unattended);
    assert.equal((await person.answer("which?", [], signal)).ok, false);
  });
});
