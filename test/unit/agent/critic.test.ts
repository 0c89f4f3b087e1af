import { strict as assert } from "node:assert";
import fc from "fast-check";
import { joined } from "../../../src/agent/critic.ts";
import { confidenceIn } from "../../../src/agent/confidence.ts";
import { cardLines } from "../../../src/agent/observe/card.ts";
import { transcript } from "../../../src/agent/observe/transcript.ts";
import { fail } from "../../../src/agent/result.ts";
import type { CallState, StepState } from "../../../src/agent/state.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import { rule } from "../../support/policy.ts";
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
const tellAll = ({ events }: Played): string =>
  transcript(events)
    .map(({ spans }) => spans.map(({ text }) => text).join(""))
    .join("\n");
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

  it("that still doubts with another one proves nothing, though both are for it", async () => {
    const played = await judged({ pass: true, why: "Perhaps.", confidence: 0.2 }, { pass: true, why: "Maybe.", confidence: 0.3 });
    assert.equal(evidence(played)?.pass, false);
    assert.match(evidence(played)?.said ?? "", /Two judges agree but doubt it too much.*Maybe\./);
    assert.equal(evidence(played)?.confidence?.toFixed(2), "0.44");
    assert.match(tellAll(played), /\(44 % sure\)/);
  });

  it("that another contradicts proves nothing", async () => {
    const played = await judged({ pass: true, why: "Perhaps.", confidence: 0.6 }, { pass: false, why: "It is rude.", confidence: 0.9 });
    assert.equal(evidence(played)?.pass, false);
    assert.match(evidence(played)?.said ?? "", /Two judges disagree.*It is rude/);
    assert.equal(evidence(played)?.confidence, 0.3);
  });
});

describe("two opinions", () => {
  const opinion = fc.record({ pass: fc.boolean(), why: fc.constant("so"), confidence: fc.double({ min: 0, max: 1, noNaN: true }) });

  it("prove something only where both are for it and together believe it more than they doubt it", () => {
    fc.assert(
      fc.property(opinion, opinion, (a, b) => {
        const { pass, confidence = 0 } = joined(a, b);
        assert.equal(pass, a.pass && b.pass && confidence >= 0.5);
        assert.equal(joined(b, a).pass, pass);
        assert.ok(confidence >= 0 && confidence <= 1);
        if (a.pass === b.pass) assert.ok(confidence >= Math.max(a.confidence, b.confidence) - 1e-9);
        else assert.ok(confidence <= Math.min(a.confidence, b.confidence));
      }),
    );
  });

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

  /** A step whose calls went so: worked, failed, or was refused. */
  const after = (attempt: number, went: readonly ("ok" | "failed" | "denied")[]): StepState => ({
    step: step("fix"),
    status: "open",
    attempt,
    forgiven: { attempts: 0, turns: 0 },
    turns: [{ seq: 1, text: "", finish: "calls", native: undefined, calls: went.map(called) }],
    summary: undefined,
    summarised: 0,
    past: [],
    proof: undefined,
    remedy: undefined,
  });
  const called = (went: "ok" | "failed" | "denied", i: number): CallState => ({
    call: `fix.1.0.${i}`,
    ref: "",
    tool: "t",
    args: "",
    judged: undefined,
    amended: undefined,
    asked: undefined,
    approved: undefined,
    hunks: undefined,
    begun: undefined,
    outside: undefined,
    ended: {
      outcome: went === "ok" ? ok2 : fail(went === "denied" ? "denied" : "broken", "No."),
      changed: [],
      fingerprint: "",
      error: undefined,
      seq: 1,
      ms: 0,
    },
  });
  const ok2 = { ok: true, observation: { text: "", trust: "workspace" } } as const;
  const course = fc.array(fc.constantFrom("ok" as const, "failed" as const, "denied" as const), { maxLength: 12 });

  it("lies between nothing and certain, falls with each failure and never with a success, and takes no notice of refusals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), course, (attempt, went) => {
        const now = confidenceIn(after(attempt, went));
        const known = now ?? 1;
        assert.ok(known > 0 && known <= 1);
        assert.ok((confidenceIn(after(attempt, [...went, "failed"])) ?? 1) <= known);
        assert.ok((confidenceIn(after(attempt, [...went, "ok"])) ?? 0) >= (now ?? 0));
        assert.equal(confidenceIn(after(attempt, [...went, "denied"])), now);
        assert.ok((confidenceIn(after(attempt + 1, went)) ?? 1) <= known);
      }),
    );
  });
});

/** A step that builds on one whose judges were so sure. */
const building = (confidence: number, more: Parameters<typeof play>[0]): Promise<Played> =>
  play({
    files: { "a.ts": "a\n" },
    command: () => ({ exit: 0, output: "" }),
    ...more,
    say: ({ purpose, subject }, turn) => {
      if (purpose === "plan") return { answer: { steps: [rubric, step("next", { needs: ["review"] })] } };
      if (purpose === "judge") return { answer: { pass: true, why: "So it seems.", confidence } };
      if (subject.step?.id === "review") return "It is kind.";
      return turn === 0 ? [["edit_file", { path: "a.ts", blocks: [{ search: "a", replace: "b" }] }]] : "Done.";
    },
  });
/** Two such judges together are just over half sure. */
const barely = 0.3;

describe("what judges were not sure of", () => {
  it("makes the steps that build on it ask for a stronger model, and others not", async () => {
    const above = async (confidence: number): Promise<readonly (number | undefined)[]> =>
      (await building(confidence, { say: () => "" })).requests.flatMap(({ purpose, subject, above: passed }) =>
        purpose === "act" && subject.step?.id === "next" ? [passed] : [],
      );
    assert.deepEqual(await above(0.9), [undefined, undefined]);
    // 51 % is no reason yet: only less than 40 % is, which judges alone cannot leave, because then they prove nothing.
    assert.deepEqual(await above(barely), [undefined, undefined]);
  });

  it("weighs on the gate: a rule may ask because of it, and the card says so", async () => {
    const policy = { ...shippedPolicy(), personal: [rule("gate", "ask", { confidenceBelow: 0.6 }, 1), rule("else", "allow", {}, 2)] };
    const asked = async (confidence: number) =>
      (await building(confidence, { say: () => "", policy })).world.asked.filter(({ decision }) => decision?.rule === "gate");
    assert.deepEqual(await asked(0.9), []);
    const [request] = await asked(barely);
    assert.equal(request?.confidence?.toFixed(2), "0.51");
  });
});

describe("a question about a call of an agent that failed too often", () => {
  it("says how sure one may be, and why it is louder", async () => {
    const { world, requests } = await play({
      goal: "Fix it",
      test: "check",
      files: { "a.ts": "a\n" },
      command: () => ({ exit: 0, output: "" }),
      say: (_request, turn) =>
        turn < 3 ? [["read_file", { path: `missing-${turn}.ts` }]] : turn === 3 ? [["create_file", { path: "b.ts", text: "b" }]] : "Done.",
    });
    const request = world.asked.find(({ subject }) => subject.of === "call") ?? assert.fail("nothing was asked");
    assert.equal(request.confidence, 0.25);
    assert.equal(request.grade, "high");
    const told = cardLines(request, { sandbox: { active: true, reason: "" }, usdLimit: 1 }).map(({ spans }) =>
      spans.map(({ text }) => text).join(""),
    );
    assert.ok(
      told.some((line) => /^doubt +25 % sure, by what failed in this step/.test(line)),
      told.join("\n"),
    );
    // Routing hears of it too: from the third failure on a stronger model is asked for.
    assert.deepEqual(
      requests.flatMap(({ purpose, above }) => (purpose === "act" ? [above] : [])),
      [undefined, undefined, 1, 1, undefined],
    );
  });
});
