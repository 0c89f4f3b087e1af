import { strict as assert } from "node:assert";
import { defaultLimits } from "../../../src/agent/event.ts";
import { resumeLimits } from "../../../src/agent/resume.ts";
import { emptyState } from "../../../src/agent/state.ts";
import { holdLimits } from "../../support/hold-limits.ts";
import { play, step } from "../../support/play.ts";

const loops = async (limits: { readonly calls: number }, events: Parameters<typeof play>[0]["events"] = []) => {
  const say = ({ purpose }: { readonly purpose: string }, turn: number) =>
    purpose === "plan" ? { answer: { steps: [step("a")] } } : ([["list_files", { depth: (turn % 9) + 1 }]] as const);
  return play({ say, limits, events, decide: holdLimits });
};

describe("the limits of a run that goes on", () => {
  it("are raised, where one was hit, by as much as was given at first", async () => {
    const first = await loops({ calls: 3 });
    assert.equal(first.state.fuse?.name, "calls");
    const raised = resumeLimits(first.state);
    assert.deepEqual(raised, { ...defaultLimits, calls: 6 });
    const second = await loops(raised ?? { calls: 0 }, first.events);
    assert.equal(second.state.fuse?.name, "calls");
    assert.equal(resumeLimits(second.state)?.calls, 9);
  });

  it("stay as they are where no limit was hit", async () => {
    const { state } = await play({ goal: "What is this?", say: () => "Nothing." });
    assert.equal(resumeLimits(state), undefined);
  });

  it("are what a person says, for the whole run", async () => {
    const { state } = await loops({ calls: 3 });
    assert.deepEqual(resumeLimits(state, { usd: 9, calls: 4 }), { ...defaultLimits, calls: 4, usd: 9 });
  });

  it("are none where nothing had begun", () => {
    assert.equal(resumeLimits(emptyState), undefined);
  });
});
