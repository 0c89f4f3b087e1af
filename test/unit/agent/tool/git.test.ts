import { strict as assert } from "node:assert";
import { git } from "../../../../src/agent/tool/git.ts";
import { judgeTool } from "../../../support/policy.ts";

describe("what the policy says of git verbs", () => {
  const verdict = async (input: unknown, more: object = {}): Promise<string> => {
    const decision = await judgeTool("git", git.risk(git.input.parse(input)), more);
    return `${decision.verdict} ${decision.rule}`;
  };

  it("lets looking pass, and asks before anything is recorded", async () => {
    for (const verb of ["status", "diff", "log", "branch"]) assert.equal(await verdict({ verb }), "allow default.read.inside");
    for (const input of [
      { verb: "add", paths: ["a"] },
      { verb: "commit", message: "m" },
      { verb: "branch", name: "b" },
      { verb: "switch", name: "b" },
    ]) {
      assert.equal(await verdict(input), "ask default.write");
      assert.match(await verdict(input, { mode: "read-only" }), /^deny/);
      assert.match(await verdict(input, { role: "tester" }), /^deny guard\.role\.tester/);
    }
    assert.equal(await verdict({ verb: "commit", message: "m" }, { mode: "autonomous" }), "ask default.write");
    assert.equal(await verdict({ verb: "diff", paths: [".env"] }), "ask default.secret");
    assert.equal(await verdict({ verb: "add", paths: [".env"] }), "ask default.secret");
    assert.match(await verdict({ verb: "add", paths: ["../x"] }), /^deny guard\.outside/);
  });

  it("holds rules about git commands against the tool too", async () => {
    const rules = { guard: [], workspace: [], personal: [] };
    const deny = {
      id: "no-switch",
      priority: 1,
      match: { program: ["git"], args: ["switch", "**"] },
      verdict: "deny" as const,
      why: "Stay.",
    };
    const allow = { id: "all", priority: 2, match: {}, verdict: "allow" as const, why: "Else." };
    assert.equal(await verdict({ verb: "switch", name: "b" }, { policy: { ...rules, personal: [deny, allow] } }), "deny no-switch");
    assert.equal(await verdict({ verb: "commit", message: "m" }, { policy: { ...rules, personal: [deny, allow] } }), "allow all");
  });
});
