// What rules may look at beside the call itself, as a whole run brings it before them.
import { strict as assert } from "node:assert";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import type { Match, Policy } from "../../../src/agent/policy/rules.ts";
import { type Play, play } from "../../support/play.ts";
import { rule } from "../../support/policy.ts";

/** Everything is allowed but what matches. */
const asking = (match: Match): Policy => ({
  ...shippedPolicy(),
  personal: [rule("gate", "ask", match, 1), rule("else", "allow", {}, 2)],
});

const writing = (policy: Policy, more: Partial<Play> = {}): Play => ({
  goal: "Fix it",
  test: "check",
  command: () => ({ exit: 0, output: "" }),
  files: { "a.ts": "aaaa" },
  say: (_request, turn) =>
    turn === 0
      ? [["edit_file", { path: "a.ts", blocks: [{ search: "aaaa", replace: "bb" }] }]]
      : turn === 1
        ? [["create_file", { path: "b.ts", text: "x".repeat(100) }]]
        : "Done.",
  policy,
  ...more,
});

const askedOf = async (script: Play): Promise<readonly string[]> =>
  (await play(script)).world.asked.flatMap(({ decision, risk }) => (decision?.rule === "gate" ? (risk?.paths ?? []) : []));

describe("a gate", () => {
  it("by size asks about what would write so much, and nothing less", async () => {
    assert.deepEqual(await askedOf(writing(asking({ bytesAtLeast: 100 }))), ["b.ts"]);
    assert.deepEqual(await askedOf(writing(asking({ bytesAtLeast: 2 }))), ["a.ts", "b.ts"]);
    assert.deepEqual(await askedOf(writing(asking({ bytesAtLeast: 101 }))), []);
  });

  it("by cost asks once the run has cost so much", async () => {
    // Each request costs a cent; the plan is a rule's own.
    assert.deepEqual(await askedOf(writing(asking({ usdAtLeast: 0.02 }))), ["b.ts"]);
    assert.deepEqual(await askedOf(writing(asking({ usdAtLeast: 0.03 }))), []);
  });

  it("by sensitive paths asks where it would touch one", async () => {
    assert.deepEqual(await askedOf(writing(asking({ path: ["b.*"], effect: ["write"] }))), ["b.ts"]);
  });

  it("by confidence asks once too much has failed, and not of a beginner", async () => {
    const failing =
      (tries: number): Play["say"] =>
      (_request, turn) =>
        turn < tries
          ? [["edit_file", { path: "a.ts", blocks: [{ search: `nowhere ${turn}`, replace: "" }] }]]
          : turn === tries
            ? [["create_file", { path: "b.ts", text: "b" }]]
            : "Done.";
    const gate = asking({ confidenceBelow: 0.4 });
    assert.deepEqual(await askedOf(writing(gate, { say: failing(0) })), []);
    assert.deepEqual(await askedOf(writing(gate, { say: failing(1) })), []);
    assert.deepEqual(await askedOf(writing(gate, { say: failing(2) })), ["b.ts"]);
  });

  it("by role and mode asks where they are as it says", async () => {
    assert.deepEqual(await askedOf(writing(asking({ role: ["coder"], mode: ["supervised"], effect: ["write"] }))), ["a.ts", "b.ts"]);
    assert.deepEqual(await askedOf(writing(asking({ role: ["tester"] }))), []);
    assert.deepEqual(await askedOf(writing(asking({ mode: ["autonomous"] }))), []);
  });
});

describe("the grade of a question", () => {
  it("is told with it, and is that of the call as it was judged", async () => {
    const { world, events } = await play(writing(shippedPolicy()));
    const grades = world.asked.flatMap(({ subject, grade }) => (subject.of === "call" ? [grade] : []));
    assert.deepEqual(grades, ["moderate", "moderate"]);
    assert.ok(events.every((event) => event.type !== "call.judged" || event.grade !== undefined));
  });

  it("is a step higher once the agent has failed too often", async () => {
    const { world } = await play(
      writing(shippedPolicy(), {
        say: (_request, turn) =>
          turn < 3
            ? [["read_file", { path: `missing-${turn}.ts` }]]
            : turn === 3
              ? [["create_file", { path: "b.ts", text: "b" }]]
              : "Done.",
      }),
    );
    assert.equal(world.asked.find(({ subject }) => subject.of === "call")?.grade, "high");
  });
});
