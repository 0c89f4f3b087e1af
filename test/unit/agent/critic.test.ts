import { strict as assert } from "node:assert";
import { joined } from "../../../src/agent/critic.ts";
import { confidenceIn } from "../../../src/agent/confidence.ts";
import { play, type Played, step } from "../../support/play.ts";

const rubric = step("review", { role: "reviewer", check: { by: "critic", rubric: "It is kind." } });

/** A step proved by a critic whose opinions come one after the other. */
const judged = (
  ...opinions: readonly { readonly pass: boolean; readonly why: string; readonly confidence?: number }[]
): Promise<Played> => {
  let asked = 0;
  return play({
    limits: { attemptsPerStep: 1 },
    say: ({ purpose }) =>
      purpose === "plan"
        ? { answer: { steps: [rubric] } }
        : purpose === "judge"
          ? { answer: opinions[Math.min(asked++, opinions.length - 1)] }
          : "It is kind.",
  });
};
const judges = ({ requests }: Played) => requests.filter(({ purpose }) => purpose === "judge");
const evidence = ({ state }: Played) => state.steps["review"]?.proof?.evidence;

describe("a critic", () => {
  it("that is sure is taken alone, and its confidence is written down", async () => {
    const played = await judged({ pass: true, why: "Kind words.", confidence: 0.9 });
    assert.equal(judges(played).length, 1);
    assert.equal(evidence(played)?.confidence, 0.9);
    assert.equal(played.state.ended?.outcome, "done");
  });

  it("that says nothing of its confidence is taken at its word", async () => {
    const played = await judged({ pass: true, why: "Kind words." });
    assert.equal(judges(played).length, 1);
    assert.equal(evidence(played)?.confidence, undefined);
  });

  it("that doubts is followed by another, of a stronger model and never from a cache, and agreement makes surer", async () => {
    const played = await judged({ pass: true, why: "Perhaps.", confidence: 0.6 }, { pass: true, why: "Yes.", confidence: 0.8 });
    const [, second] = judges(played);
    assert.deepEqual([second?.fresh, second?.above], [true, 1]);
    assert.equal(evidence(played)?.confidence?.toFixed(2), "0.92");
    assert.equal(played.state.ended?.outcome, "done");
    assert.equal(played.state.spend.requests, 3);
  });

  it("that another contradicts proves nothing", async () => {
    const played = await judged({ pass: true, why: "Perhaps.", confidence: 0.6 }, { pass: false, why: "It is rude.", confidence: 0.9 });
    assert.equal(evidence(played)?.pass, false);
    assert.match(evidence(played)?.said ?? "", /Two judges disagree.*It is rude/);
    assert.equal(evidence(played)?.confidence, 0.3);
  });
});

describe("two opinions", () => {
  it("leave less certainty than either had where they differ, whichever is for it", () => {
    const yes = { pass: true, why: "a", confidence: 0.7 };
    const no = { pass: false, why: "b", confidence: 0.9 };
    assert.deepEqual(joined(yes, no), joined(no, yes));
  });
});

describe("confidence in a step", () => {
  it("is no more than what judges said of what it builds on", async () => {
    const { state } = await judged({ pass: true, why: "Kind.", confidence: 0.8 });
    const later = {
      ...(state.steps["review"] ?? assert.fail("no step")),
      step: step("next", { needs: ["review"] }),
      turns: [],
      attempt: 1,
    };
    assert.equal(confidenceIn(later, state.steps), 0.8);
    assert.equal(confidenceIn(later), undefined);
  });
});
