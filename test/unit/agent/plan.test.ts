import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Check, type Plan, parsePlan, type Step, validatePlan } from "../../../src/agent/plan.ts";

const here = { diagnostics: false };
const tests: Check = { by: "command", line: "npm test" };
const step = (id: string, needs: string[] = [], more: Partial<Step> = {}): Step => ({
  id,
  goal: `do ${id}`,
  role: "coder",
  needs,
  check: tests,
  ...more,
});
const fault = (plan: Plan): string => {
  const result = validatePlan(plan, here);
  return result.ok ? "" : result.fault.message;
};

describe("a plan", () => {
  it("is accepted when its steps depend on earlier and later ones without a circle", () => {
    assert.equal(fault({ goal: "g", steps: [step("a", ["b"]), step("b"), step("c", ["a", "b"])] }), "");
  });

  it("is refused without steps", () => assert.match(fault({ goal: "g", steps: [] }), /no steps/));
  it("is refused when two steps share an id", () =>
    assert.match(fault({ goal: "g", steps: [step("a"), step("a")] }), /Two steps have the id "a"/));
  it("is refused when a need is not a step", () => assert.match(fault({ goal: "g", steps: [step("a", ["z"])] }), /needs "z"/));
  it("names the circle when steps depend on each other", () => {
    assert.match(fault({ goal: "g", steps: [step("a", ["b"]), step("b", ["c"]), step("c", ["a"])] }), /a -> b -> c -> a/);
  });
  it("is refused when a step needs itself", () => assert.match(fault({ goal: "g", steps: [step("a", ["a"])] }), /a -> a/));
  it("is refused when only a critic would prove a writing step", () => {
    assert.match(fault({ goal: "g", steps: [step("a", [], { check: { by: "critic", rubric: "good" } })] }), /writes, so its check must be/);
  });
  it("is refused when a reading step's answer would prove a writing step", () => {
    assert.match(fault({ goal: "g", steps: [step("a", [], { check: { by: "citation" } })] }), /writes, so its check must be/);
  });
  it("is refused when its check needs an editor and none is here", () => {
    const plan = { goal: "g", steps: [step("a", [], { check: { by: "diagnostics", paths: ["a.ts"] } })] };
    assert.match(fault(plan), /no editor runs here/);
    assert.equal(validatePlan(plan, { diagnostics: true }).ok, true);
  });
  it("is refused when a content check is not a regular expression", () => {
    assert.match(
      fault({ goal: "g", steps: [step("a", [], { check: { by: "content", path: "a", matches: "(" } })] }),
      /not a regular expression/,
    );
  });
  it("is refused with the field that is wrong when it does not fit the schema", () => {
    const result = parsePlan({ goal: "g", steps: [{ id: "a b", goal: "x", role: "wizard", needs: [], check: tests }] }, here);
    assert.equal(result.ok, false);
    assert.match(result.ok ? "" : result.fault.message, /role/);
  });

  it("with edges only from later to earlier steps is always accepted, and one added back edge along a path never is", () => {
    const dag = fc
      .integer({ min: 2, max: 9 })
      .chain((n) => fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 20 }).map((edges) => ({ n, edges })));
    fc.assert(
      fc.property(dag, ({ n, edges }) => {
        const needs = Array.from({ length: n }, () => new Set<string>());
        for (const [a, b] of edges) if (a !== b) needs[Math.max(a, b)]?.add(`s${Math.min(a, b)}`);
        const steps = needs.map((set, i) => step(`s${i}`, [...set]));
        assert.equal(fault({ goal: "g", steps }), "");
        const last = steps.findLast((one) => one.needs.length > 0);
        if (!last) return;
        const target = last.needs[0];
        const circular = steps.map((one) => (one.id === target ? { ...one, needs: [...one.needs, last.id] } : one));
        assert.match(fault({ goal: "g", steps: circular }), /circle/);
      }),
    );
  });
});
