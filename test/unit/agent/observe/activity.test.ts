import { strict as assert } from "node:assert";
import { defaultLimits, type EventBody } from "../../../../src/agent/event.ts";
import { activities } from "../../../../src/agent/observe/activity.ts";
import { fold } from "../../../../src/agent/reduce.ts";

describe("activities", () => {
  const bodies: readonly EventBody[] = [
    {
      type: "run.started",
      run: "r",
      goal: "g",
      criteria: [],
      workspace: "/w",
      model: "m",
      mode: "supervised",
      limits: defaultLimits,
      briefing: { entries: [] },
    },
    {
      type: "plan.made",
      by: "model",
      plan: { goal: "g", steps: [{ id: "only", goal: "g", role: "tester", needs: [], check: { by: "citation" } }] },
    },
    { type: "plan.settled", answer: "approved", by: "person" },
    {
      type: "model.replied",
      step: "only",
      attempt: 1,
      turn: 0,
      text: "",
      calls: [{ call: "only.1.0.0", ref: "a", tool: "run_command", args: '{"line":"make"}' }],
      model: "m",
      usage: { input: 1, output: 1 },
      finish: "calls",
    },
    {
      type: "call.judged",
      call: "only.1.0.0",
      input: { line: "make" },
      risk: { effects: ["execute"], paths: [], line: "make", reversible: false },
      decision: { verdict: "allow", list: "personal", reason: "It may.", parts: [] },
    },
    { type: "call.begun", call: "only.1.0.0", digest: "d", touches: [] },
  ];
  const stateAfter = (...more: readonly EventBody[]) =>
    fold([...bodies, ...more].map((body, i) => ({ v: 1 as const, seq: i + 1, at: (i + 1) * 1000, ...body })));

  it("tell a call that was begun just now by what it does, since it began", () => {
    const [activity] = activities([], stateAfter(), 9000);
    assert.equal(activity?.words, "run_command make");
    assert.equal(activity.since, bodies.length * 1000);
  });

  it("tell a call that a dead process had begun as one whose ending has to be found out", () => {
    const [activity] = activities([], stateAfter({ type: "run.resumed" }), 9000);
    assert.match(activity?.words ?? "", /^finding out how it ended: run_command make$/);
    assert.equal(activity?.since, 9000);
  });
});
