import { strict as assert } from "node:assert";
import type { ApprovalRequest } from "../../../src/agent/approval.ts";
import { cardLines } from "../../../src/agent/observe/card.ts";
import { effectRows, rowText, stretches } from "../../../src/agent/effect-row.ts";
import { Decision } from "../../../src/agent/policy/rules.ts";
import { apartFrom, partsTold } from "../../../src/protocol/parts-told.ts";
import { imaginaryGround, judgeLine, rule, weighLine } from "../../support/policy.ts";

const line = "npx vitest > reports/junit.xml";
const policy = {
  guard: [],
  workspace: [],
  personal: [
    rule("test.run", "allow", { program: ["npx"], effect: ["execute"] }),
    rule("write.ask", "ask", { effect: ["write"] }),
    rule("net.deny", "deny", { effect: ["network"] }),
  ],
};
const ground = imaginaryGround({}, ["/workspace/reports/junit.xml"]);

describe("the rows of a decision", () => {
  it("say in the order of the line what is done to what, and which rule says what of it", async () => {
    const rows = effectRows(await judgeLine(line, { policy, ground }));
    assert.deepEqual(rows.map(rowText), [
      "executes npx vitest, rule test.run allows",
      "writes reports/junit.xml (new), rule write.ask asks",
    ]);
  });

  it("say so where no rule allows a part, and where a part is only a doubt", async () => {
    const rows = effectRows(await judgeLine("cat a ) (", { policy: { ...policy, personal: [] } })).map(rowText);
    assert.ok(rows.includes("reads a, no rule allows it"), rows.join("; "));
    assert.ok(rows.some((row) => row.startsWith("the shell grammar says")));
  });

  it("are told of journals that know no effect and no place", () => {
    const old = Decision.parse({
      verdict: "ask",
      list: "personal",
      reason: "r",
      parts: [{ part: "npx vitest", verdict: "ask", list: "personal", rule: "x", reason: "r" }],
    });
    assert.deepEqual(effectRows(old).map(rowText), ["npx vitest, rule x asks"]);
    assert.deepEqual(stretches(line, old), [{ text: line, verdict: undefined }]);
    assert.deepEqual(partsTold(old, { line, effects: ["execute"] }).untold, ["execute"]);
  });

  it("are the same in the terminal's card", async () => {
    const { decision, risk } = await weighLine(line, { policy, ground });
    const spend = { requests: 0, inputTokens: 0, outputTokens: 0, usd: 0, unpriced: 0 };
    const request: ApprovalRequest = { subject: { of: "call", call: "a" }, digest: "d", title: "Run?", risk, decision, spend };
    const card = JSON.stringify(cardLines(request, { sandbox: { active: true, reason: "" }, usdLimit: 1 }));
    for (const row of effectRows(decision)) assert.ok(card.includes(rowText(row)), rowText(row));
  });

  it("are, at first, no more than six, none of the others stricter; the others are counted", async () => {
    const many = "npx a > b; npx c > d; npx e > f; npx g > h; curl -s x.org";
    const { decision, risk } = await weighLine(many, { policy });
    const { rows, first, others } = partsTold(decision, risk);
    assert.deepEqual(
      first.map((index) => rows[index]).map((row) => row && rowText(row)),
      [
        "writes b, rule write.ask asks",
        "writes d, rule write.ask asks",
        "writes f, rule write.ask asks",
        "writes h, rule write.ask asks",
        "executes curl -s x.org, no rule allows it",
        "network x.org, rule net.deny denies",
      ],
    );
    assert.equal(others, "4 allowed");
  });

  it("go to the page smaller than the decision that they tell", async () => {
    const { decision, risk } = await weighLine(Array.from({ length: 100 }, (_, i) => `npx a${i} > b${i}`).join("; "));
    const told = JSON.stringify([apartFrom(decision), partsTold(decision, risk)]);
    assert.ok(told.length < JSON.stringify(decision).length, `${told.length} of ${JSON.stringify(decision).length}`);
  });
});
