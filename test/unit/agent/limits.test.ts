// A limit that was hit: the run pauses, asks to raise it, and goes on or stops as the person says.

import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../../src/agent/approval.ts";
import type { Limits } from "../../../src/agent/event.ts";
import { audit } from "../../../src/agent/observe/audit.ts";
import { replay } from "../../../src/agent/observe/replay.ts";
import { fail } from "../../../src/agent/result.ts";
import { hitLimit } from "../../../src/agent/limit.ts";
import { holdLimits } from "../../support/hold-limits.ts";
import { type Play, play, type Played } from "../../support/play.ts";

/** A run that needs seven turns, each costing 1 cent and 15 tokens. */
const long = (over: Partial<Play> & { readonly limits: Partial<Limits> }): Promise<Played> =>
  play({
    goal: "What is this?",
    files: { "a.txt": "1\n" },
    say: (_request, turn) => (turn < 6 ? [["search_text", { pattern: `p${turn}` }]] : "An answer."),
    ...over,
  });

const asked = (events: Played["events"]): readonly string[] =>
  events.flatMap((event) => (event.type === "approval.asked" && event.request.subject.of === "limit" ? [event.request.title] : []));

describe("a limit that was hit", () => {
  it("pauses the run, which goes on as soon as a person raises it", async () => {
    const { state, events } = await long({ limits: { usd: 0.03 } });
    assert.equal(state.ended?.outcome, "done");
    assert.deepEqual(asked(events), [
      "Raise the limit of this run from $0.03 to $0.06?",
      "Raise the limit of this run from $0.06 to $0.09?",
    ]);
    assert.equal(state.run?.limits.usd, 0.09);
    assert.equal(state.run?.given.usd, 0.03);
  });

  for (const [what, limits, title] of [
    ["tokens", { tokens: 60 }, "Raise the limit of this run from 60 tokens to 120 tokens?"],
    ["tool calls", { calls: 3 }, "Raise the limit of this run from 3 tool calls to 6 tool calls?"],
  ] as const) {
    it(`may be one of ${what}`, async () => {
      const { state, events } = await long({ limits });
      assert.equal(state.ended?.outcome, "done");
      assert.equal(asked(events)[0], title);
    });
  }

  it("stops the run with the fuse's diagnosis when the person says no, and nothing is asked of the model any more", async () => {
    const { state, events, requests } = await long({ limits: { usd: 0.03 }, decide: holdLimits });
    assert.equal(state.ended?.outcome, "fuse");
    assert.equal(state.fuse?.name, "usd");
    assert.equal(requests.length, 3);
    assert.equal(asked(events).length, 1);
  });

  it("stops the run when nobody is there to be asked", async () => {
    const absent = async (): Promise<Resolution> => ({ answer: "reject", why: "nobody is here", unattended: true });
    const { state } = await long({ limits: { usd: 0.03 }, decide: ({ subject }) => (subject.of === "limit" ? absent() : undefined) });
    assert.equal(state.ended?.outcome, "fuse");
  });

  it("waits for days if need be: the question survives the process, is put once more, and can then be answered", async () => {
    const first = await long({
      limits: { usd: 0.03 },
      decide: ({ subject }, signal) =>
        subject.of === "limit" ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))) : undefined,
      onEvent: (event, _run, stop) => void (event.type === "approval.asked" && setImmediate(() => stop.abort(new Error("killed")))),
    });
    assert.equal(first.state.waiting.length, 1);
    const seen: ApprovalRequest[] = [];
    const second = await long({
      limits: { usd: 0.03 },
      events: first.events,
      decide: (request) => {
        seen.push(request);
        return undefined;
      },
    });
    assert.equal(seen[0]?.digest, first.state.waiting[0]?.digest);
    assert.equal(second.state.ended?.outcome, "done");
  });

  it("is told in the audit, and the journal replays", async () => {
    const { events } = await long({ limits: { usd: 0.03 } });
    const said = audit(events).find((entry) => entry.kind === "approval" && entry.of.startsWith("limit"));
    assert.equal(said?.of, "limit of this run from $0.03 to $0.06");
    assert.deepEqual(replay(events).discrepancies, []);
  });

  it("raises to what the refused call may take where that is more than was given at first", async () => {
    let refused = 0;
    const { state, events } = await long({
      limits: { usd: 0.5, step: { usd: 0.1 } },
      say: (request) => {
        if (request.purpose === "act" && refused++ === 0)
          return { fault: fail("budget", "The budget of step 1 is $0.1.", { cap: { scope: "step", what: "usd", need: 0.42 } }).fault };
        return "An answer.";
      },
    });
    assert.equal(asked(events)[0], "Raise the limit of step answer from $0.10 to $0.52?");
    assert.equal(state.ended?.outcome, "done");
    assert.equal(state.run?.limits.step?.usd, 0.52);
  });

  it("is none for a model that fails for any other reason", async () => {
    const { state } = await long({ limits: {}, say: () => ({ fault: fail("unavailable", "gone").fault }) });
    assert.equal(hitLimit(state, state.at)?.raise, undefined);
    assert.equal(state.fuse?.name, "model");
  });
});
