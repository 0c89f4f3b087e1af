import { strict as assert } from "node:assert";
import { findPoint, wayBack } from "../../../../src/agent/checkpoint.ts";
import { goingOn, moreWords, offersOf } from "../../../../src/agent/fuse/offer.ts";
import { planRestore, restoreFiles } from "../../../../src/agent/restore-run.ts";
import { Run } from "../../../../src/agent/engine.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import { fail } from "../../../../src/agent/result.ts";
import { emptyState } from "../../../../src/agent/state.ts";
import { standardCatalog } from "../../../../src/agent/tool/standard.ts";
import { holdLimits } from "../../../support/hold-limits.ts";
import { MemoryLog } from "../../../support/memory-log.ts";
import { type Play, play, type Said, step } from "../../../support/play.ts";

const edit = (search: string, replace: string): Said => [["edit_file", { path: "a.txt", blocks: [{ search, replace }] }]];

/** The first step changes a file and is proved; the second changes it again and then stands still. */
const stuck: Play = {
  files: { "a.txt": "n = 0\n\n\n\nend\n" },
  command: () => ({ exit: 0, output: "" }),
  limits: { idleTurns: 3 },
  say: ({ purpose, subject }, turn) => {
    if (purpose === "plan") return { answer: { steps: [step("one"), step("two", { needs: ["one"] })] } };
    if (subject.step?.id === "one") return turn === 0 ? edit("n = 0", "n = 1") : "Done.";
    return turn === 0 ? edit("n = 1", "n = 2") : [["list_files", { depth: turn }]];
  },
};

describe("the ways on after a fuse", () => {
  it("are four, each where it can be gone", async () => {
    assert.deepEqual(offersOf(emptyState), []);
    const { state } = await play(stuck);
    assert.deepEqual(offersOf(state), ["more", "replan", "rollBack", "handOver"]);
    const early = await play({ say: () => ({ fault: fail("unavailable", "It is gone.").fault }) });
    assert.deepEqual(offersOf(early.state), ["more", "handOver"]);
    assert.equal(moreWords(early.state), "the same request, once more");
  });

  it("lead on with as much again of what ran out, also where a new plan is wanted", async () => {
    const { state } = await play({ ...stuck, limits: { usd: 0.03 }, decide: holdLimits });
    assert.equal(state.fuse?.name, "usd");
    assert.equal(moreWords(state), "as planned, up to $0.06");
    assert.equal(goingOn(state, "more").limits?.usd, 0.06);
    assert.deepEqual(goingOn(state, "replan"), { ...goingOn(state, "more"), replan: true });
  });

  it("lead to a new plan even where no plan was left", async () => {
    const { state } = await play({ ...stuck, limits: { idleTurns: 3, plans: 1 } });
    assert.equal(goingOn(state, "more").limits, undefined);
    assert.equal(goingOn(state, "replan").limits?.plans, 2);
  });

  it("lead back to before the step that was stopped, or to the start, with the person's own lines kept", async () => {
    const { events, files, world } = await play(stuck);
    const point = wayBack(events);
    assert.equal(point?.point, "before step two");
    assert.deepEqual(findPoint(events, "fuse"), { ok: true, value: point });
    files.set("a.txt", "n = 2\n\n\n\nend\nmine\n");
    const log = new MemoryLog(events);
    const run = new Run({ world, tools: standardCatalog(), log, state: fold(events) });
    const signal = new AbortController().signal;
    if (!point) return assert.fail("there is no way back");
    const plan = await planRestore(world, events, point.to, () => "mine", signal);
    await restoreFiles(run, point, plan, signal);
    assert.equal(files.get("a.txt"), "n = 1\n\n\n\nend\nmine\n");
    assert.equal(run.state.undone, true);
    const again = await play({ ...stuck, events: log.events, files: Object.fromEntries(files) });
    assert.match(JSON.stringify(again.requests[0]?.messages), /I put files back as they were before step two: a\.txt/);
  });

  it("lead to the start where the fuse names no step, and nowhere where nothing was changed", async () => {
    const { events } = await play({ ...stuck, limits: { calls: 3 }, decide: holdLimits });
    assert.equal(wayBack(events)?.point, "at the start of the run");
    const idle = await play({
      ...stuck,
      say: ({ purpose }, turn) => (purpose === "plan" ? { answer: { steps: [step("a")] } } : [["list_files", { depth: turn + 1 }]]),
    });
    assert.equal(idle.state.fuse?.name, "idle");
    assert.equal(wayBack(idle.events), undefined);
  });
});
